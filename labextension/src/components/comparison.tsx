import React from 'react';

import { useUniqueId } from './id';
import {
  comparedCell,
  comparedGroups,
  type ComparisonGroup,
  type IComparedGroup
} from '../comparison';
import { type IComparisonRow, type IComparisonTable } from '../types';
import { type ITranslate } from './props';

export interface IComparisonProps {
  readonly table: IComparisonTable;
  /** The position of the version that deltas refer to. */
  readonly base: number;
  readonly onlyDifferences: boolean;
  readonly trans: ITranslate;
  onBase: (base: number) => void;
  onOnlyDifferences: (onlyDifferences: boolean) => void;
}

/** Versions as columns, what is known of them as rows. The model page and the widget share it. */
export function Comparison(props: IComparisonProps): JSX.Element {
  const { table, onlyDifferences, trans } = props;
  const groups = comparedGroups(table, onlyDifferences);
  return (
    <div className="jp-modelmgmt-Comparison">
      <Controls {...props} />
      <div className="jp-modelmgmt-Comparison-scroller">
        <table aria-label={trans.__('Comparison of versions')}>
          <VersionHeads {...props} />
          {groups.map(group => (
            <Group key={group.group} group={group} {...props} />
          ))}
        </table>
      </div>
      {!groups.length && (
        <p role="status" className="jp-modelmgmt-Comparison-none">
          {trans.__('These versions do not differ.')}
        </p>
      )}
    </div>
  );
}

function Controls(props: IComparisonProps): JSX.Element {
  const { table, trans } = props;
  const id = useUniqueId();
  return (
    <div className="jp-modelmgmt-Comparison-controls">
      <label htmlFor={id}>{trans.__('Base version')}</label>
      <select
        id={id}
        value={props.base}
        onChange={event => props.onBase(Number(event.target.value))}
      >
        {table.versions.map((selector, position) => (
          <option key={position} value={position}>
            {selector}
          </option>
        ))}
      </select>
      <label>
        <input
          type="checkbox"
          checked={props.onlyDifferences}
          onChange={event => props.onOnlyDifferences(event.target.checked)}
        />
        {trans.__('Only differences')}
      </label>
    </div>
  );
}

function VersionHeads(props: IComparisonProps): JSX.Element {
  const { table, base, trans } = props;
  const isOneModel = new Set(table.versions.map(modelOf)).size === 1;
  return (
    <thead>
      <tr>
        <td>{isOneModel ? modelOf(table.versions[0]!) : ''}</td>
        {table.versions.map((selector, position) => (
          <th key={position} scope="col" title={selector} data-base={position === base}>
            {isOneModel ? selector.split('@').pop() : selector}
            {position === base && (
              <span className="jp-modelmgmt-Comparison-base">{trans.__('base')}</span>
            )}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function modelOf(selector: string): string {
  return selector.split('@')[0]!;
}

function Group(props: IComparisonProps & { readonly group: IComparedGroup }): JSX.Element {
  const { group, table, base, trans } = props;
  return (
    <tbody>
      <tr>
        <th
          className="jp-modelmgmt-Comparison-group"
          scope="rowgroup"
          colSpan={table.versions.length + 1}
        >
          {groupLabel(group.group, trans)}
        </th>
      </tr>
      {group.rows.map(row => (
        <tr key={row.name} data-row={row.name}>
          <th scope="row">{row.name}</th>
          {table.versions.map((_, position) => (
            <Cell key={position} row={row} position={position} base={base} trans={trans} />
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function Cell(props: {
  readonly row: IComparisonRow;
  readonly position: number;
  readonly base: number;
  readonly trans: ITranslate;
}): JSX.Element {
  const { row, position, base, trans } = props;
  const cell = comparedCell(row, position, base);
  const isNumber = typeof row.values[position] === 'number';
  return (
    <td title={cell.full} data-best={cell.isBest} data-number={isNumber}>
      <span className="jp-modelmgmt-Comparison-value">{cell.text}</span>
      {cell.isBest && (
        <span className="jp-modelmgmt-Comparison-best" role="img" aria-label={trans.__('best')}>
          ★
        </span>
      )}
      {cell.delta && (
        <span className="jp-modelmgmt-Comparison-delta" data-trend={cell.trend}>
          {cell.delta}
        </span>
      )}
    </td>
  );
}

function groupLabel(group: ComparisonGroup, trans: ITranslate): string {
  const labels: Record<ComparisonGroup, string> = {
    metric: trans.__('Metrics'),
    param: trans.__('Parameters'),
    config: trans.__('Configuration'),
    fact: trans.__('Facts')
  };
  return labels[group];
}
