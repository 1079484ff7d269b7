import { SEARCH_FIELDS, SEARCH_GROUPS, STATUSES, TASKS } from '../rules';

/** What completion knows beside the language: names and values that the registry has. */
export interface ISearchWords {
  readonly metrics: readonly string[];
  readonly params: readonly string[];
  readonly tags: readonly string[];
  readonly frameworks: readonly string[];
  readonly stages: readonly string[];
}

/** Words that may stand at a place; each replaces the text from `from` to the place. */
export interface ICompletion {
  readonly from: number;
  readonly words: readonly string[];
}

const LAST_WORD = /[^\s()=<>!,'"]*$/;
const SHOWN = 12;
const TEXT_OPERATORS = ['=', '!=', 'in (', 'like '];
const ORDER_OPERATORS = ['=', '!=', '<', '<=', '>', '>='];

/** What may be written at `place` of `text`. */
export function complete(text: string, place: number, known: ISearchWords): ICompletion {
  const before = text.slice(0, place);
  const word = LAST_WORD.exec(before)![0];
  const from = place - word.length;
  const head = before.slice(0, from).trimEnd();
  const begun = word.toLowerCase();
  const words = expected(head, known).filter(
    one => one.toLowerCase().startsWith(begun) && one.toLowerCase() !== begun
  );
  return { from, words: words.slice(0, SHOWN) };
}

/** The words that may come after `head`. */
function expected(head: string, known: ISearchWords): readonly string[] {
  const asked = /([\w.`]+)\s*(?:[=<>!]+|\blike|\bin\s*\((?:[^)]*,)?)$/i.exec(head);
  if (asked) {
    return valuesOf(asked[1]!.toLowerCase(), known);
  }
  const field = /(?:^|[\s(])([\w.`]+)$/.exec(head)?.[1]?.toLowerCase() ?? '';
  if (isField(field)) {
    return field.startsWith('metrics.') || ORDERED.has(field) ? ORDER_OPERATORS : TEXT_OPERATORS;
  }
  return isTermOver(head) ? ['and ', 'or '] : fieldNames(known);
}

const ORDERED = new Set(['version', 'sequence', 'size', 'created_at', 'updated_at']);

function isField(word: string): boolean {
  return (
    (SEARCH_FIELDS as readonly string[]).includes(word) ||
    SEARCH_GROUPS.some(group => word.startsWith(`${group}.`) && word.length > group.length + 1)
  );
}

/** Whether `head` ends with a value, so that only a connecting word may follow. */
function isTermOver(head: string): boolean {
  return /(?:[=<>!]+|\blike)\s*(?:'[^']*'|"[^"]*"|[^\s'"()]+)\)*$|\)$/i.test(head);
}

function fieldNames(known: ISearchWords): string[] {
  return [
    ...SEARCH_FIELDS,
    ...known.metrics.map(name => `metrics.${named(name)}`),
    ...known.params.map(name => `params.${named(name)}`),
    'evaluations.',
    'properties.',
    'not '
  ];
}

function named(name: string): string {
  return /^[^\W\d][\w/@:-]*$/.test(name) ? name : `\`${name}\``;
}

function valuesOf(field: string, known: ISearchWords): readonly string[] {
  const values: Readonly<Record<string, readonly string[]>> = {
    status: STATUSES,
    task: TASKS,
    stage: known.stages,
    tag: known.tags,
    framework: known.frameworks,
    public: ['true', 'false'],
    downloadable: ['true', 'false']
  };
  return (values[field] ?? []).map(value =>
    /^[\w-]+$/.test(value) ? value : `'${value.replace(/'/g, "''")}'`
  );
}
