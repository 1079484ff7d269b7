import React, { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

import { type ITranslate } from '../components/props';

/** The part of anywidget's model that is used here. */
export interface IWidgetModel {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  save_changes(): void;
  send(message: object, callbacks?: undefined, buffers?: ArrayBuffer[]): void;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

/** How often the kernel is asked whether anything changed; it answers between two cells. */
const LOOK_MS = 4000;

// Widgets live outside of JupyterLab too, where nobody translates.
export const untranslated: ITranslate = {
  __: (text, ...args) => text.replace(/%(\d)/g, (_, n: string) => String(args[Number(n) - 1])),
  _n: (singular, plural, n, ...args) => untranslated.__(n === 1 ? singular : plural, n, ...args)
};

/** A trait of the widget, and how it is set. */
export function useTrait<T>(model: IWidgetModel, key: string): [T, (value: T) => void] {
  const [value, setValue] = useState(() => model.get(key) as T);
  useEffect(() => {
    const update = () => setValue(model.get(key) as T);
    model.on(`change:${key}`, update);
    update();
    return () => model.off(`change:${key}`, update);
  }, [model, key]);
  const save = (next: T) => {
    model.set(key, next);
    model.save_changes();
    setValue(next);
  };
  return [value, save];
}

/** Asks the kernel now and then whether anything changed, while somebody can see the answer. */
function useLooks(model: IWidgetModel): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) {
        model.send({ verb: 'look' });
      }
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [model]);
}

function Live(props: {
  readonly model: IWidgetModel;
  readonly view: (props: { readonly model: IWidgetModel }) => JSX.Element;
}): JSX.Element {
  const { model, view: View } = props;
  useLooks(model);
  const [error] = useTrait<string>(model, 'error');
  return (
    <div className="jp-modelmgmt-Widget">
      {error && (
        <div className="jp-modelmgmt-Failed" role="alert">
          <span className="jp-modelmgmt-Failed-message">{error}</span>
        </div>
      )}
      <View model={model} />
    </div>
  );
}

/** What anywidget calls for each place that a widget is shown in; the answer takes it away again. */
export function rendered(view: (props: { readonly model: IWidgetModel }) => JSX.Element) {
  return {
    render: ({ model, el }: { model: IWidgetModel; el: HTMLElement }): (() => void) => {
      const root = createRoot(el);
      root.render(<Live model={model} view={view} />);
      return () => root.unmount();
    }
  };
}
