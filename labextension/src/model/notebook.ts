import { PageConfig, PathExt } from '@jupyterlab/coreutils';
import { type INotebookTracker, type NotebookPanel, NotebookActions } from '@jupyterlab/notebook';
import { type Kernel } from '@jupyterlab/services';
import { type ISignal, Signal } from '@lumino/signaling';

import { tellNotebook } from '../kernel';
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
    const { path } = panel.context;
    return { name: PathExt.basename(path), path, kernel };
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _onCurrentChanged(): void {
    this._panel?.sessionContext.kernelChanged.disconnect(this._onKernel, this);
    this._panel?.sessionContext.statusChanged.disconnect(this._onStatus, this);
    this._panel?.context.pathChanged.disconnect(this._onKernel, this);
    this._panel = this._tracker.currentWidget;
    this._panel?.sessionContext.kernelChanged.connect(this._onKernel, this);
    this._panel?.sessionContext.statusChanged.connect(this._onStatus, this);
    this._panel?.context.pathChanged.connect(this._onKernel, this);
    this._onKernel();
  }

  /** Another kernel, or another path: the kernel is told where its notebook lies. */
  private _onKernel(): void {
    this._isTold = false;
    this._tellKernel();
    this._tell();
  }

  private _onStatus(_: unknown, status: Kernel.Status): void {
    if (status === 'restarting' || status === 'autorestarting') {
      this._isTold = false;
    } else if (status === 'idle') {
      this._tellKernel();
    }
  }

  private _tellKernel(): void {
    const { active } = this;
    if (!active || this._isTold || active.kernel.connectionStatus !== 'connected') {
      return;
    }
    this._isTold = true;
    const folder = PageConfig.getOption('serverRoot');
    // Files elsewhere than in the server's folder have no path that a kernel could open.
    if (folder && !active.path.includes(':')) {
      tellNotebook(active.kernel, `${folder.replace(/\/$/, '')}/${active.path}`).catch(() => {
        // A kernel that ends meanwhile needs to know nothing; the next one is told again.
        this._isTold = false;
      });
    }
  }

  private _tell(): void {
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _panel: NotebookPanel | null = null;
  private _isTold = false;
  private _isDisposed = false;
}
