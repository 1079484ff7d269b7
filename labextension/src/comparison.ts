import { formatDelta, formatNumber, formatSize, formatValue } from './format';
import { type IComparisonRow, type IComparisonTable } from './types';

export const GROUPS = [
  'metric',
  'evaluation',
  'param',
  'config',
  'signature',
  'label',
  'dataset',
  'cost',
  'environment',
  'code',
  'file',
  'fact'
] as const;

export type ComparisonGroup = (typeof GROUPS)[number];

// Numbers of which one is the best.
const SCORED: ReadonlySet<string> = new Set(['metric', 'evaluation', 'cost']);
const SIZES: ReadonlySet<string> = new Set([
  'fact size',
  'cost size_bytes',
  'cost peak_memory_bytes'
]);
const DIGEST = /^\w+:([0-9a-f]{12})[0-9a-f]+$/;

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
  /** How far the score may be off, as `±0.02`; empty where nobody knows. */
  readonly noise: string;
  /** Whether the difference lies within the noise of both scores. */
  readonly isChance: boolean;
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
    text: isSize(row) ? sizeText(value) : shortText(value),
    full: fullText(value),
    isBest: row.best.includes(position),
    delta: delta === null ? '' : deltaText(row, delta),
    trend: trendOf(delta ?? 0, row.lower_is_better),
    noise: noiseText(noiseOf(row, position)),
    isChance: isChance(delta, noiseOf(row, position), noiseOf(row, base))
  };
}

function noiseText(noise: number | null): string {
  return noise === null ? '' : `±${formatNumber(Number(noise.toPrecision(2)))}`;
}

function noiseOf(row: IComparisonRow, position: number): number | null {
  return row.noise?.[position] ?? null;
}

/** Whether a difference lies within the noise of the two scores it is between. */
function isChance(delta: number | null, noise: number | null, base: number | null): boolean {
  return (
    delta !== null && noise !== null && base !== null && Math.abs(delta) <= Math.hypot(noise, base)
  );
}

type Value = IComparisonRow['values'][number];

function deltaOf(row: IComparisonRow, value: Value, origin: Value): number | null {
  return SCORED.has(row.group) && typeof value === 'number' && typeof origin === 'number'
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

function shortText(value: Value): string {
  const digest = typeof value === 'string' ? DIGEST.exec(value) : null;
  return digest ? digest[1]! : formatValue(value);
}

/** Whether values are bytes; a parameter that is called `size` seldom is. */
function isSize({ group, name }: IComparisonRow): boolean {
  return SIZES.has(`${group} ${name}`);
}

function deltaText(row: IComparisonRow, delta: number): string {
  if (!isSize(row) || delta === 0) {
    return formatDelta(delta);
  }
  return `${delta > 0 ? '+' : '−'}${formatSize(Math.abs(delta))}`;
}

export function isGiven(value: Value): boolean {
  return value !== null && value !== undefined && value !== '';
}

function sizeText(value: Value): string {
  return typeof value === 'number' ? formatSize(value) : formatValue(value);
}

/** The rows with metrics and scores that at least two versions have. */
export function scoreRows(table: IComparisonTable): readonly IComparisonRow[] {
  return table.rows.filter(
    row =>
      (row.group === 'metric' || row.group === 'evaluation') &&
      row.values.filter(value => typeof value === 'number').length > 1
  );
}

export interface IScorePlace {
  readonly name: string;
  readonly version: string;
  readonly value: number;
  /** Where the value lies between the worst, 0, and the best, 1. */
  readonly share: number;
}

/** Every score of every version, placed between the worst and the best of its row. */
export function scorePlaces(table: IComparisonTable): IScorePlace[] {
  return scoreRows(table).flatMap(row => {
    const known = row.values.filter((value): value is number => typeof value === 'number');
    const [least, greatest] = [Math.min(...known), Math.max(...known)];
    return table.versions.flatMap((version, position) => {
      const value = row.values[position];
      if (typeof value !== 'number') {
        return [];
      }
      const share = greatest === least ? 1 : (value - least) / (greatest - least);
      return [{ name: row.name, version, value, share: row.lower_is_better ? 1 - share : share }];
    });
  });
}

/** The positions of the versions that are best or worst in something, and of the base. */
export function extremes(table: IComparisonTable, base: number): ReadonlySet<number> {
  const places = scorePlaces(table).filter(({ share }) => share === 0 || share === 1);
  return new Set([base, ...places.map(({ version }) => table.versions.indexOf(version))]);
}

/** The table for spreadsheets: a row a fact, a column a version. Source: RFC 4180. */
export function comparisonCsv(table: IComparisonTable): string {
  const rows = [
    ['group', 'name', ...table.versions],
    ...table.rows.map(row => [row.group, row.name, ...row.values.map(fullText)])
  ];
  return rows.map(row => `${row.map(csvField).join(',')}\r\n`).join('');
}

function csvField(text: string): string {
  // A spreadsheet takes what begins like this for a formula.
  const safe = /^[=+@\t\r]|^-(?![\d.])/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** The lines that give the same comparison in a notebook, as a DataFrame. */
export function comparisonCode({ versions, base }: IComparisonTable): string {
  const selectors = versions.map(selector => JSON.stringify(selector)).join(', ');
  const compare = `mm.connect().compare(${selectors}, base=${base})`;
  return `import jupyter_modelmgmt as mm\n\ncomparison = ${compare}\ncomparison.frame()\n`;
}
