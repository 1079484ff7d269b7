import { type JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { type IStateDB } from '@jupyterlab/statedb';
import { type IDisposable } from '@lumino/disposable';

import { type RegistryApi } from '../api';
import { type IColumnMemory, type IPageProps } from '../components/page';
import { type ITranslate } from '../components/props';
import { modelsIcon } from '../icons';
import { ModelPage } from '../model/page';
import { type IRegistryEvent } from '../types';
import { type ModelPageView } from './modelpage';

export type PageWidget = MainAreaWidget<ModelPageView>;

/** The open model pages, at most one per model. */
export class ModelPages implements IDisposable {
  constructor(private _options: ModelPages.IOptions) {
    this.tracker = new WidgetTracker<PageWidget>({ namespace: 'modelmgmt-pages' });
    this._columns = columnMemory(_options.state);
  }

  readonly tracker: WidgetTracker<PageWidget>;

  /** Brings the page of `model` to the front; it is made when it is not open. */
  async open(model: string): Promise<ModelPage> {
    const { app, area } = this._options;
    const widget = this.find(model) ?? (await this._make(model));
    if (!widget.isAttached) {
      app.shell.add(widget, area, { type: 'Model' });
    }
    app.shell.activateById(widget.id);
    return widget.content.page;
  }

  find(model: string): PageWidget | undefined {
    return this.tracker.find(({ content }) => content.page.name === model);
  }

  /** Reads again what `events` may have changed on open pages. */
  refresh(events: readonly IRegistryEvent[]): void {
    this.tracker.forEach(({ content }) => {
      const { page } = content;
      if (events.some(({ model, deployment }) => model === page.name || (!model && deployment))) {
        void page.refresh();
      }
    });
  }

  refreshAll(): void {
    this.tracker.forEach(({ content }) => void content.page.refresh());
  }

  close(model: string): void {
    this.find(model)?.close();
  }

  get isDisposed(): boolean {
    return this.tracker.isDisposed;
  }

  dispose(): void {
    this.tracker.dispose();
  }

  private async _make(model: string): Promise<PageWidget> {
    const { api, trans, run, onMenu } = this._options;
    // The tables are loaded when the first page is opened.
    const { ModelPageView } = await import('./modelpage');
    const page = new ModelPage(api, model);
    await this._columns.load(model);
    const content = new ModelPageView({ page, trans, columns: this._columns, run, onMenu });
    const widget = new MainAreaWidget({ content });
    widget.toolbar.hide();
    widget.id = `jp-modelmgmt-page-${model}`;
    widget.title.label = model;
    widget.title.icon = modelsIcon;
    widget.title.caption = trans.__('Model %1', model);
    widget.title.closable = true;
    await this.tracker.add(widget);
    this._rememberTab(widget);
    void page.refresh();
    return widget;
  }

  /** Keeps what is restored after a reload in step with the tab that is open. */
  private _rememberTab(widget: PageWidget): void {
    const { page } = widget.content;
    let { tab } = page;
    page.changed.connect(() => {
      if (page.tab !== tab) {
        tab = page.tab;
        void this.tracker.save(widget);
      }
    });
  }

  private _columns: ILoadableColumnMemory;
}

export namespace ModelPages {
  export interface IOptions extends Pick<IPageProps, 'run' | 'onMenu'> {
    readonly app: JupyterFrontEnd;
    readonly api: RegistryApi;
    readonly trans: ITranslate;
    readonly state: IStateDB | null;
    readonly area: 'main' | 'right';
  }
}

interface ILoadableColumnMemory extends IColumnMemory {
  /** Fetches what is remembered, so that `read` can answer at once. */
  load: (model: string) => Promise<void>;
}

function columnMemory(state: IStateDB | null): ILoadableColumnMemory {
  const choices = new Map<string, Record<string, boolean>>();
  const keyOf = (model: string) => `jupyter-modelmgmt:columns:${model}`;
  return {
    load: async model => {
      const stored = await state?.fetch(keyOf(model));
      if (stored && !choices.has(model)) {
        choices.set(model, stored as Record<string, boolean>);
      }
    },
    read: model => choices.get(model) ?? { created_by: false },
    write: (model, columns) => {
      choices.set(model, { ...columns });
      void state?.save(keyOf(model), { ...columns });
    }
  };
}
