import { type JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { type IDisposable } from '@lumino/disposable';

import { modelsIcon } from '../icons';
import { type IPage, type PageView } from './pageview';

export type PageWidget<P extends IPage> = MainAreaWidget<PageView<P>>;

/** The open pages of one kind, at most one per name. */
export class Pages<P extends IPage> implements IDisposable {
  constructor(private _options: Pages.IOptions<P>) {
    this.tracker = new WidgetTracker<PageWidget<P>>({ namespace: _options.namespace });
  }

  readonly tracker: WidgetTracker<PageWidget<P>>;

  /** Brings the page of `name` to the front; it is made when it is not open. */
  async open(name: string): Promise<P> {
    const { app, area, type } = this._options;
    const widget = this.find(name) ?? (await this._make(name));
    if (!widget.isAttached) {
      app.shell.add(widget, area, { type });
    }
    app.shell.activateById(widget.id);
    return widget.content.page;
  }

  find(name: string): PageWidget<P> | undefined {
    return this.tracker.find(({ content }) => content.page.name === name);
  }

  /** Reads again the open pages that `isConcerned`. */
  refresh(isConcerned: (name: string) => boolean = () => true): void {
    this.tracker.forEach(({ content }) => {
      if (isConcerned(content.page.name)) {
        void content.page.refresh();
      }
    });
  }

  close(name: string): void {
    this.find(name)?.close();
  }

  get isDisposed(): boolean {
    return this.tracker.isDisposed;
  }

  dispose(): void {
    this.tracker.dispose();
  }

  private async _make(name: string): Promise<PageWidget<P>> {
    const content = await this._options.make(name);
    const widget = new MainAreaWidget({ content });
    widget.toolbar.hide();
    widget.id = `${this._options.id}-${name}`;
    widget.title.label = this._options.label?.(name) ?? name;
    widget.title.icon = modelsIcon;
    widget.title.caption = this._options.caption(name);
    widget.title.closable = true;
    await this.tracker.add(widget);
    this._rememberTab(widget);
    void content.page.refresh();
    return widget;
  }

  /** Keeps what is restored after a reload in step with the tab that is open. */
  private _rememberTab(widget: PageWidget<P>): void {
    const { page } = widget.content;
    let { tab } = page;
    page.changed.connect(() => {
      if (page.tab !== tab) {
        tab = page.tab;
        void this.tracker.save(widget);
      }
    });
  }
}

export namespace Pages {
  export interface IOptions<P extends IPage> {
    readonly app: JupyterFrontEnd;
    readonly area: 'main' | 'right';
    /** The kind of the pages, for the shell. */
    readonly type: string;
    readonly namespace: string;
    /** What the identities of the widgets begin with. */
    readonly id: string;
    caption: (name: string) => string;
    /** What stands on the tab, if that is not the name. */
    label?: (name: string) => string;
    make: (name: string) => Promise<PageView<P>>;
  }
}
