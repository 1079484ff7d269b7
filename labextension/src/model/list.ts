import { type IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { type IPage } from '../types';
import { type Fetched, Resource } from './resource';

export const PAGE_SIZE = 100;

/** The server gives no more at once. */
const LARGEST_PAGE = 1000;

/** The part of a long list that was read so far. */
export interface IListPart<T> {
  readonly items: readonly T[];
  readonly hasMore: boolean;
  /** Where the next page begins. */
  readonly cursor?: string;
}

/** A list that the server gives in pages; `search` and `filter` narrow it. */
export class PagedList<T> implements IDisposable {
  constructor(private _page: PagedList.Page<T>) {
    this._part = new Resource(() => this._read());
    this._part.changed.connect(this._onChanged, this);
  }

  get state(): Fetched<IListPart<T>> {
    return this._part.state;
  }

  get items(): readonly T[] {
    return this._part.value?.items ?? [];
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get search(): string {
    return this._search;
  }

  set search(search: string) {
    void this.narrow(search, this._filter);
  }

  get filter(): string {
    return this._filter;
  }

  /** Reads what contains `search` and matches `filter`, from the beginning. */
  async narrow(search: string, filter: string): Promise<void> {
    if (search !== this._search || filter !== this._filter) {
      this._search = search;
      this._filter = filter;
      this._wanted = PAGE_SIZE;
      await this.refresh();
    }
  }

  /** Reads the same part again. */
  refresh(): Promise<void> {
    return this._part.refresh();
  }

  /** Reads one page more, if there is one. */
  async more(): Promise<void> {
    const part = this._part.value;
    if (part?.hasMore && this._wanted <= part.items.length) {
      this._wanted = part.items.length + PAGE_SIZE;
      this._before = part;
      await this.refresh();
    }
  }

  get isDisposed(): boolean {
    return this._part.isDisposed;
  }

  dispose(): void {
    this._part.dispose();
    Signal.clearData(this);
  }

  private async _read(): Promise<IListPart<T>> {
    const before = this._before;
    this._before = null;
    const items = [...(before?.items ?? [])];
    let cursor = before?.cursor;
    const { _search: search, _filter: filter } = this;
    do {
      // A long list is read again in few large parts.
      const limit = Math.min(LARGEST_PAGE, Math.max(PAGE_SIZE, this._wanted - items.length));
      const page = await this._page({ search, filter, cursor, limit });
      items.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined && items.length < this._wanted);
    return { items, hasMore: cursor !== undefined, cursor };
  }

  private _onChanged(): void {
    this._changed.emit();
  }

  private _part: Resource<IListPart<T>>;
  private _changed = new Signal<this, void>(this);
  private _search = '';
  private _filter = '';
  private _wanted = PAGE_SIZE;
  private _before: IListPart<T> | null = null;
}

export namespace PagedList {
  export type Page<T> = (query: {
    readonly search: string;
    readonly filter: string;
    readonly cursor: string | undefined;
    readonly limit: number;
  }) => Promise<IPage<T>>;
}
