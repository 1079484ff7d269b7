import { formatValue } from './format';
import { type IRegistryEvent } from './types';

/** One thing that an event changed; both are empty where it only tells a fact. */
export interface IChange {
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

// Details that hold what was before and what is now.
const MOVES: ReadonlySet<string> = new Set(['stage', 'moved', 'status']);
const MAX_TEXT = 160;

/** What an event changed: fields with their old and new value, then what else it tells. */
export function changesOf(event: IRegistryEvent): IChange[] {
  const { changes = {}, ...rest } = event.details as Record<string, unknown>;
  const moved = Object.entries(changes as object).map(([name, value]) => move(name, value));
  const told = Object.entries(rest).map(([name, value]) =>
    MOVES.has(name) ? move(name, value) : fact(name, value)
  );
  return [...moved, ...told].filter(change => change.before || change.after);
}

/** The words that the filter of a history looks into. */
export function eventText(event: IRegistryEvent): string {
  const changes = changesOf(event).flatMap(({ name, before, after }) => [name, before, after]);
  const words = [event.actor, event.action, event.version, event.deployment, ...changes];
  return words.join(' ').toLowerCase();
}

function move(name: string, value: unknown): IChange {
  if (!Array.isArray(value) || value.length !== 2) {
    return fact(name, value);
  }
  return { name, before: text(value[0]) || '–', after: text(value[1]) || '–' };
}

function fact(name: string, value: unknown): IChange {
  return { name, before: '', after: text(value) };
}

function text(value: unknown): string {
  if (value === null || value === undefined || value === '') {
    return '';
  }
  if (Array.isArray(value)) {
    return cut(
      value
        .map(text)
        .filter(one => one)
        .join(', ')
    );
  }
  if (typeof value === 'object') {
    const parts = Object.entries(value).map(([name, one]) => `${name} ${text(one)}`);
    return cut(parts.join(', '));
  }
  return cut(formatValue(value));
}

function cut(long: string): string {
  return long.length > MAX_TEXT ? `${long.slice(0, MAX_TEXT - 1)}…` : long;
}
