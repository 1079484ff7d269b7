import { Time } from '@jupyterlab/coreutils';
import { type ColumnDef, createColumnHelper } from '@tanstack/react-table';
import React from 'react';

import { formatSize } from '../format';
import { compareVersions } from '../precedence';
import { standingOf } from '../kept';
import { type IKeptTests, type IVersionSummary } from '../types';
import { DeploymentBadge, StageBadge, StatusBadge } from './badges';
import {
  evaluationColumn,
  factField,
  isParam,
  isScore,
  metricColumn,
  paramColumn
} from './factcolumns';
import { TestsBadge } from './kept/badge';
import { type ITranslate } from './props';

const column = createColumnHelper<IVersionSummary>();

/** What a search calls a column, if the server sorts by it. */
export function sortField(column: string): string | null {
  return factField(column) ?? (SORTED.has(column) ? column : null);
}

const SORTED: ReadonlySet<string> = new Set([
  'version',
  'stage',
  'created_at',
  'created_by',
  'size'
]);

export function isNumeric(column: string): boolean {
  return isScore(column) || column === 'size';
}

/** Whether a column is shown by those who have not chosen. */
export function isShownAtFirst(column: string): boolean {
  return column !== 'size' && !isParam(column);
}

/** The columns of the version table: what every version has, then a column for each fact of any of them. */
export function versionColumns(
  versions: readonly IVersionSummary[],
  trans: ITranslate,
  tests?: IKeptTests
): ColumnDef<IVersionSummary>[] {
  return [
    ...fixedColumns(trans),
    ...(tests?.items.length ? [testsColumn(tests, trans)] : []),
    ...namesOf(versions, version => version.metrics).map(name =>
      metricColumn(name, versions, ({ metrics }) => metrics[name])
    ),
    ...namesOf(versions, version => version.evaluations).flatMap(dataset =>
      namesOf(versions, ({ evaluations }) => evaluations[dataset] ?? {}).map(name =>
        evaluationColumn(dataset, name, versions, one => one.evaluations[dataset]?.[name])
      )
    ),
    ...namesOf(versions, version => version.params).map(name =>
      paramColumn<IVersionSummary>(name, ({ params }) => params[name])
    )
  ];
}

/** The names that occur in any of `versions`, sorted. */
function namesOf(
  versions: readonly IVersionSummary[],
  read: (version: IVersionSummary) => Readonly<Record<string, unknown>>
): string[] {
  return [...new Set(versions.flatMap(version => Object.keys(read(version))))].sort();
}

function fixedColumns(trans: ITranslate): ColumnDef<IVersionSummary>[] {
  return [
    // The sequence orders versions by registration; semantic order is what people expect here.
    column.accessor('version', {
      header: trans.__('Version'),
      enableHiding: false,
      sortingFn: (a, b) => compareVersions(a.original.version, b.original.version),
      cell: ({ row }) => <VersionCell version={row.original} />
    }),
    column.accessor('status', {
      header: trans.__('Status'),
      cell: ({ getValue }) => <StatusBadge status={getValue()} trans={trans} />
    }),
    column.accessor('stage', {
      header: trans.__('Stage'),
      cell: ({ getValue }) => <StageBadge stage={getValue()} trans={trans} />
    }),
    column.accessor('created_at', {
      header: trans.__('Registered at'),
      cell: ({ getValue }) => <RelativeTime iso={getValue()} />
    }),
    column.accessor(version => version.deployments.map(badge => badge.name).join(' '), {
      id: 'deployments',
      header: trans.__('Deployed by'),
      cell: ({ row }) => (
        <span className="jp-modelmgmt-Model-badges">
          {row.original.deployments.map(badge => (
            <DeploymentBadge key={badge.name} badge={badge} trans={trans} />
          ))}
        </span>
      )
    }),
    column.accessor('created_by', { header: trans.__('Registered by') }),
    column.accessor('size', {
      header: trans.__('Size'),
      cell: ({ getValue }) => formatSize(getValue())
    })
  ] as ColumnDef<IVersionSummary>[];
}

function testsColumn(tests: IKeptTests, trans: ITranslate): ColumnDef<IVersionSummary> {
  return column.accessor(({ version }) => standingOf(tests, version)?.passed ?? 0, {
    id: 'tests',
    header: trans.__('Kept tests'),
    cell: ({ row }) => {
      const standing = standingOf(tests, row.original.version);
      return standing && <TestsBadge standing={standing} trans={trans} />;
    }
  }) as ColumnDef<IVersionSummary>;
}

function VersionCell(props: { readonly version: IVersionSummary }): JSX.Element {
  const { version, aliases } = props.version;
  return (
    <>
      <span className="jp-modelmgmt-Version-number">{version}</span>
      {aliases.map(alias => (
        <span key={alias} className="jp-modelmgmt-Badge" data-alias={alias}>
          {alias}
        </span>
      ))}
    </>
  );
}

export function RelativeTime(props: { readonly iso: string }): JSX.Element {
  const date = new Date(props.iso);
  return (
    <time dateTime={props.iso} title={Time.format(date)}>
      {Time.formatHuman(date)}
    </time>
  );
}
