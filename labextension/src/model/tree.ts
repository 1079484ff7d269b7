import { type IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { type RegistryApi } from '../api';
import { type IModel, type IVersionSummary } from '../types';
import { type IListPart, PagedList } from './list';
import { type Fetched } from './resource';

/** A row of the tree: a model, one of its versions, or what is said in place of versions. */
export type TreeRow =
  | { readonly kind: 'model'; readonly model: IModel; readonly isOpen: boolean }
  | { readonly kind: 'version'; readonly model: IModel; readonly version: IVersionSummary }
  | { readonly kind: 'more'; readonly model: IModel }
  | { readonly kind: 'note'; readonly model: IModel; readonly state: 'loading' | 'empty' }
  | { readonly kind: 'failed'; readonly model: IModel; readonly message: string };

/** The models with the versions of those that are open. */
export class ModelTree implements IDisposable {
  constructor(private _api: RegistryApi) {
    this.models = new PagedList(query => _api.models(query));
    this.models.changed.connect(this._tell, this);
  }

  readonly models: PagedList<IModel>;

  /** Emits when any row changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get state(): Fetched<IListPart<IModel>> {
    return this.models.state;
  }

  /** All rows from top to bottom; the same list until something changes. */
  get rows(): readonly TreeRow[] {
    this._rows ??= this.models.items.flatMap(model => this._rowsOf(model));
    return this._rows;
  }

  isOpen(model: string): boolean {
    return this._versions.has(model);
  }

  toggle(model: string): void {
    if (this.isOpen(model)) {
      this.close(model);
    } else {
      this.open(model);
    }
  }

  open(model: string): void {
    if (!this.isOpen(model)) {
      const versions = new PagedList<IVersionSummary>(({ filter, cursor, limit }) =>
        this._api.versions(model, { filter, cursor, limit })
      );
      versions.changed.connect(this._tell, this);
      this._versions.set(model, versions);
      const { filter } = this.models;
      void (filter ? versions.narrow('', filter) : versions.refresh());
      this._tell();
    }
  }

  close(model: string): void {
    this._versions.get(model)?.dispose();
    if (this._versions.delete(model)) {
      this._tell();
    }
  }

  /** Reads more versions of `model`. */
  more(model: string): void {
    void this._versions.get(model)?.more();
  }

  /** Shows the models whose names contain `search` and the versions that match `filter`. */
  async narrow(search: string, filter: string): Promise<void> {
    await Promise.all([
      this.models.narrow(search, filter),
      ...[...this._versions.values()].map(versions => versions.narrow('', filter))
    ]);
  }

  async refresh(): Promise<void> {
    await Promise.all([
      this.models.refresh(),
      ...[...this._versions.values()].map(versions => versions.refresh())
    ]);
  }

  get isDisposed(): boolean {
    return this.models.isDisposed;
  }

  dispose(): void {
    this.models.dispose();
    for (const versions of this._versions.values()) {
      versions.dispose();
    }
    Signal.clearData(this);
  }

  private _rowsOf(model: IModel): readonly TreeRow[] {
    const versions = this._versions.get(model.name);
    const row = { kind: 'model', model, isOpen: versions !== undefined } as const;
    return versions ? [row, ...inside(model, versions.state)] : [row];
  }

  private _tell(): void {
    this._rows = null;
    this._changed.emit();
  }

  private _rows: readonly TreeRow[] | null = null;
  private _versions = new Map<string, PagedList<IVersionSummary>>();
  private _changed = new Signal<this, void>(this);
}

function inside(model: IModel, state: Fetched<IListPart<IVersionSummary>>): readonly TreeRow[] {
  if (state.kind === 'loading') {
    return [{ kind: 'note', model, state: 'loading' }];
  }
  if (state.kind === 'failed') {
    return [{ kind: 'failed', model, message: state.message }];
  }
  const { items, hasMore } = state.value;
  const rows = items.map(version => ({ kind: 'version', model, version }) as const);
  if (!rows.length) {
    return [{ kind: 'note', model, state: 'empty' }];
  }
  return hasMore ? [...rows, { kind: 'more', model }] : rows;
}
