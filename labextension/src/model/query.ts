import { type IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { SEARCH_GROUPS } from '../rules';

/** What the search box and the filters beside it hold; an empty text leaves everything in. */
export interface IQuery {
  readonly text: string;
  readonly framework: string;
  readonly task: string;
  readonly tag: string;
  readonly stage: string;
}

/** What the server is asked for: words of names, or a search over versions. */
export interface INarrowing {
  readonly search: string;
  readonly filter: string;
}

export const NO_QUERY: IQuery = { text: '', framework: '', task: '', tag: '', stage: '' };

const FILTERS = ['framework', 'task', 'tag', 'stage'] as const;
const OPERATOR = /[=<>]|\s(in\s*\(|i?like\s)/i;
const GROUP = new RegExp(`(^|[\\s(])(${SEARCH_GROUPS.join('|')})\\.`, 'i');

/** Whether `text` is written in the search language and not just words of a name. */
export function isExpression(text: string): boolean {
  return OPERATOR.test(text) || GROUP.test(text);
}

export function narrowing(query: IQuery): INarrowing {
  const { text } = query;
  const terms = FILTERS.filter(field => query[field]).map(
    field => `${field} = ${quoted(query[field])}`
  );
  if (!isExpression(text)) {
    return { search: text.trim(), filter: terms.join(' and ') };
  }
  // The typed search comes first: the place that an error names is then a place in the box.
  const typed = terms.length ? `(${text})` : text;
  return { search: '', filter: [typed, ...terms].join(' and ') };
}

/** How many filters are set beside the text. */
export function filterCount(query: IQuery): number {
  return FILTERS.filter(field => query[field]).length;
}

/** Whether one of `texts` contains the words of `query`; a search over versions leaves all in. */
export function hasWords(query: IQuery, ...texts: readonly string[]): boolean {
  const words = query.text.trim().toLowerCase();
  return isExpression(words) || texts.some(text => text.toLowerCase().includes(words));
}

/** The place in the box that an error of the search names; null when it names none. */
export function errorPlace(message: string, query: IQuery): number | null {
  const found = / at character (\d+): /.exec(message);
  if (!found) {
    return null;
  }
  const place = Number(found[1]) - (filterCount(query) ? 1 : 0);
  return Math.max(0, Math.min(query.text.length, place));
}

/** The sentence of an error without the text around the place that it names. */
export function errorSentence(message: string): string {
  return message.replace(/,? at character \d+: [^]*$/, '').replace(/[;,]$/, '');
}

function quoted(text: string): string {
  return `'${text.replace(/'/g, "''")}'`;
}

/** The query of the sidebar; tells when it changed. */
export class Query implements IDisposable {
  get value(): IQuery {
    return this._value;
  }

  get changed(): ISignal<this, IQuery> {
    return this._changed;
  }

  set(changes: Partial<IQuery>): void {
    this._value = { ...this._value, ...changes };
    this._changed.emit(this._value);
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _value = NO_QUERY;
  private _changed = new Signal<this, IQuery>(this);
  private _isDisposed = false;
}
