import { comparedGroups, type IComparedGroup, isGiven } from './comparison';
import { type IComparisonRow, type IComparisonTable } from './types';

/** By which row versions are ordered. */
export interface IGridSort {
  readonly row: string;
  readonly descending: boolean;
}

/** One line of the grid: the head of a group, or a row. */
export type GridLine =
  | { readonly kind: 'group'; readonly group: IComparedGroup; readonly isOpen: boolean }
  | { readonly kind: 'row'; readonly row: IComparisonRow };

/** Names a row; two groups may have rows of one name. */
export function rowKey({ group, name }: IComparisonRow): string {
  return `${group} ${name}`;
}

/** The lines that are shown: rows whose name has all words of `filter`, below the heads of their groups. */
export function gridLines(
  table: IComparisonTable,
  options: {
    readonly filter: string;
    readonly onlyDifferences: boolean;
    readonly folded: ReadonlySet<string>;
  }
): GridLine[] {
  const words = options.filter.toLowerCase().split(/\s+/).filter(Boolean);
  return comparedGroups(table, options.onlyDifferences).flatMap(({ group, rows }) => {
    const kept = rows.filter(row => words.every(word => row.name.toLowerCase().includes(word)));
    if (!kept.length) {
      return [];
    }
    const isOpen = !options.folded.has(group);
    const head: GridLine = { kind: 'group', group: { group, rows: kept }, isOpen };
    return [head, ...(isOpen ? kept.map(row => ({ kind: 'row' as const, row })) : [])];
  });
}

/** The positions of `versions` in the order of a row's values; what has none comes last, the base first. */
export function gridOrder(
  table: IComparisonTable,
  versions: readonly number[],
  base: number,
  sort: IGridSort | null
): number[] {
  const row = sort && table.rows.find(row => rowKey(row) === sort.row);
  const others = versions.filter(position => position !== base);
  if (row) {
    const sign = sort.descending ? -1 : 1;
    others.sort((a, b) => {
      const [left, right] = [row.values[a], row.values[b]];
      const [hasLeft, hasRight] = [isGiven(left), isGiven(right)];
      return hasLeft && hasRight ? sign * byValue(left, right) : Number(hasRight) - Number(hasLeft);
    });
  }
  return versions.includes(base) ? [base, ...others] : others;
}

function byValue(left: unknown, right: unknown): number {
  return typeof left === 'number' && typeof right === 'number'
    ? left - right
    : String(left).localeCompare(String(right), undefined, { numeric: true });
}

/** What a click on a row's name does: the best first, then the other way round, then as they came. */
export function nextSort(row: IComparisonRow, sort: IGridSort | null): IGridSort | null {
  const key = rowKey(row);
  const first = !row.lower_is_better && typeof row.values.find(isGiven) === 'number';
  if (sort?.row !== key) {
    return { row: key, descending: first };
  }
  return sort.descending === first ? { row: key, descending: !first } : null;
}

/** The same table with some of its versions, in this order. */
export function withVersions(
  table: IComparisonTable,
  positions: readonly number[]
): IComparisonTable {
  return {
    ...table,
    base: Math.max(0, positions.indexOf(table.base)),
    versions: positions.map(position => table.versions[position]!),
    rows: table.rows.map(row => ({
      ...row,
      values: positions.map(position => row.values[position] ?? null),
      deltas: row.deltas.length ? positions.map(position => row.deltas[position] ?? null) : [],
      best: row.best.map(best => positions.indexOf(best)).filter(best => best >= 0)
    }))
  };
}
