import React, { useMemo, useState } from 'react';

import { extremes } from '../comparison';
import { gridLines, gridOrder, type IGridSort } from '../grid';
import { type IComparisonTable } from '../types';
import { ComparisonGrid } from './comparisongrid';
import { useUniqueId } from './id';
import { type ITranslate } from './props';
import { Tick } from './tick';

export interface IComparisonProps {
  readonly table: IComparisonTable;
  /** The position of the version that deltas refer to; its column stays in sight. */
  readonly base: number;
  readonly onlyDifferences: boolean;
  readonly trans: ITranslate;
  onBase: (base: number) => void;
  onOnlyDifferences: (onlyDifferences: boolean) => void;
  /** Takes a version out; without it versions are hidden and shown again. */
  onRemove?: (position: number) => void;
  /** The selectors that are ticked; without `onSelect` none can be. */
  readonly selected?: readonly string[];
  onSelect?: (selectors: readonly string[]) => void;
  /** Saves the versions at these positions. */
  onExport?: (positions: readonly number[]) => void;
}

const NOTHING: ReadonlySet<never> = new Set();

/** Versions as columns, what is known of them as rows. The model page and the widget share it. */
export function Comparison(props: IComparisonProps): JSX.Element {
  const { table, base, onlyDifferences, trans, onSelect } = props;
  const [onlyExtremes, setOnlyExtremes] = useState(false);
  const [filter, setFilter] = useState('');
  const [sort, setSort] = useState<IGridSort | null>(null);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(NOTHING);
  const [folded, setFolded] = useState<ReadonlySet<string>>(NOTHING);
  const lines = useMemo(
    () => gridLines(table, { filter, onlyDifferences, folded }),
    [table, filter, onlyDifferences, folded]
  );
  const order = useMemo(() => {
    const kept = extremes(table, base);
    const isShown = (position: number) =>
      !hidden.has(table.versions[position]!) &&
      (!onlyExtremes || kept.size < 2 || kept.has(position));
    return gridOrder(table, [...table.versions.keys()].filter(isShown), base, sort);
  }, [table, base, hidden, onlyExtremes, sort]);
  const selected = useMemo(() => new Set(props.selected), [props.selected]);
  const ticked = order.filter(position => selected.has(table.versions[position]!));
  return (
    <div className="jp-modelmgmt-Comparison">
      <Controls
        {...props}
        {...{ filter, onlyExtremes }}
        hidden={hidden.size}
        onFilter={setFilter}
        onOnlyExtremes={setOnlyExtremes}
        onShowAll={() => setHidden(NOTHING)}
        onExport={props.onExport && (() => props.onExport!(ticked.length ? ticked : order))}
      />
      <ComparisonGrid
        {...{ table, base, lines, order, sort, selected, trans }}
        onSort={setSort}
        onFold={group => setFolded(toggled(folded, group))}
        isRemoved={!!props.onRemove}
        onHide={position =>
          props.onRemove
            ? props.onRemove(position)
            : setHidden(toggled(hidden, table.versions[position]!))
        }
        onSelect={onSelect && (selector => onSelect([...toggled(selected, selector)]))}
      />
      {!lines.length && (
        <p role="status" className="jp-modelmgmt-Comparison-none">
          {filter ? trans.__('No row has this name.') : trans.__('These versions do not differ.')}
        </p>
      )}
    </div>
  );
}

function toggled<T>(set: ReadonlySet<T>, one: T): ReadonlySet<T> {
  return set.has(one) ? new Set([...set].filter(other => other !== one)) : new Set([...set, one]);
}

function Controls(
  props: Omit<IComparisonProps, 'onExport'> & {
    readonly filter: string;
    readonly onlyExtremes: boolean;
    readonly hidden: number;
    onFilter: (filter: string) => void;
    onOnlyExtremes: (onlyExtremes: boolean) => void;
    onShowAll: () => void;
    onExport?: () => void;
  }
): JSX.Element {
  const { table, hidden, trans } = props;
  const id = useUniqueId();
  return (
    <div className="jp-modelmgmt-Comparison-controls">
      <input
        type="search"
        aria-label={trans.__('Filter rows')}
        placeholder={trans.__('Filter rows')}
        value={props.filter}
        onChange={event => props.onFilter(event.target.value)}
      />
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
      <Tick
        label={trans.__('Only differences')}
        value={props.onlyDifferences}
        onChange={props.onOnlyDifferences}
      />
      {table.versions.length > 2 && (
        <Tick
          label={trans.__('Only extremes')}
          title={trans.__('The base, and versions that are best or worst in a score')}
          value={props.onlyExtremes}
          onChange={props.onOnlyExtremes}
        />
      )}
      {hidden > 0 && (
        <button type="button" className="jp-modelmgmt-Comparison-link" onClick={props.onShowAll}>
          {trans._n('Show %1 hidden version', 'Show %1 hidden versions', hidden)}
        </button>
      )}
      {props.onExport && (
        <button type="button" className="jp-modelmgmt-Comparison-link" onClick={props.onExport}>
          {trans.__('CSV')}
        </button>
      )}
    </div>
  );
}
