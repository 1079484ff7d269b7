import React, { useState } from 'react';

import { useUniqueId } from './id';
import {
  comparedCell,
  comparedGroups,
  type ComparisonGroup,
  extremes,
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
  /** Takes a version out; without it all stay. */
  onRemove?: (position: number) => void;
}

interface IShownProps extends IComparisonProps {
  /** The positions of the versions that are shown. */
  readonly shown: readonly number[];
}

/** Versions as columns, what is known of them as rows. The model page and the widget share it. */
export function Comparison(props: IComparisonProps): JSX.Element {
  const { table, onlyDifferences, trans } = props;
  const [onlyExtremes, setOnlyExtremes] = useState(false);
  const groups = comparedGroups(table, onlyDifferences);
  const kept = extremes(table, props.base);
  const shown = [...table.versions.keys()].filter(
    position => !onlyExtremes || kept.size < 2 || kept.has(position)
  );
  return (
    <div className="jp-modelmgmt-Comparison">
      <Controls {...props} onlyExtremes={onlyExtremes} onOnlyExtremes={setOnlyExtremes} />
      <div className="jp-modelmgmt-Comparison-scroller">
        <table aria-label={trans.__('Comparison of versions')}>
          <VersionHeads {...props} shown={shown} />
          {groups.map(group => (
            <Group key={group.group} group={group} {...props} shown={shown} />
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

function Controls(
  props: IComparisonProps & {
    readonly onlyExtremes: boolean;
    onOnlyExtremes: (onlyExtremes: boolean) => void;
  }
): JSX.Element {
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
      {table.versions.length > 2 && (
        <label title={trans.__('The base, and versions that are best or worst in a score')}>
          <input
            type="checkbox"
            checked={props.onlyExtremes}
            onChange={event => props.onOnlyExtremes(event.target.checked)}
          />
          {trans.__('Only extremes')}
        </label>
      )}
    </div>
  );
}

function VersionHeads(props: IShownProps): JSX.Element {
  const { table, base, shown, trans, onRemove } = props;
  const isOneModel = new Set(table.versions.map(modelOf)).size === 1;
  return (
    <thead>
      <tr>
        <td>{isOneModel ? modelOf(table.versions[0]!) : ''}</td>
        {shown.map(position => {
          const selector = table.versions[position]!;
          return (
            <th key={position} scope="col" title={selector} data-base={position === base}>
              {isOneModel ? selector.split('@').pop() : selector}
              {position === base && (
                <span className="jp-modelmgmt-Comparison-base">{trans.__('base')}</span>
              )}
              {onRemove && (
                <button
                  type="button"
                  className="jp-modelmgmt-Comparison-remove"
                  aria-label={trans.__('Remove %1', selector)}
                  title={trans.__('Remove %1', selector)}
                  onClick={() => onRemove(position)}
                >
                  ×
                </button>
              )}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

function modelOf(selector: string): string {
  return selector.split('@')[0]!;
}

/** The rows of one kind, foldable. */
function Group(props: IShownProps & { readonly group: IComparedGroup }): JSX.Element {
  const { group, shown, base, trans } = props;
  const [isOpen, setIsOpen] = useState(true);
  return (
    <tbody>
      <tr>
        <th className="jp-modelmgmt-Comparison-group" scope="rowgroup" colSpan={shown.length + 1}>
          <button type="button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            <span aria-hidden="true">{isOpen ? '▾' : '▸'}</span> {groupLabel(group.group, trans)}
            <span className="jp-modelmgmt-Comparison-none"> {group.rows.length}</span>
          </button>
        </th>
      </tr>
      {isOpen &&
        group.rows.map(row => (
          <tr key={row.name} data-row={row.name} data-differs={row.differs}>
            <th scope="row">{row.name}</th>
            {shown.map(position => (
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
