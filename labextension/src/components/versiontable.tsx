import { Button } from '@jupyterlab/ui-components';
import {
  type ColumnDef,
  functionalUpdate,
  getCoreRowModel,
  getSortedRowModel,
  type SortingState,
  useReactTable,
  type VisibilityState
} from '@tanstack/react-table';
import React, { useEffect, useMemo, useState } from 'react';

import { CommandIDs } from '../commands/ids';
import { type IVersionSummary } from '../types';
import { ColumnChooser } from './columnchooser';
import { SortHeader } from './sortheader';
import { isNumeric, isShownAtFirst, sortField, versionColumns } from './versioncolumns';
import { RowsInSight, VersionRow } from './versionrows';
import { type IVersionTableProps } from './versiontableprops';

/** Of more versions only the rows in sight are drawn, in a scroller of their own. */
const LONG = 100;

/** The versions of a model, one row each, one column for each metric. */
export function VersionTable(props: IVersionTableProps): JSX.Element {
  const { versions, hasMore, tests, trans } = props;
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const columns = useMemo(() => versionColumns(versions, trans, tests), [versions, trans, tests]);
  const data = useMemo(() => [...versions], [versions]);
  const sorting = useMemo(() => sortingOf(props.sort, columns), [props.sort, columns]);
  const visibility = useMemo(() => visibilityOf(columns, props.columns), [columns, props.columns]);
  // What is first in the new order is what one sorted for.
  useEffect(() => {
    scroller?.scrollTo?.({ top: 0 });
  }, [scroller, props.sort]);
  const table = useReactTable({
    data,
    columns,
    state: { sorting, columnVisibility: visibility },
    getRowId: version => version.version,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
    manualSorting: hasMore,
    onSortingChange: update => props.onSort(sortOf(functionalUpdate(update, sorting)))
  });
  const { rows } = table.getRowModel();
  const isLong = hasMore || rows.length > LONG;
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
      <div ref={setScroller} className="jp-modelmgmt-VersionTable-scroller" data-long={isLong}>
        <table
          className="jp-modelmgmt-VersionTable"
          aria-label={trans.__('Versions')}
          aria-rowcount={hasMore ? -1 : rows.length + 1}
        >
          <thead>
            {table.getHeaderGroups().map(group => (
              <tr key={group.id}>
                <th scope="col" aria-label={trans.__('Compare')} />
                {group.headers.map(header => (
                  <SortHeader
                    key={header.id}
                    header={header}
                    isNumeric={isNumeric(header.column.id)}
                    canSort={!hasMore || sortField(header.column.id) !== null}
                    trans={trans}
                  />
                ))}
                <th
                  className="jp-modelmgmt-VersionTable-actions"
                  scope="col"
                  aria-label={trans.__('Actions')}
                />
              </tr>
            ))}
          </thead>
          <tbody>
            {isLong ? (
              <RowsInSight rows={rows} scroller={scroller} table={props} />
            ) : (
              rows.map((row, index) => (
                <VersionRow key={row.id} row={row} index={index} table={props} />
              ))
            )}
          </tbody>
        </table>
      </div>
      {hasMore && (
        <div className="jp-modelmgmt-VersionTable-more">
          <span>
            {trans.__('%1 versions were read; more come as you scroll.', versions.length)}
          </span>
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

/** The sorting of the table that a search's sort means. */
function sortingOf(sort: string, columns: readonly ColumnDef<IVersionSummary>[]): SortingState {
  const desc = sort.startsWith('-');
  const field = desc ? sort.slice(1) : sort;
  const id = columns.map(columnId).find(id => (sortField(id) ?? id) === field);
  return id === undefined ? [] : [{ id, desc }];
}

function sortOf([first]: SortingState): string {
  return first ? `${first.desc ? '-' : ''}${sortField(first.id) ?? first.id}` : '';
}

/** What was chosen, and of the rest what is hidden at first. */
function visibilityOf(
  columns: readonly ColumnDef<IVersionSummary>[],
  chosen: VisibilityState
): VisibilityState {
  const hidden = columns.map(columnId).filter(id => !isShownAtFirst(id));
  return { ...Object.fromEntries(hidden.map(id => [id, false])), ...chosen };
}

function columnId(column: ColumnDef<IVersionSummary>): string {
  return column.id ?? ('accessorKey' in column ? String(column.accessorKey) : '');
}
