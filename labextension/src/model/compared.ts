import { type IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { type RegistryApi } from '../api';
import { ApiError } from '../apierror';
import { type IComparisonTable } from '../types';
import { Resource } from './resource';

/** More versions than this do not fit beside one another. */
export const MAX_COMPARED = 8;

const SOURCE = 'source.py';

/** Versions side by side, also of several models. */
export class Compared implements IDisposable {
  constructor(private _api: RegistryApi) {
    this.table = new Resource(() => this._compare());
    this.sources = new Resource(() => this._readSources());
    this.table.changed.connect(this._tell, this);
    this.sources.changed.connect(this._tell, this);
  }

  readonly table: Resource<IComparisonTable | null>;
  /** The programs of the base and of the version that its cells are compared with. */
  readonly sources: Resource<readonly [base: string, other: string] | null>;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get selectors(): readonly string[] {
    return this._selectors;
  }

  set selectors(selectors: readonly string[]) {
    this._selectors = [...new Set(selectors)].slice(0, MAX_COMPARED);
    this._base = this._inside(this._base);
    this._other = this._inside(this._other);
    this._tell();
    void this.refresh();
  }

  /** The position of the version that differences refer to. */
  get base(): number {
    return this._base;
  }

  set base(base: number) {
    this._base = this._inside(base);
    this._tell();
    void this.refresh();
  }

  /** The position of the version whose cells are shown beside those of the base. */
  get other(): number {
    return this._other !== this._base ? this._other : this._base === 0 ? 1 : 0;
  }

  set other(other: number) {
    this._other = this._inside(other);
    this._tell();
    void this.sources.refresh();
  }

  async refresh(): Promise<void> {
    await Promise.all([this.table.refresh(), this.sources.refresh()]);
  }

  get isDisposed(): boolean {
    return this.table.isDisposed;
  }

  dispose(): void {
    this.table.dispose();
    this.sources.dispose();
    Signal.clearData(this);
  }

  private async _compare(): Promise<IComparisonTable | null> {
    return this._selectors.length ? this._api.compare(this._selectors, this._base) : null;
  }

  private async _readSources(): Promise<readonly [string, string] | null> {
    const base = this._selectors[this._base];
    const other = this._selectors[this.other];
    if (base === undefined || other === undefined) {
      return null;
    }
    return Promise.all([this._source(base), this._source(other)]);
  }

  /** The program of a version's cells, empty where none were captured. */
  private async _source(selector: string): Promise<string> {
    const [model, version] = selector.split('@') as [string, string];
    try {
      return (await this._api.preview(model, version, SOURCE)).text;
    } catch (error) {
      if (error instanceof ApiError && (error.status === 404 || error.status === 403)) {
        return '';
      }
      throw error;
    }
  }

  private _inside(position: number): number {
    return Math.min(position, Math.max(0, this._selectors.length - 1));
  }

  private _tell(): void {
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _selectors: readonly string[] = [];
  private _base = 0;
  private _other = 1;
}
