import { type Outcome } from './model/trial';
import { type IKeptTest, type IKeptTests } from './types';

/** The server tells of no more versions. */
const TOLD_VERSIONS = 500;

/** An answer as a kept test expects it, and the version that gave it. */
export interface IExpected {
  readonly kind: 'image' | 'tensors';
  readonly version: string;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** What is kept of an answer; null while there is none, or where no registered version gave it. */
export function expectedOf(outcome: Outcome): IExpected | null {
  if (outcome.kind === 'ready' && isNumber(outcome.prediction.version)) {
    const { prediction } = outcome;
    return { kind: 'image', version: prediction.version, answer: { ...prediction } };
  }
  if (outcome.kind === 'inferred' && isNumber(outcome.inference.model_version)) {
    const { model_version: version, outputs } = outcome.inference;
    const answer = { outputs, latency_ms: outcome.roundTripMs };
    return { kind: 'tensors', version, answer };
  }
  return null;
}

/** Whether a version is told, and not that an object which is no version answered. */
function isNumber(version: string): boolean {
  return /^\d/.test(version);
}

/** The media type of an input, as the server takes it. */
export function mediaOf({ type }: File): string {
  return type === 'application/json' || type.startsWith('image/') ? type : 'image/*';
}

/** The name that is proposed for a test: that of the file, or a number that is free. */
export function proposedName(input: File | null, tests: readonly IKeptTest[]): string {
  const taken = new Set(tests.map(({ name }) => name.toLowerCase()));
  const base = input ? input.name.replace(/[/\\]/g, ' ').slice(0, 70) : 'test';
  const first = input ? base : `${base} 1`;
  for (let n = 1; ; n++) {
    const name = n === 1 ? first : `${base} ${n}`;
    if (!taken.has(name.toLowerCase())) {
      return name;
    }
  }
}

/** How a version stands: `state` is `same` where it passed all, `failed` where it failed one, `unrun` else. */
export interface IStanding {
  readonly passed: number;
  readonly failed: number;
  readonly total: number;
  readonly state: 'same' | 'failed' | 'unrun';
}

/** How `version` stands with the kept tests; null where nothing is kept, and where the server did not tell of it. */
export function standingOf(tests: IKeptTests | undefined, version: string): IStanding | null {
  const total = tests?.items.length ?? 0;
  if (!tests || !total) {
    return null;
  }
  const found = tests.tallies.find(tally => tally.version === version);
  if (!found && tests.tallies.length >= TOLD_VERSIONS) {
    return null;
  }
  const { passed, failed } = found ?? { passed: 0, failed: 0 };
  return { passed, failed, total, state: failed ? 'failed' : passed === total ? 'same' : 'unrun' };
}
