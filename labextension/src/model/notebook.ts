import { PathExt } from '@jupyterlab/coreutils';
import { type INotebookTracker, type NotebookPanel, NotebookActions } from '@jupyterlab/notebook';
import { type ISignal, Signal } from '@lumino/signaling';

import { type IActiveNotebook, type INotebookWatch } from './memory';

/** The watch over `tracker`; null where there are no notebooks. */
export function watchNotebooks(tracker: INotebookTracker | null): NotebookWatch | null {
  if (tracker === null) {
    return null;
  }
  return new NotebookWatch(tracker);
}

/** Follows the notebook that one works in: which it is, and when its memory may have changed. */
export class NotebookWatch implements INotebookWatch {
  constructor(private _tracker: INotebookTracker) {
    _tracker.currentChanged.connect(this._onCurrentChanged, this);
    NotebookActions.executed.connect(this._tell, this);
    this._onCurrentChanged();
  }

  /** Emits when another notebook is active, its kernel changed or a cell ran. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get active(): IActiveNotebook | null {
    const panel = this._tracker.currentWidget;
    const kernel = panel?.sessionContext.session?.kernel;
    if (!panel || !kernel || kernel.status === 'dead') {
      return null;
    }
    return { name: PathExt.basename(panel.context.path), kernel };
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _onCurrentChanged(): void {
    this._panel?.sessionContext.kernelChanged.disconnect(this._tell, this);
    this._panel = this._tracker.currentWidget;
    this._panel?.sessionContext.kernelChanged.connect(this._tell, this);
    this._tell();
  }

  private _tell(): void {
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _panel: NotebookPanel | null = null;
  private _isDisposed = false;
}
