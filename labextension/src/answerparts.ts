import { type IInference, type IPrediction } from './types';

export type Said = IPrediction | IInference;

/** The kind of the answer, then names and places. */
export type Path = readonly (string | number)[];

/** One thing that an answer says: a number, a text, or the name of what is neither. */
export interface IPart {
  readonly path: Path;
  readonly value: number | string;
  readonly isText: boolean;
}

/** What an answer says, by its path. */
export type Parts = ReadonlyMap<string, IPart>;

const DIGITS = 6;

/** Answers do not change, and are looked at again with each drawing. */
const known = new WeakMap<Said, Parts>();

/** All that an answer says: the best label first, names in their order. */
export function partsOf(said: Said): Parts {
  const parts = known.get(said) ?? read(said);
  known.set(said, parts);
  return parts;
}

function read(said: Said): Parts {
  const parts = isPrediction(said) ? predicted(said) : plainParts(named(said.outputs));
  return new Map(parts.map(part => [keyOf(part.path), part]));
}

function predicted({ mask, boxes, classes, ...plain }: IPrediction): IPart[] {
  if (mask) {
    return scored('mask', Object.entries(mask.share));
  }
  const [kind, found] = boxes ? ['boxes', boxes] : ['classes', classes];
  if (found) {
    return scored(
      kind,
      found.map(({ label, score }) => [label, score])
    );
  }
  const { text, value, vector, outputs } = plain;
  return plainParts(text ?? value ?? vector ?? named(outputs));
}

/** Each score with its label and its place among those of the label, the best first. */
function scored(kind: string, found: readonly (readonly [string, number])[]): IPart[] {
  const scores = new Map<string, number[]>();
  for (const [label, score] of found) {
    scores.set(label, [...(scores.get(label) ?? []), score].sort(descending));
  }
  return [...scores]
    .sort(([a, [x]], [b, [y]]) => descending(x!, y!) || (a < b ? -1 : 1))
    .flatMap(([label, all]) => all.map((score, place) => partOf([kind, label, place], score)));
}

/** The data of tensors by their names; anything else as it is. */
function named(outputs: unknown): unknown {
  const isTensors =
    Array.isArray(outputs) &&
    outputs.length > 0 &&
    outputs.every(one => isObject(one) && 'data' in one);
  return isTensors
    ? Object.fromEntries(outputs.map(({ name, data }) => [String(name ?? ''), data]))
    : outputs;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** All that is in lists and objects however deep; keys in their order. */
function plainParts(plain: unknown): IPart[] {
  const found: IPart[] = [];
  const left: [Path, unknown][] = plain === null || plain === undefined ? [] : [[[''], plain]];
  for (let next = left.pop(); next; next = left.pop()) {
    const [path, value] = next;
    const inner = innerOf(value);
    if (!inner.length) {
      found.push(partOf(path, value));
    }
    for (const [step, one] of inner.reverse()) {
      left.push([[...path, step], one]);
    }
  }
  return found;
}

function innerOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) {
    return value.map((one, place) => [place, one]);
  }
  return isObject(value)
    ? Object.keys(value)
        .sort()
        .map(key => [key, value[key]])
    : [];
}

function partOf(path: Path, value: unknown): IPart {
  if (typeof value === 'string') {
    return { path, value, isText: true };
  }
  const isFinite = Number.isFinite(value);
  const shown = isFinite
    ? Number(value)
    : typeof value === 'number'
      ? String(value)
      : JSON.stringify(value);
  return { path, value: shown, isText: false };
}

/** The same in JSON, numbers rounded. */
export function wordOf({ value, isText }: IPart): string {
  if (isText) {
    return JSON.stringify(value);
  }
  return typeof value === 'string' ? value : numberWord(value);
}

/** A number to six digits, but never without its whole part. */
function numberWord(value: number): string {
  const whole = String(Math.trunc(Math.abs(value))).length;
  return String(
    Number.isInteger(value) ? value : Number(value.toPrecision(Math.max(DIGITS, whole)))
  );
}

export function keyOf(path: Path): string {
  return JSON.stringify(path);
}

/** The paths below which some answer has more than one place. */
export function severalOf(parts: readonly IPart[]): ReadonlySet<string> {
  const seconds = parts.filter(({ path }) => path.includes(1));
  return new Set(
    seconds.flatMap(({ path }) =>
      path.flatMap((step, depth) => (step === 1 ? [keyOf(path.slice(0, depth))] : []))
    )
  );
}

/** What people call a path: `probability[3]`, a place that is alone by the name before it. */
export function nameOf(path: Path, several: ReadonlySet<string>): string {
  const isAlone = path.at(-1) === 0 && !several.has(keyOf(path.slice(0, -1)));
  const steps = path.slice(1, isAlone ? -1 : undefined);
  const told = steps.map(step => (typeof step === 'number' ? `[${step}]` : `.${step}`)).join('');
  return told.replace(/^\./, '') || 'answer';
}

export function isPrediction(said: Said): said is IPrediction {
  return 'task' in said;
}

export function descending(a: number, b: number): number {
  return a === b ? 0 : b > a ? 1 : -1;
}
