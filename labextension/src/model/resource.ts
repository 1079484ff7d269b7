import { ServerConnection } from '@jupyterlab/services';
import { type IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

/** Something that is read from elsewhere: being read, not readable, or there. */
export type Fetched<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'ready'; readonly value: T };

const LOADING = { kind: 'loading' } as const;

/** The value of `read`, read again on demand; the answer to an older question is dropped. */
export class Resource<T> implements IDisposable {
  constructor(private _read: () => Promise<T>) {}

  get state(): Fetched<T> {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The value, if it is there. */
  get value(): T | undefined {
    return this._state.kind === 'ready' ? this._state.value : undefined;
  }

  /** Reads again; the old value is shown until the new one is there, also while nobody answers. */
  async refresh(): Promise<void> {
    const request = ++this._request;
    const state = await settled(this._read(), this._state);
    if (request === this._request && !this.isDisposed) {
      this._set(state);
    }
  }

  /** Forgets the value and reads again. */
  reload(): Promise<void> {
    this._set(LOADING);
    return this.refresh();
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    Signal.clearData(this);
  }

  private _set(state: Fetched<T>): void {
    this._state = state;
    this._changed.emit();
  }

  private _state: Fetched<T> = LOADING;
  private _changed = new Signal<this, void>(this);
  private _request = 0;
  private _isDisposed = false;
}

async function settled<T>(promise: Promise<T>, before: Fetched<T>): Promise<Fetched<T>> {
  try {
    return { kind: 'ready', value: await promise };
  } catch (error) {
    if (error instanceof ServerConnection.NetworkError && before.kind === 'ready') {
      return before;
    }
    return { kind: 'failed', message: messageOf(error) };
  }
}

/** The sentence of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
