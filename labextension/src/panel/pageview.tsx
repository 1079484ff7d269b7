import { ReactWidget } from '@jupyterlab/ui-components';
import { type IDisposable } from '@lumino/disposable';
import { type ISignal } from '@lumino/signaling';

/** What a document of the main area shows: one thing by its name, a tab at a time. */
export interface IPage extends IDisposable {
  readonly name: string;
  readonly tab: string;
  readonly changed: ISignal<unknown, void>;
  refresh: () => Promise<void>;
}

/** A page in the main area. */
export class PageView<P extends IPage> extends ReactWidget {
  constructor(
    readonly page: P,
    private _content: () => JSX.Element
  ) {
    super();
    this.addClass('jp-modelmgmt-Page');
  }

  override dispose(): void {
    this.page.dispose();
    super.dispose();
  }

  protected render(): JSX.Element {
    return this._content();
  }
}
