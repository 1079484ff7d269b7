import { Button } from '@jupyterlab/ui-components';
import {
  flexRender,
  getCoreRowModel,
  getSortedRowModel,
  type Row,
  type SortingState,
  useReactTable
} from '@tanstack/react-table';
import React, { useMemo, useState } from 'react';

import { type IListPart } from '../../model/list';
import { type IRun } from '../../types';
import { ColumnChooser } from '../columnchooser';
import { SortHeader } from '../sortheader';
import { isNumeric, runColumns } from './columns';
import { type IRunsProps } from './props';

/** The runs that were read so far, one row each. */
export function RunTable(props: IRunsProps & { readonly part: IListPart<IRun> }): JSX.Element {
  const { page, part, columns: memory, trans } = props;
  const [sorting, setSorting] = useState<SortingState>([]);
  const [visible, setVisible] = useState(() => memory.read(page.name));
  const data = useMemo(() => [...part.items], [part.items]);
  // The columns depend on the runs alone: what else the props hold stays the same.
  const columns = useMemo(() => runColumns(data, props), [data]); // eslint-disable-line react-hooks/exhaustive-deps
  const table = useReactTable({
    data,
    columns,
    state: { sorting, columnVisibility: visible },
    getRowId: run => run.id,
    getCoreRowModel: getCoreRowModel(),
    getSortedRowModel: getSortedRowModel(),
    onSortingChange: setSorting
  });
  return (
    <>
      <div className="jp-modelmgmt-VersionTable-tools">
        <ColumnChooser
          columns={table.getAllLeafColumns().filter(column => column.getCanHide())}
          visibility={visible}
          trans={trans}
          onChange={choice => {
            setVisible(choice);
            memory.write(page.name, choice);
          }}
        />
      </div>
      <div className="jp-modelmgmt-VersionTable-scroller" data-long={part.items.length > 12}>
        <table className="jp-modelmgmt-VersionTable" aria-label={trans.__('Runs')}>
          <thead>
            {table.getHeaderGroups().map(group => (
              <tr key={group.id}>
                <th scope="col" aria-label={trans.__('Curves')} />
                {group.headers.map(header => (
                  <SortHeader
                    key={header.id}
                    header={header}
                    isNumeric={isNumeric(header.column.id)}
                    canSort
                    trans={trans}
                  />
                ))}
              </tr>
            ))}
          </thead>
          <tbody>
            {table.getRowModel().rows.map(row => (
              <RunRow key={row.id} {...props} row={row} />
            ))}
          </tbody>
        </table>
      </div>
      {part.hasMore && (
        <div className="jp-modelmgmt-VersionTable-more">
          <span>{trans.__('The last %1 runs are shown.', part.items.length)}</span>
          <Button minimal small onClick={() => void page.runs.more()}>
            {trans.__('Show more')}
          </Button>
        </div>
      )}
    </>
  );
}

function RunRow(props: IRunsProps & { readonly row: Row<IRun> }): JSX.Element {
  const { page, row, trans } = props;
  const { id, name } = row.original;
  const isPicked = page.picked.includes(id);
  return (
    <tr
      data-run={name}
      aria-selected={page.chosen === id}
      tabIndex={0}
      onClick={() => page.choose(id)}
      onKeyDown={event => {
        if (event.key === 'Enter' && event.target === event.currentTarget) {
          page.choose(id);
        }
      }}
    >
      <td onClick={event => event.stopPropagation()}>
        <input
          type="checkbox"
          aria-label={trans.__('Draw the curves of %1', name)}
          checked={isPicked}
          onChange={() => {
            page.picked = isPicked ? page.picked.filter(one => one !== id) : [...page.picked, id];
          }}
        />
      </td>
      {row.getVisibleCells().map(cell => (
        <td key={cell.id} data-numeric={isNumeric(cell.column.id)}>
          {flexRender(cell.column.columnDef.cell, cell.getContext())}
        </td>
      ))}
    </tr>
  );
}
