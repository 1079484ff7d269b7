import React from 'react';

import { formatNumber } from '../format';
import { type IBoard } from '../types';
import { StageBadge, StatusBadge } from './badges';
import { type ITranslate } from './props';

export interface IBoardProps {
  readonly board: IBoard;
  /** `version` or a column, with `-` before it for descending. */
  readonly sort: string;
  readonly selected: readonly string[];
  readonly trans: ITranslate;
  onSort: (sort: string) => void;
  onSelect: (selectors: readonly string[]) => void;
  onOpen: (selector: string) => void;
}

/** Versions against golden datasets, the best score of each column marked (S13). */
export function BoardView(props: IBoardProps): JSX.Element {
  const { board, trans } = props;
  if (!board.rows?.length) {
    return <p className="jp-modelmgmt-muted">{trans.__('No version was evaluated yet.')}</p>;
  }
  return (
    <table className="jp-modelmgmt-Board" aria-label={trans.__('Board')}>
      <thead>
        <tr>
          <th scope="col">{trans.__('Model link')}</th>
          <SortHead {...props} column="version" title={trans.__('Version')} />
          <th scope="col">{trans.__('Status')}</th>
          {board.columns.map(column => (
            <SortHead key={column} {...props} column={column} title={titled(column)} />
          ))}
        </tr>
      </thead>
      <tbody>
        {board.rows.map((row, n) => (
          <BoardRow key={row.version} {...props} row={row} position={n} />
        ))}
      </tbody>
    </table>
  );
}

function SortHead(
  props: IBoardProps & { readonly column: string; readonly title: string }
): JSX.Element {
  const { column, sort } = props;
  const isSorted = sort.replace(/^-/, '') === column;
  const isDescending = sort.startsWith('-');
  return (
    <th scope="col" aria-sort={isSorted ? (isDescending ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        onClick={() => props.onSort(isSorted && isDescending ? column : `-${column}`)}
      >
        {props.title}
        <span aria-hidden="true">{isSorted ? (isDescending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </th>
  );
}

function BoardRow(
  props: IBoardProps & { readonly row: IBoard['rows'][number]; readonly position: number }
): JSX.Element {
  const { row, board, position, selected, trans } = props;
  const selector = `${row.model}@${row.version}`;
  const isSelected = selected.includes(selector);
  const others = selected.filter(one => one !== selector);
  return (
    <tr data-version={row.version} data-selected={isSelected}>
      <td>
        <input
          type="checkbox"
          aria-label={trans.__('Select %1', selector)}
          checked={isSelected}
          onChange={() => props.onSelect(isSelected ? others : [...selected, selector])}
        />
        <button
          type="button"
          className="jp-modelmgmt-Link"
          title={trans.__('Open %1', selector)}
          onClick={() => props.onOpen(selector)}
        >
          {selector}
        </button>
      </td>
      <td>{row.version}</td>
      <td>
        <StatusBadge status={row.status} trans={trans} />{' '}
        <StageBadge stage={row.stage} trans={trans} />
      </td>
      {row.scores.map((score, i) => {
        const isBest = board.best[i] === position;
        return (
          <td key={board.columns[i]} data-best={isBest} title={score === null ? '' : String(score)}>
            {score === null ? '' : formatNumber(score)}
            {isBest && <span aria-label={trans.__('best')}>★</span>}
          </td>
        );
      })}
    </tr>
  );
}

function titled(column: string): string {
  return column.charAt(0).toUpperCase() + column.slice(1);
}
