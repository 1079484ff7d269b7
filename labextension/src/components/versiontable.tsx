import { Button, caretDownIcon, caretUpIcon, ellipsesIcon } from '@jupyterlab/ui-components';
import {
  flexRender,
  getCoreRowModel,
  getSortedRowModel,
  type Header,
  type Row,
  type SortingState,
  useReactTable,
  type VisibilityState
} from '@tanstack/react-table';
import React, { useMemo, useState } from 'react';

import { CommandIDs } from '../commands/ids';
import { type IVersionSummary } from '../types';
import { ColumnChooser } from './columnchooser';
import { type ITranslate, type Run } from './props';
import { METRIC_PREFIX, versionColumns } from './versioncolumns';

export interface IVersionTableProps {
  readonly versions: readonly IVersionSummary[];
  readonly hasMore: boolean;
  readonly chosen: string | null;
  readonly picked: readonly string[];
  readonly columns: VisibilityState;
  readonly trans: ITranslate;
  run: Run;
  onChoose: (version: string) => void;
  onPick: (versions: readonly string[]) => void;
  onColumns: (columns: VisibilityState) => void;
  onMenu: (version: IVersionSummary, x: number, y: number) => void;
  onMore: () => void;
}

/** The versions of a model, one row each, one column for each metric. */
export function VersionTable(props: IVersionTableProps): JSX.Element {
  const { versions, trans } = props;
  const [sorting, setSorting] = useState<SortingState>([]);
  const columns = useMemo(() => versionColumns(versions, trans), [versions, trans]);
  const data = useMemo(() => [...versions], [versions]);
  const table = useReactTable({
    data,
    columns,
    state: { sorting, columnVisibility: props.columns },
    getRowId: version => version.version,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
    onSortingChange: setSorting
  });
  return (
    <>
      <div className="jp-modelmgmt-VersionTable-tools">
        <Button
          minimal
          small
          disabled={props.picked.length < 2}
          title={trans.__('Tick two or more versions to compare them')}
          onClick={() => props.run(CommandIDs.compareVersions, comparison(props))}
        >
          {props.picked.length
            ? trans.__('Compare (%1)', props.picked.length)
            : trans.__('Compare')}
        </Button>
        <ColumnChooser
          columns={table.getAllLeafColumns().filter(column => column.getCanHide())}
          visibility={props.columns}
          trans={trans}
          onChange={props.onColumns}
        />
      </div>
      <div className="jp-modelmgmt-VersionTable-scroller">
        <table className="jp-modelmgmt-VersionTable">
          <thead>
            {table.getHeaderGroups().map(group => (
              <tr key={group.id}>
                <th scope="col" aria-label={trans.__('Compare')} />
                {group.headers.map(header => (
                  <SortHeader key={header.id} header={header} />
                ))}
                <th scope="col" aria-label={trans.__('Actions')} />
              </tr>
            ))}
          </thead>
          <tbody>
            {table.getRowModel().rows.map(row => (
              <VersionRow key={row.id} row={row} table={props} />
            ))}
          </tbody>
        </table>
      </div>
      {props.hasMore && (
        <div className="jp-modelmgmt-VersionTable-more">
          <span>{trans.__('Sorting covers the %1 versions shown.', versions.length)}</span>
          <Button minimal small onClick={props.onMore}>
            {trans.__('Show more')}
          </Button>
        </div>
      )}
    </>
  );
}

function comparison(props: IVersionTableProps) {
  const selectors = props.picked.map(version => `${props.versions[0]!.model}@${version}`);
  return { selectors };
}

function SortHeader(props: { readonly header: Header<IVersionSummary, unknown> }): JSX.Element {
  const { column, getContext } = props.header;
  const sorted = column.getIsSorted();
  const Icon = sorted === 'asc' ? caretUpIcon : caretDownIcon;
  return (
    <th
      scope="col"
      data-numeric={column.id.startsWith(METRIC_PREFIX)}
      aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'}
    >
      <button type="button" onClick={column.getToggleSortingHandler()}>
        {flexRender(column.columnDef.header, getContext())}
        {sorted && <Icon.react tag="span" />}
      </button>
    </th>
  );
}

function VersionRow(props: {
  readonly row: Row<IVersionSummary>;
  readonly table: IVersionTableProps;
}): JSX.Element {
  const { row, table } = props;
  const { trans, picked, run } = table;
  const version = row.original;
  const isPicked = picked.includes(version.version);
  const args = { model: version.model, version: version.version };
  return (
    <tr
      data-version={version.version}
      aria-selected={version.version === table.chosen}
      tabIndex={0}
      onClick={() => table.onChoose(version.version)}
      onKeyDown={event => {
        if (event.key === 'Enter' && event.target === event.currentTarget) {
          table.onChoose(version.version);
        }
      }}
      onContextMenu={event => {
        event.preventDefault();
        event.stopPropagation();
        table.onMenu(version, event.clientX, event.clientY);
      }}
    >
      <td onClick={event => event.stopPropagation()}>
        <input
          type="checkbox"
          aria-label={trans.__('Compare %1', version.version)}
          checked={isPicked}
          onChange={() => table.onPick(toggled(picked, version.version))}
        />
      </td>
      {row.getVisibleCells().map(cell => (
        <td key={cell.id} data-numeric={cell.column.id.startsWith(METRIC_PREFIX)}>
          {flexRender(cell.column.columnDef.cell, cell.getContext())}
        </td>
      ))}
      <td className="jp-modelmgmt-VersionTable-actions" onClick={event => event.stopPropagation()}>
        <Button minimal small onClick={() => run(CommandIDs.deployVersion, args)}>
          {trans.__('Deploy')}
        </Button>
        <Button minimal small onClick={() => run(CommandIDs.testVersion, args)}>
          {trans.__('Test')}
        </Button>
        <Button
          minimal
          small
          aria-haspopup="menu"
          aria-label={trans.__('More actions for %1', version.version)}
          onClick={event => {
            const { left, bottom } = event.currentTarget.getBoundingClientRect();
            table.onMenu(version, left, bottom);
          }}
        >
          <ellipsesIcon.react tag="span" />
        </Button>
      </td>
    </tr>
  );
}

function toggled(picked: readonly string[], version: string): string[] {
  return picked.includes(version) ? picked.filter(one => one !== version) : [...picked, version];
}
