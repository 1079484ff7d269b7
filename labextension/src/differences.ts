/**
 * Answers to the same input, side by side: whether they agree and where they differ (N4).
 *
 * The rule stands in `domain/side_by_side.py`; `tests/domain/side_by_side.json` holds both to it.
 */

import {
  type IPart,
  type Parts,
  type Said,
  descending,
  isPrediction,
  keyOf,
  nameOf,
  partsOf,
  severalOf,
  wordOf
} from './answerparts';

/** What each answer says of `name`, a label or a place; null where it says nothing. */
export interface IAnswerDifference {
  readonly name: string;
  /** A text beside something else is in quotes. */
  readonly values: readonly (number | string | null)[];
  /** The greatest distance between two numbers, what is missing counting as zero; null for texts. */
  readonly spread: number | null;
}

/** More differences are not read; the greatest come first. */
const MOST = 8;
/** More values are not shown in a word. */
const SHOWN = 12;
const NONE = '–';

/** Whether all say the same; null while one says nothing, and for less than two. */
export function agree(answers: readonly (Said | null)[]): boolean | null {
  const said = answers.filter(isSaid).map(partsOf);
  if (said.length < answers.length || said.length < 2) {
    return null;
  }
  const all = said.flatMap(parts => [...parts.values()]);
  const kinds = [...new Set(all.map(({ path }) => path[0]))];
  if (kinds.length === 1 && kinds[0] === 'boxes') {
    return differing(said).every(key => said.every(parts => parts.has(key)));
  }
  if (kinds.length === 1 && kinds[0] !== '') {
    const [first, ...others] = said.map(bestLabels);
    return [...first!].some(label => others.every(best => best.has(label)));
  }
  const isLabelled = all.some(isLabel);
  const found = new Map(said.flatMap(parts => [...parts]));
  return !differing(said).some(key => !isLabelled || isLabel(found.get(key)!));
}

/** What an answer says in a word. */
export function inShort(said: Said): string {
  const parts = [...partsOf(said).values()];
  if (isPrediction(said) && (said.boxes || said.classes || said.mask)) {
    const labels = parts.map(({ path }) => String(path[1]));
    const counted = [...new Set(labels)]
      .sort()
      .map(label => `${label} × ${labels.filter(one => one === label).length}`);
    return (said.boxes ? counted.join(', ') : labels[0]) || NONE;
  }
  const named = parts.filter(isLabel);
  const shown = named.length ? named : parts;
  const several = severalOf(shown);
  const names = shown.map(({ path }) => keyOf(path.filter(step => typeof step === 'string')));
  const isOne = new Set(names).size === 1;
  const words = shown
    .slice(0, SHOWN)
    .map(part => (isOne ? plainly(part) : `${nameOf(part.path, several)}: ${plainly(part)}`));
  return [...words, ...(shown.length > SHOWN ? [`… (${shown.length})`] : [])].join(', ') || NONE;
}

/** Where answers to the same input differ, the greatest difference first; who gave none has no say. */
export function answerDifferences(answers: readonly (Said | null)[]): readonly IAnswerDifference[] {
  const asked = answers.map(said => said && partsOf(said));
  const given = asked.filter(isSaid);
  const found = new Map(given.flatMap(parts => [...parts]));
  const several = severalOf([...found.values()]);
  return differing(given)
    .map(key => difference(key, nameOf(found.get(key)!.path, several), asked))
    .sort((a, b) => descending(a.spread ?? Infinity, b.spread ?? Infinity))
    .slice(0, MOST);
}

function isSaid<T>(said: T | null): said is T {
  return said !== null;
}

function differing(said: readonly Parts[]): string[] {
  const keys = new Set(said.flatMap(parts => [...parts.keys()]));
  return [...keys].filter(key => !isSame(said.map(parts => parts.get(key) ?? null)));
}

function isSame(parts: readonly (IPart | null)[]): boolean {
  const numbers = parts.flatMap(part => (typeof part?.value === 'number' ? [part.value] : []));
  if (numbers.length < parts.length) {
    return !parts.includes(null) && new Set(parts.map(part => wordOf(part!))).size === 1;
  }
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return numbers.every(Number.isInteger) ? low === high : high - low <= noise(high, low);
}

/** How far two numbers may be apart that are the same, as numpy's `allclose` has it. */
function noise(one: number, other: number): number {
  return Math.max(1e-5 * Math.max(Math.abs(one), Math.abs(other)), 1e-8);
}

function difference(
  key: string,
  name: string,
  asked: readonly (Parts | null)[]
): IAnswerDifference {
  const parts = asked.map(said => said?.get(key) ?? null);
  const isMixed = new Set(parts.filter(isSaid).map(({ isText }) => isText)).size > 1;
  const values = parts.map(part => part && (isMixed && part.isText ? wordOf(part) : part.value));
  if (values.some(value => typeof value === 'string')) {
    return { name, values, spread: null };
  }
  const numbers = values.filter((_, place) => asked[place]).map(value => Number(value ?? 0));
  return { name, values, spread: Math.max(...numbers) - Math.min(...numbers) };
}

/** The labels with the best score: several where no two answers could tell them apart. */
function bestLabels(parts: Parts): ReadonlySet<string> {
  const found = [...parts.values()].map(({ path, value }) => ({
    label: String(path[1]),
    score: Number(value)
  }));
  const top = Math.max(0, ...found.map(({ score }) => score));
  const best = found.filter(({ score }) => top - score <= 3 * noise(top, 0));
  return new Set(best.map(({ label }) => label));
}

function isLabel({ path }: IPart): boolean {
  return path[0] === '' && path[1] === 'label';
}

function plainly(part: IPart): string {
  return part.isText ? String(part.value) : wordOf(part);
}
