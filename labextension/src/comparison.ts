import { formatDelta, formatSize, formatValue } from './format';
import { type IComparisonRow, type IComparisonTable } from './types';

export type ComparisonGroup = 'metric' | 'param' | 'config' | 'fact';

export const GROUPS: readonly ComparisonGroup[] = ['metric', 'param', 'config', 'fact'];

/** Whether a delta is good, bad or neither. */
export type Trend = 'better' | 'worse' | 'same';

export interface IComparedCell {
  readonly text: string;
  /** The full value, for the title. */
  readonly full: string;
  readonly isBest: boolean;
  /** The difference to the base version; empty for the base itself and for what is no metric. */
  readonly delta: string;
  readonly trend: Trend;
}

export interface IComparedGroup {
  readonly group: ComparisonGroup;
  readonly rows: readonly IComparisonRow[];
}

/** The rows of `table` by group, in the order of `GROUPS`; empty groups and rows are left out. */
export function comparedGroups(
  table: IComparisonTable,
  onlyDifferences: boolean
): readonly IComparedGroup[] {
  const isShown = (row: IComparisonRow) =>
    onlyDifferences ? row.differs : row.values.some(value => isGiven(value));
  return GROUPS.map(group => ({
    group,
    rows: table.rows.filter(row => row.group === group && isShown(row))
  })).filter(({ rows }) => rows.length > 0);
}

/** What the cell of version `position` shows in `row` when deltas refer to version `base`. */
export function comparedCell(row: IComparisonRow, position: number, base: number): IComparedCell {
  const value = row.values[position];
  const delta = position === base ? null : deltaOf(row, value, row.values[base]);
  return {
    text: row.group === 'fact' && row.name === 'size' ? sizeText(value) : formatValue(value),
    full: fullText(value),
    isBest: row.best.includes(position),
    delta: delta === null ? '' : formatDelta(delta),
    trend: trendOf(delta ?? 0, row.lower_is_better)
  };
}

type Value = IComparisonRow['values'][number];

function deltaOf(row: IComparisonRow, value: Value, origin: Value): number | null {
  const isMetric = row.group === 'metric';
  return isMetric && typeof value === 'number' && typeof origin === 'number'
    ? value - origin
    : null;
}

function fullText(value: Value): string {
  return isGiven(value) && typeof value === 'object' ? JSON.stringify(value) : String(value ?? '');
}

function trendOf(delta: number, lowerIsBetter: boolean): Trend {
  if (delta === 0) {
    return 'same';
  }
  return delta < 0 === lowerIsBetter ? 'better' : 'worse';
}

function isGiven(value: Value): boolean {
  return value !== null && value !== undefined && value !== '';
}

function sizeText(value: Value): string {
  return typeof value === 'number' ? formatSize(value) : formatValue(value);
}
