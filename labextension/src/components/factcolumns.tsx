import { type ColumnDef, createColumnHelper, type Row } from '@tanstack/react-table';
import React from 'react';

import { formatNumber, formatValue } from '../format';
import { bestValue } from '../rules';
import { type ITranslate } from './props';

const METRIC = 'metric:';
const EVALUATION = 'evaluation:';
const PARAM = 'param:';

/** Whether a column has scores: numbers, of which one may be the best. */
export function isScore(column: string): boolean {
  return column.startsWith(METRIC) || column.startsWith(EVALUATION);
}

export function isParam(column: string): boolean {
  return column.startsWith(PARAM);
}

/** The title of the group that a column is chosen in; "" for what all have. */
export function groupOf(column: string, trans: ITranslate): string {
  if (column.startsWith(METRIC)) {
    return trans.__('Metrics');
  }
  if (column.startsWith(EVALUATION)) {
    return trans.__('Evaluations');
  }
  return isParam(column) ? trans.__('Parameters') : '';
}

/** What a search calls the column of a metric, an evaluation or a param; null for any other. */
export function factField(column: string): string | null {
  if (column.startsWith(EVALUATION)) {
    const names: readonly string[] = JSON.parse(column.slice(EVALUATION.length));
    return ['evaluations', ...names.map(quoted)].join('.');
  }
  for (const [prefix, group] of [
    [METRIC, 'metrics'],
    [PARAM, 'params']
  ] as const) {
    if (column.startsWith(prefix)) {
      return `${group}.${quoted(column.slice(prefix.length))}`;
    }
  }
  return null;
}

function quoted(name: string): string {
  return `"${name.replace(/"/g, '""')}"`;
}

/** The metric `name` of each row, the best marked. */
export function metricColumn<T>(
  name: string,
  rows: readonly T[],
  read: (row: T) => number | undefined
): ColumnDef<T> {
  return scoreColumn(METRIC + name, name, name, rows, read);
}

/** The metric `name` of each row on a golden dataset, the best marked. */
export function evaluationColumn<T>(
  dataset: string,
  name: string,
  rows: readonly T[],
  read: (row: T) => number | undefined
): ColumnDef<T> {
  const id = EVALUATION + JSON.stringify([dataset, name]);
  return scoreColumn(id, `${name} @ ${dataset}`, name, rows, read);
}

function scoreColumn<T>(
  id: string,
  header: string,
  name: string,
  rows: readonly T[],
  read: (row: T) => number | undefined
): ColumnDef<T> {
  const best = bestValue(name, rows.map(read));
  return createColumnHelper<T>().accessor(read, {
    id,
    header,
    sortUndefined: 'last',
    cell: ({ getValue }) => <MetricCell value={getValue()} best={best} />
  }) as ColumnDef<T>;
}

export function paramColumn<T>(name: string, read: (row: T) => unknown): ColumnDef<T> {
  const id = PARAM + name;
  return createColumnHelper<T>().accessor(read, {
    id,
    header: name,
    sortUndefined: 'last',
    sortingFn: (a: Row<T>, b: Row<T>) => byValue(a.getValue(id), b.getValue(id)),
    cell: ({ getValue }) => <span className="jp-modelmgmt-code">{formatValue(getValue())}</span>
  }) as ColumnDef<T>;
}

/** Numbers by their size, then texts in their order. */
function byValue(one: unknown, other: unknown): number {
  if (typeof one === 'number' && typeof other === 'number') {
    return one - other;
  }
  const numbers = Number(typeof other === 'number') - Number(typeof one === 'number');
  return numbers || String(one).localeCompare(String(other));
}

/** A metric; the best of its column is marked. */
export function MetricCell(props: {
  readonly value: number | undefined;
  readonly best: number | undefined;
}): JSX.Element {
  const { value, best } = props;
  if (value === undefined) {
    return <span className="jp-modelmgmt-muted">–</span>;
  }
  return (
    <span className="jp-modelmgmt-Metric" data-best={value === best} title={String(value)}>
      {formatNumber(value)}
    </span>
  );
}
