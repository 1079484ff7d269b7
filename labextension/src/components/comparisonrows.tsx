import React from 'react';

import { comparedCell, type ComparisonGroup } from '../comparison';
import { type GridLine, nextSort, rowKey } from '../grid';
import { type IComparisonRow } from '../types';
import { ColumnWidth } from './columnwidth';
import { type IDrawn, type IGridProps, NAMES } from './comparisongridprops';
import { type ITranslate } from './props';

interface ILineProps<K> {
  readonly line: Extract<GridLine, { kind: K }>;
  readonly index: number;
  readonly grid: IGridProps;
  readonly drawn: IDrawn;
}

/** The names of the versions, with what is done to their columns. */
export function GridHead(props: {
  readonly grid: IGridProps;
  readonly drawn: IDrawn;
}): JSX.Element {
  const { grid, drawn } = props;
  const { table, trans } = grid;
  const isOneModel = new Set(table.versions.map(modelOf)).size === 1;
  return (
    <thead>
      <tr aria-rowindex={1}>
        <td data-pinned="name" style={{ width: drawn.name }}>
          {isOneModel ? modelOf(table.versions[0]!) : ''}
          <ColumnWidth
            label={trans.__('Width of the names')}
            width={drawn.name}
            onWidth={width => drawn.onWidth(NAMES, width)}
          />
        </td>
        <Cells {...props}>
          {position => (
            <VersionHead key={position} {...props} position={position} isOneModel={isOneModel} />
          )}
        </Cells>
      </tr>
    </thead>
  );
}

function VersionHead(props: {
  readonly grid: IGridProps;
  readonly drawn: IDrawn;
  readonly position: number;
  readonly isOneModel: boolean;
}): JSX.Element {
  const { grid, drawn, position, isOneModel } = props;
  const { table, base, selected, isRemoved, trans, onSelect, onHide } = grid;
  const selector = table.versions[position]!;
  const hide = isRemoved ? trans.__('Remove %1', selector) : trans.__('Hide %1', selector);
  const name = isOneModel ? selector.split('@').pop()! : selector;
  return (
    <th
      scope="col"
      title={selector}
      aria-colindex={position + 2}
      {...pinnedStyle(grid, drawn, position)}
    >
      {onSelect && (
        <input
          type="checkbox"
          aria-label={trans.__('Select %1', selector)}
          checked={selected.has(selector)}
          onChange={() => onSelect(selector)}
        />
      )}
      {name}
      {position === base && (
        <span className="jp-modelmgmt-Comparison-base">{trans.__('base')}</span>
      )}
      {(isRemoved || position !== base) && (
        <button
          type="button"
          className="jp-modelmgmt-Comparison-remove"
          aria-label={hide}
          title={hide}
          onClick={() => onHide(position)}
        >
          ×
        </button>
      )}
      <ColumnWidth
        label={trans.__('Width of %1', selector)}
        width={drawn.widthOf(position)}
        onWidth={width => drawn.onWidth(position, width)}
      />
    </th>
  );
}

/** The head of the rows of one kind, which folds them. */
export function GridGroup({ line, index, grid, drawn }: ILineProps<'group'>): JSX.Element {
  const { group, isOpen } = line;
  return (
    <tr aria-rowindex={index + 2}>
      <th
        className="jp-modelmgmt-Comparison-group"
        scope="rowgroup"
        colSpan={drawn.columns.length + 3}
      >
        <button type="button" aria-expanded={isOpen} onClick={() => grid.onFold(group.group)}>
          <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> {groupLabel(group.group, grid.trans)}
          <span className="jp-modelmgmt-Comparison-none"> {group.rows.length}</span>
        </button>
      </th>
    </tr>
  );
}

