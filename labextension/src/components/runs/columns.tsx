import { type ColumnDef, createColumnHelper } from '@tanstack/react-table';
import React from 'react';

import { formatDuration } from '../../format';
import { durationOf, metricsOf, paramsOf } from '../../runs';
import { type IRun } from '../../types';
import { RunStatusBadge } from '../badges';
import { isScore, metricColumn, paramColumn } from '../factcolumns';
import { type ITranslate } from '../props';
import { RelativeTime } from '../versioncolumns';
import { VersionLink } from '../versionlink';
import { type IRunsProps } from './props';

const column = createColumnHelper<IRun>();

export function isNumeric(column: string): boolean {
  return isScore(column) || column === 'duration';
}

/** What every run has, then one column for each metric and each param. */
export function runColumns(runs: readonly IRun[], props: IRunsProps): ColumnDef<IRun>[] {
  return [
    ...fixedColumns(props),
    ...metricsOf(runs).map(name => metricColumn(name, runs, ({ metrics }) => metrics[name])),
    ...paramsOf(runs).map(name => paramColumn<IRun>(name, ({ params }) => params[name]))
  ];
}

function fixedColumns({ page, trans, run }: IRunsProps): ColumnDef<IRun>[] {
  return [
    column.accessor('name', {
      header: trans.__('Name'),
      enableHiding: false,
      cell: ({ getValue }) => <span className="jp-modelmgmt-Version-number">{getValue()}</span>
    }),
    column.accessor('status', {
      header: trans.__('Status'),
      cell: ({ getValue }) => <RunStatusBadge status={getValue()} trans={trans} />
    }),
    column.accessor('started_at', {
      header: trans.__('Started'),
      cell: ({ getValue }) => <RelativeTime iso={getValue()} />
    }),
    column.accessor(one => durationOf(one, Date.now()), {
      id: 'duration',
      header: trans.__('Duration'),
      cell: ({ getValue }) => formatDuration(getValue())
    }),
    column.accessor(one => (one.versions ?? []).join(' '), {
      id: 'versions',
      header: trans.__('Versions'),
      cell: ({ row }) => <VersionLinks run={row.original} onOpen={run} trans={trans} />
    }),
    column.accessor(one => (one.tags ?? []).join(' '), {
      id: 'tags',
      header: trans.__('Tags'),
      cell: ({ row }) => (
        <Tags
          run={row.original}
          trans={trans}
          onTag={tag => {
            page.filter = { ...page.filter, tag };
          }}
        />
      )
    }),
    column.accessor('created_by', { header: trans.__('Started by') })
  ] as ColumnDef<IRun>[];
}

/** The versions that a run gave, each opening its card. */
export function VersionLinks(props: {
  readonly run: IRun;
  readonly trans: ITranslate;
  onOpen: IRunsProps['run'];
}): JSX.Element {
  return (
    <span className="jp-modelmgmt-Model-badges">
      {props.run.versions.map(selector => (
        <VersionLink key={selector} selector={selector} trans={props.trans} run={props.onOpen} />
      ))}
    </span>
  );
}

function Tags(props: {
  readonly run: IRun;
  readonly trans: ITranslate;
  onTag: (tag: string) => void;
}): JSX.Element {
  return (
    <span className="jp-modelmgmt-Model-badges">
      {(props.run.tags ?? []).map(tag => (
        <button
          key={tag}
          type="button"
          className="jp-modelmgmt-Runs-tag"
          title={props.trans.__('Show the runs with the tag %1', tag)}
          onClick={event => {
            event.stopPropagation();
            props.onTag(tag);
          }}
        >
          {tag}
        </button>
      ))}
    </span>
  );
}
