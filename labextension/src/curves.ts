import { compareVersions } from './precedence';
import { type ISeries, type IVersionSummary } from './types';

/** The lines that one version or one run has in the charts, and what it is called there. */
export interface INamedCurves {
  readonly name: string;
  readonly series: readonly ISeries[];
}

export interface IPoint {
  readonly line: string;
  readonly x: number;
  readonly y: number;
}

/** One chart: all lines of one figure, over all that is laid over one another. */
export interface IFigure {
  readonly figure: string;
  readonly lines: readonly string[];
  readonly points: readonly IPoint[];
}

/** One chart per figure, one line per name and legend (D24); points without a value are left out. */
export function figuresOf(curves: readonly INamedCurves[]): IFigure[] {
  const figures = new Map<string, IPoint[]>();
  for (const { name, series } of curves) {
    for (const one of series) {
      const line = one.legend ? `${name} ${one.legend}` : name;
      const points = figures.get(one.figure) ?? [];
      points.push(...pointsOf(one, line));
      figures.set(one.figure, points);
    }
  }
  return [...figures]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([figure, points]) => ({
      figure,
      points,
      lines: [...new Set(points.map(point => point.line))]
    }));
}

function pointsOf(series: ISeries, line: string): IPoint[] {
  return series.x.flatMap((x, position) => {
    const y = series.y[position];
    return y === null || y === undefined ? [] : [{ line, x, y }];
  });
}

export interface IMetricPoint {
  readonly version: string;
  readonly value: number;
  readonly stage: string;
}

/** The names that a metric or a score on a golden dataset goes by: `accuracy`, `accuracy @ golden`. */
export function scoresOf(version: IVersionSummary): Record<string, number> {
  const scores: Record<string, number> = { ...version.metrics };
  for (const [dataset, metrics] of Object.entries(version.evaluations)) {
    for (const [name, value] of Object.entries(metrics)) {
      scores[`${name} @ ${dataset}`] = value;
    }
  }
  return scores;
}

export function scoreNames(versions: readonly IVersionSummary[]): string[] {
  return [...new Set(versions.flatMap(version => Object.keys(scoresOf(version))))].sort();
}

/** A score over the versions that have it, in the order of their numbers. */
export function scorePoints(versions: readonly IVersionSummary[], name: string): IMetricPoint[] {
  return versions
    .map(version => ({ version, value: scoresOf(version)[name] }))
    .filter((one): one is { version: IVersionSummary; value: number } => one.value !== undefined)
    .sort((a, b) => compareVersions(a.version.version, b.version.version))
    .map(({ version, value }) => ({ version: version.version, value, stage: version.stage }));
}
