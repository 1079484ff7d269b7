import { type IStateDB } from '@jupyterlab/statedb';
import { type ISignal, Signal } from '@lumino/signaling';

import { type RegistryApi } from '../api';
import { type IRegistryEvent } from '../types';

const KEY = 'jupyter-modelmgmt:cells';

/** So many versions are kept of one cell, the newest ones. */
const KEPT = 3;

/** The cells of an open notebook, by the numbers that they ran as. */
export interface IOpenNotebook {
  /** The whole path on the server's machine. */
  readonly path: string;
  /** The identity of the cell that ran as `count`. */
  cellOf: (count: number) => string | undefined;
}

/** Which versions came of which cells: kept beside the notebooks, which stay as they are (N18). */
export class Origins {
  constructor(
    private _api: RegistryApi,
    private _state: IStateDB | null
  ) {
    void this._load();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The selectors of the versions that came of a cell, the newest first. */
  of(cell: string): readonly string[] {
    return this._found.get(cell) ?? [];
  }

  /** Notes where the versions of `events` come from, if from one of `notebooks`. */
  async note(
    events: readonly IRegistryEvent[],
    notebooks: readonly IOpenNotebook[]
  ): Promise<void> {
    const registered = events.filter(({ action }) => action === 'version.registered');
    for (const { model, version } of notebooks.length ? registered : []) {
      const { code } = await this._api.version(model, version);
      const counts = Array.isArray(code['cells']) ? (code['cells'] as number[]) : [];
      if (counts.length) {
        const place = { path: String(code['notebook']), count: counts.at(-1)! };
        this._waiting.push({ selector: `${model}@${version}`, ...place });
      }
    }
    this.settle(notebooks);
  }

  /** Finds the cells of versions that wait: a cell has its number only when it has run. */
  settle(notebooks: readonly IOpenNotebook[]): void {
    const left = this._waiting.filter(({ selector, path, count }) => {
      const cell = notebooks.find(notebook => notebook.path === path)?.cellOf(count);
      if (cell === undefined) {
        return true;
      }
      const others = this.of(cell).filter(one => one !== selector);
      this._found.set(cell, [selector, ...others].slice(0, KEPT));
      return false;
    });
    if (left.length < this._waiting.length) {
      this._waiting = left;
      this._changed.emit();
      void this._state?.save(KEY, Object.fromEntries(this._found));
    }
  }

  private async _load(): Promise<void> {
    const kept = (await this._state?.fetch(KEY)) as Record<string, string[]> | undefined;
    Object.entries(kept ?? {}).forEach(([cell, selectors]) => this._found.set(cell, selectors));
    this._changed.emit();
  }

  private _found = new Map<string, readonly string[]>();
  private _waiting: { readonly selector: string; readonly path: string; readonly count: number }[] =
    [];
  private _changed = new Signal<this, void>(this);
}
