import { Button } from '@jupyterlab/ui-components';
import React, { lazy, Suspense, useState } from 'react';

import { CommandIDs } from '../commands/ids';
import { comparisonCode, comparisonCsv, scoreRows } from '../comparison';
import { type Compared, MAX_COMPARED } from '../model/compared';
import { type IComparisonTable, type IVersionSummary } from '../types';
import { CellsDiff } from './cellsdiff';
import { Comparison } from './comparison';
import { useUniqueId } from './id';
import { type ITranslate, type Run } from './props';
import { Empty, FetchedView, Loading } from './states';

const CompareCharts = lazy(() => import('./charts/compare'));

export interface ICompareProps {
  readonly compared: Compared;
  readonly model: string;
  /** The versions that are offered; others are typed as `model@version`. */
  readonly versions: readonly IVersionSummary[];
  readonly trans: ITranslate;
  run: Run;
}

/** What differs between versions: a table, charts of their scores, and their cells (N6). */
export function Compare(props: ICompareProps): JSX.Element {
  const { compared, trans } = props;
  const [onlyDifferences, setOnlyDifferences] = useState(true);
  return (
    <FetchedView state={compared.table.state} trans={trans} onRetry={() => void compared.refresh()}>
      {table =>
        table ? (
          <>
            <CompareTools {...props} table={table} />
            <Comparison
              table={table}
              base={compared.base}
              onlyDifferences={onlyDifferences}
              trans={trans}
              onBase={base => {
                compared.base = base;
              }}
              onOnlyDifferences={setOnlyDifferences}
              onRemove={position => {
                compared.selectors = compared.selectors.filter((_, one) => one !== position);
              }}
            />
            <Charts table={table} trans={trans} />
            <Cells compared={compared} trans={trans} />
          </>
        ) : (
          <NothingCompared {...props} />
        )
      }
    </FetchedView>
  );
}

function NothingCompared(props: ICompareProps): JSX.Element {
  const { versions, model, trans, run } = props;
  const selectors = versions.slice(0, 2).map(({ version }) => `${model}@${version}`);
  return (
    <Empty title={trans.__('No versions are chosen')}>
      <p>{trans.__('Tick versions in the Versions tab to see them side by side.')}</p>
      {selectors.length > 1 && (
        <Button
          className="jp-mod-styled jp-mod-accept"
          onClick={() => run(CommandIDs.compareVersions, { selectors })}
        >
          {trans.__('Compare the last two')}
        </Button>
      )}
    </Empty>
  );
}

/** Adds a version, and takes the table elsewhere. */
function CompareTools(props: ICompareProps & { readonly table: IComparisonTable }): JSX.Element {
  const { compared, table, model, versions, trans, run } = props;
  const id = useUniqueId();
  const [text, setText] = useState('');
  const isFull = compared.selectors.length >= MAX_COMPARED;
  const add = () => {
    const wanted = text.trim();
    compared.selectors = [
      ...compared.selectors,
      wanted.includes('@') ? wanted : `${model}@${wanted}`
    ];
    setText('');
  };
  return (
    <form
      className="jp-modelmgmt-Tools"
      onSubmit={event => {
        event.preventDefault();
        add();
      }}
    >
      <input
        list={id}
        className="jp-mod-styled"
        aria-label={trans.__('Version to add')}
        placeholder={trans.__('1.2.0, or model@1.2.0')}
        value={text}
        disabled={isFull}
        onChange={event => setText(event.target.value)}
      />
      <datalist id={id}>
        {versions.map(({ version }) => (
          <option key={version} value={`${model}@${version}`} />
        ))}
      </datalist>
      <Button minimal small type="submit" disabled={isFull || !text.trim()}>
        {trans.__('Add')}
      </Button>
      {isFull && (
        <span className="jp-modelmgmt-muted">{trans.__('%1 at most.', MAX_COMPARED)}</span>
      )}
      <span className="jp-modelmgmt-Tools-end">
        <Button
          minimal
          small
          type="button"
          title={trans.__('Copy the code that gives this comparison as a DataFrame')}
          onClick={() => run(CommandIDs.copyText, { text: comparisonCode(table) })}
        >
          {trans.__('Copy as code')}
        </Button>
        <Button
          minimal
          small
          type="button"
          onClick={() =>
            run(CommandIDs.saveText, { name: `compare-${model}.csv`, text: comparisonCsv(table) })
          }
        >
          {trans.__('CSV')}
        </Button>
      </span>
    </form>
  );
}

function Charts(props: {
  readonly table: IComparisonTable;
  readonly trans: ITranslate;
}): JSX.Element | null {
  const { table, trans } = props;
  if (scoreRows(table).length < 2 || table.versions.length < 2) {
    return null;
  }
  return (
    <Suspense fallback={<Loading trans={trans} />}>
      <CompareCharts table={table} trans={trans} />
    </Suspense>
  );
}

function Cells(props: {
  readonly compared: Compared;
  readonly trans: ITranslate;
}): JSX.Element | null {
  const { compared, trans } = props;
  const { selectors, base, other } = compared;
  const id = useUniqueId();
  if (selectors.length < 2) {
    return null;
  }
  const names = [selectors[base]!, selectors[other]!] as const;
  return (
    <section className="jp-modelmgmt-Cells" aria-label={trans.__('Cells')}>
      <div className="jp-modelmgmt-Tools">
        <h2>{trans.__('Cells')}</h2>
        <label htmlFor={id}>{trans.__('%1 beside', names[0])}</label>
        <select
          id={id}
          className="jp-modelmgmt-Select"
          value={other}
          onChange={event => {
            compared.other = Number(event.target.value);
          }}
        >
          {selectors.map((selector, position) =>
            position === base ? null : (
              <option key={selector} value={position}>
                {selector}
              </option>
            )
          )}
        </select>
      </div>
      <FetchedView
        state={compared.sources.state}
        trans={trans}
        onRetry={() => void compared.sources.refresh()}
      >
        {texts =>
          texts?.some(text => text) ? (
            <CellsDiff names={names} texts={texts} trans={trans} />
          ) : (
            <p className="jp-modelmgmt-Unknown">{trans.__('No cells were captured.')}</p>
          )
        }
      </FetchedView>
    </section>
  );
}
