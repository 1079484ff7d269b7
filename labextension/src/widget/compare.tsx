import '../../style/comparison.css';

import React, { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { comparisonCsv } from '../comparison';
import { Comparison } from '../components/comparison';
import { type ITranslate } from '../components/props';
import { withVersions } from '../grid';
import { type IComparisonTable } from '../types';

/** What the kernel and the widget share. */
interface IState {
  readonly table: IComparisonTable;
  readonly base: number;
  readonly only_differences: boolean;
  readonly selected: readonly string[];
}

/** The part of anywidget's model that is used here. */
export interface IWidgetModel {
  get<K extends keyof IState>(key: K): IState[K];
  set<K extends keyof IState>(key: K, value: IState[K]): void;
  save_changes(): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

// Widgets live outside of JupyterLab too, where nobody translates.
const untranslated: ITranslate = {
  __: (text, ...args) => text.replace(/%(\d)/g, (_, n: string) => String(args[Number(n) - 1])),
  _n: (singular, plural, n, ...args) => untranslated.__(n === 1 ? singular : plural, n, ...args)
};

function useTrait<K extends keyof IState>(
  model: IWidgetModel,
  key: K
): [IState[K], (value: IState[K]) => void] {
  const [value, setValue] = useState(() => model.get(key));
  useEffect(() => {
    const update = () => setValue(model.get(key));
    model.on(`change:${key}`, update);
    update();
    return () => model.off(`change:${key}`, update);
  }, [model, key]);
  const save = (next: IState[K]) => {
    model.set(key, next);
    model.save_changes();
    setValue(next);
  };
  return [value, save];
}

function CompareWidget(props: { readonly model: IWidgetModel }): JSX.Element {
  const [table] = useTrait(props.model, 'table');
  const [base, setBase] = useTrait(props.model, 'base');
  const [onlyDifferences, setOnlyDifferences] = useTrait(props.model, 'only_differences');
  const [selected, select] = useTrait(props.model, 'selected');
  return (
    <Comparison
      table={table}
      base={base}
      onlyDifferences={onlyDifferences}
      trans={untranslated}
      onBase={setBase}
      onOnlyDifferences={setOnlyDifferences}
      selected={selected}
      onSelect={select}
      onExport={positions => save('comparison.csv', comparisonCsv(withVersions(table, positions)))}
    />
  );
}

/** Lets the browser save a text as a file. */
function save(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** anywidget calls this for each place the widget is shown in; the answer takes it away again. */
function render(context: { model: IWidgetModel; el: HTMLElement }): () => void {
  const root = createRoot(context.el);
  root.render(<CompareWidget model={context.model} />);
  return () => root.unmount();
}

export default { render };
