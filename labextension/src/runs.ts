import { type IRun } from './types';

/** What a run is called in charts: its name, with the beginning of its id where others have the name too. */
export function lineName(run: IRun, all: readonly IRun[]): string {
  const isAlone = all.filter(({ name }) => name === run.name).length < 2;
  return isAlone ? run.name : `${run.name} ${run.id.slice(0, 4)}`;
}

/** Milliseconds from the start of a run to its end, to `now` while it goes on. */
export function durationOf(run: IRun, now: number): number {
  const end = run.ended_at ? Date.parse(run.ended_at) : now;
  return Math.max(0, end - Date.parse(run.started_at));
}

/** The metrics that occur in any of `runs`, sorted. */
export function metricsOf(runs: readonly IRun[]): string[] {
  return namesOf(runs.map(run => run.metrics ?? {}));
}

/** The params that occur in any of `runs`, sorted. */
export function paramsOf(runs: readonly IRun[]): string[] {
  return namesOf(runs.map(run => run.params ?? {}));
}

function namesOf(records: readonly object[]): string[] {
  return [...new Set(records.flatMap(record => Object.keys(record)))].sort();
}
