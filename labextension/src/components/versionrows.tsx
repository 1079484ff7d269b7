import { Button, ellipsesIcon } from '@jupyterlab/ui-components';
import { flexRender, type Row } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import React, { memo, useEffect } from 'react';

import { CommandIDs } from '../commands/ids';
import { type IVersionSummary } from '../types';
import { isNumeric } from './versioncolumns';
import { type IVersionTableProps } from './versiontableprops';

const ROW_HEIGHT = 33;

/** The rows in sight, between gaps as high as those that are not. */
export function RowsInSight(props: {
  readonly rows: readonly Row<IVersionSummary>[];
  readonly scroller: HTMLElement | null;
  readonly table: IVersionTableProps;
}): JSX.Element {
  const { rows, scroller, table } = props;
  const { hasMore, onMore } = table;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10
  });
  const visible = virtual.getVirtualItems();
  const last = visible[visible.length - 1];
  const isAtEnd = last !== undefined && last.index >= rows.length - 10;
  useEffect(() => {
    if (hasMore && isAtEnd) {
      onMore();
    }
  }, [hasMore, isAtEnd, onMore, rows.length]);
  return (
    <>
      <Gap height={visible[0]?.start ?? 0} />
      {visible.map(({ index }) => (
        <VersionRow key={rows[index]!.id} row={rows[index]!} index={index} table={table} />
      ))}
      <Gap height={virtual.getTotalSize() - (last?.end ?? 0)} />
    </>
  );
}

function Gap({ height }: { readonly height: number }): JSX.Element | null {
  return height > 0 ? (
    <tr aria-hidden className="jp-modelmgmt-VersionTable-gap">
      <td style={{ height }} />
    </tr>
  ) : null;
}

function Version(props: {
  readonly row: Row<IVersionSummary>;
  readonly index: number;
  readonly table: IVersionTableProps;
}): JSX.Element {
  const { row, index, table } = props;
  const { trans, picked, run } = table;
  const version = row.original;
  const isPicked = picked.includes(version.version);
  const args = { model: version.model, version: version.version };
  return (
    <tr
      data-version={version.version}
      aria-rowindex={index + 2}
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
        <td key={cell.id} data-numeric={isNumeric(cell.column.id)}>
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

/** One version; not drawn again while one scrolls. */
export const VersionRow = memo(Version);

function toggled(picked: readonly string[], version: string): string[] {
  return picked.includes(version) ? picked.filter(one => one !== version) : [...picked, version];
}
