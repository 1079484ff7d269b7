import { type Kernel } from '@jupyterlab/services';
import { type IDisposable } from '@lumino/disposable';
import { type ISignal } from '@lumino/signaling';

import { inMemory } from '../kernel';
import { type IMemoryModel } from '../types';
import { Resource } from './resource';

/** The kernel spends little time on one look: the digests of large objects come with later ones. */
const LOOKS = 3;
const LOOK_AGAIN_MS = 1000;

/** What a notebook's kernel holds; `notebook` is null when no notebook with a kernel is active. */
export interface IMemory {
  readonly notebook: string | null;
  readonly models: readonly IMemoryModel[];
}

/** The notebook that one works in and its kernel. */
export interface IActiveNotebook {
  readonly name: string;
  /** Where it lies for the contents of the server. */
  readonly path: string;
  readonly kernel: Kernel.IKernelConnection;
}

/** Tells the active notebook, and when its memory may have changed. */
export interface INotebookWatch extends IDisposable {
  readonly active: IActiveNotebook | null;
  readonly changed: ISignal<INotebookWatch, void>;
}

/** The objects of the active notebook's kernel. */
export class MemoryList extends Resource<IMemory> {
  constructor(readonly watch: INotebookWatch | null) {
    super(() => look(watch?.active ?? null));
  }

  get active(): IActiveNotebook | null {
    return this.watch?.active ?? null;
  }

  /** Reads again, and a little later once more while some object is not yet told apart. */
  override async refresh(): Promise<void> {
    this._looks = 0;
    await this._look();
  }

  override dispose(): void {
    clearTimeout(this._timer);
    this.watch?.dispose();
    super.dispose();
  }

  private async _look(): Promise<void> {
    clearTimeout(this._timer);
    await super.refresh();
    const isOpen = this.value?.models.some(({ fitted, standing }) => fitted && standing === '');
    if (isOpen && ++this._looks < LOOKS && !this.isDisposed) {
      this._timer = setTimeout(() => void this._look(), LOOK_AGAIN_MS);
    }
  }

  private _looks = 0;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

async function look(active: IActiveNotebook | null): Promise<IMemory> {
  if (!active) {
    return { notebook: null, models: [] };
  }
  const { language_info } = await active.kernel.info;
  if (language_info.name !== 'python') {
    throw new Error(`Only Python kernels are looked into; this one runs ${language_info.name}.`);
  }
  return { notebook: active.name, models: await inMemory(active.kernel) };
}
