import { type IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { type RegistryApi } from '../api';
import { type IPrediction } from '../types';
import { messageOf } from './resource';

export type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'predicting' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'ready'; readonly prediction: IPrediction; readonly roundTripMs: number };

export interface ITrialState {
  readonly image: File | null;
  readonly outcome: Outcome;
}

const NOTHING: ITrialState = { image: null, outcome: { kind: 'none' } };

/** One image and what a deployment says of it (D35). */
export class Trial implements IDisposable {
  constructor(private _api: RegistryApi) {}

  get state(): ITrialState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Takes an image; an earlier answer goes. */
  choose(image: File): void {
    this._abort();
    this._set({ image, outcome: { kind: 'none' } });
  }

  discard(): void {
    this._abort();
    this._set(NOTHING);
  }

  /** Ends the running prediction; the image stays. */
  cancel(): void {
    this._abort();
    this._set({ ...this._state, outcome: { kind: 'none' } });
  }

  async predict(deployment: string): Promise<void> {
    const { image } = this._state;
    if (!image) {
      return;
    }
    this._abort();
    const running = (this._running = new AbortController());
    this._set({ image, outcome: { kind: 'predicting' } });
    const outcome = await this._ask(deployment, image, running.signal);
    if (!running.signal.aborted && !this.isDisposed) {
      this._set({ image, outcome });
    }
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._abort();
    Signal.clearData(this);
  }

  private async _ask(deployment: string, image: File, signal: AbortSignal): Promise<Outcome> {
    const start = performance.now();
    try {
      const prediction = await this._api.predict(deployment, image, signal);
      return { kind: 'ready', prediction, roundTripMs: performance.now() - start };
    } catch (error) {
      return { kind: 'failed', message: messageOf(error) };
    }
  }

  private _abort(): void {
    this._running?.abort();
    this._running = null;
  }

  private _set(state: ITrialState): void {
    this._state = state;
    this._changed.emit();
  }

  private _state = NOTHING;
  private _changed = new Signal<this, void>(this);
  private _running: AbortController | null = null;
  private _isDisposed = false;
}
