import { Time } from '@jupyterlab/coreutils';
import { type ColumnDef, createColumnHelper } from '@tanstack/react-table';
import React from 'react';

import { formatNumber } from '../format';
import { compareVersions } from '../precedence';
import { standingOf } from '../kept';
import { bestValue } from '../rules';
import { type IKeptTests, type IVersionSummary } from '../types';
import { DeploymentBadge, StageBadge, StatusBadge } from './badges';
import { TestsBadge } from './kept/badge';
import { type ITranslate } from './props';

const column = createColumnHelper<IVersionSummary>();

export const METRIC_PREFIX = 'metric:';

/** What a search calls a column, if the server sorts by it. */
export function sortField(column: string): string | null {
  if (!column.startsWith(METRIC_PREFIX)) {
    return SORTED.has(column) ? column : null;
  }
  const name = column.slice(METRIC_PREFIX.length);
  return `metrics."${name.replace(/"/g, '""')}"`;
}

const SORTED: ReadonlySet<string> = new Set(['version', 'stage', 'created_at', 'created_by']);

/** The columns of the version table: six of every version, kept tests where there are any, and one for each metric. */
export function versionColumns(
  versions: readonly IVersionSummary[],
  trans: ITranslate,
  tests?: IKeptTests
): ColumnDef<IVersionSummary>[] {
  return [
    ...fixedColumns(trans),
    ...(tests?.items.length ? [testsColumn(tests, trans)] : []),
    ...metricNames(versions).map(name => metricColumn(name, versions))
  ];
}

/** The metrics that occur in any of `versions`, sorted. */
export function metricNames(versions: readonly IVersionSummary[]): string[] {
  return [...new Set(versions.flatMap(version => Object.keys(version.metrics)))].sort();
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
    column.accessor('created_by', { header: trans.__('Registered by') })
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

function metricColumn(
  name: string,
  versions: readonly IVersionSummary[]
): ColumnDef<IVersionSummary> {
  const best = bestValue(
    name,
    versions.map(version => version.metrics[name])
  );
  return column.accessor(version => version.metrics[name], {
    id: METRIC_PREFIX + name,
    header: name,
    sortUndefined: 'last',
    cell: ({ getValue }) => <MetricCell value={getValue()} best={best} />
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

export function RelativeTime(props: { readonly iso: string }): JSX.Element {
  const date = new Date(props.iso);
  return (
    <time dateTime={props.iso} title={Time.format(date)}>
      {Time.formatHuman(date)}
    </time>
  );
}