/** One row; a click on its name orders the versions by it. */
export function GridRow({ line, index, grid, drawn }: ILineProps<'row'>): JSX.Element {
  const { row } = line;
  const { sort, trans } = grid;
  const isSorted = sort?.row === rowKey(row);
  return (
    <tr data-row={row.name} data-differs={row.differs} aria-rowindex={index + 2}>
      <th
        scope="row"
        data-pinned="name"
        aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
      >
        <button
          type="button"
          title={trans.__('Order the versions by %1', row.name)}
          onClick={() => grid.onSort(nextSort(row, sort))}
        >
          {row.name}
          <span aria-hidden="true">{isSorted ? (sort.descending ? ' ↓' : ' ↑') : ''}</span>
        </button>
      </th>
      <Cells grid={grid} drawn={drawn}>
        {position => <Cell key={position} {...{ row, position, grid, drawn }} />}
      </Cells>
    </tr>
  );
}

/** What `children` make for each column that is drawn, with the gaps before and behind them. */
function Cells(props: {
  readonly grid: IGridProps;
  readonly drawn: IDrawn;
  readonly children: (position: number) => JSX.Element;
}): JSX.Element {
  const { grid, drawn, children } = props;
  const pinned = drawn.columns.filter(position => position === grid.base);
  const free = drawn.columns.filter(position => position !== grid.base);
  return (
    <>
      {pinned.map(children)}
      {drawn.before > 0 && <td aria-hidden style={{ width: drawn.before }} />}
      {free.map(children)}
      {drawn.behind > 0 && <td aria-hidden style={{ width: drawn.behind }} />}
    </>
  );
}

function Cell(props: {
  readonly row: IComparisonRow;
  readonly position: number;
  readonly grid: IGridProps;
  readonly drawn: IDrawn;
}): JSX.Element {
  const { row, position, grid, drawn } = props;
  const { trans } = grid;
  const cell = comparedCell(row, position, grid.base);
  const isNumber = typeof row.values[position] === 'number';
  return (
    <td
      title={cell.full}
      aria-colindex={position + 2}
      data-best={cell.isBest}
      data-number={isNumber}
      {...pinnedStyle(grid, drawn, position)}
    >
      <span className="jp-modelmgmt-Comparison-value">{cell.text}</span>
      {cell.isBest && (
        <span className="jp-modelmgmt-Comparison-best" role="img" aria-label={trans.__('best')}>
          ★
        </span>
      )}
      {cell.noise && (
        <span
          className="jp-modelmgmt-Comparison-noise"
          title={trans.__('95 of 100 measurements lie within this range')}
        >
          {cell.noise}
        </span>
      )}
      {cell.delta && (
        <span
          className="jp-modelmgmt-Comparison-delta"
          data-trend={cell.isChance ? 'same' : cell.trend}
          title={
            cell.isChance ? trans.__('No more than chance: within the noise of both') : undefined
          }
        >
          {cell.isChance ? `≈ ${cell.delta}` : cell.delta}
        </span>
      )}
    </td>
  );
}

/** The base stays beside the names while the others pass. */
function pinnedStyle(grid: IGridProps, drawn: IDrawn, position: number) {
  const width = drawn.widthOf(position);
  return position === grid.base
    ? { 'data-pinned': 'base', 'data-base': true, style: { width, left: drawn.name } }
    : { style: { width } };
}

function modelOf(selector: string): string {
  return selector.split('@')[0]!;
}

function groupLabel(group: ComparisonGroup, trans: ITranslate): string {
  const labels: Record<ComparisonGroup, string> = {
    metric: trans.__('Metrics'),
    evaluation: trans.__('Evaluations'),
    param: trans.__('Parameters'),
    config: trans.__('Configuration'),
    signature: trans.__('Signature'),
    label: trans.__('Labels, by their place'),
    dataset: trans.__('Datasets'),
    cost: trans.__('Cost'),
    environment: trans.__('Environment'),
    code: trans.__('Code'),
    file: trans.__('Files, by their digest'),
    fact: trans.__('Facts')
  };
  return labels[group];
}
