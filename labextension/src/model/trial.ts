import { type IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { type IField, type IInference, type IPrediction } from '../types';
import { messageOf } from './resource';
import { requestFor } from './tensors';

export type Outcome =
  | { readonly kind: 'none' }
  | { readonly kind: 'predicting' }
  | { readonly kind: 'failed'; readonly message: string }
  | {
      readonly kind: 'ready';
      readonly prediction: IPrediction;
      readonly roundTripMs: number;
    }
  | {
      readonly kind: 'inferred';
      readonly inference: IInference;
      readonly roundTripMs: number;
    };

/** The answer of an outcome; null where there is none. */
export function saidOf(outcome: Outcome): IPrediction | IInference | null {
  switch (outcome.kind) {
    case 'ready':
      return outcome.prediction;
    case 'inferred':
      return outcome.inference;
    default:
      return null;
  }
}

/** Who answers: a version behind a deployment, one of `model` that is not deployed, or an object in memory. */
export interface ITarget {
  /** Empty for a version that a worker of its own answers with, and for an object. */
  readonly deployment: string;
  /** For an object the version through whose adapter it is asked. */
  readonly version: string;
  readonly model: string;
  /** The name of an object in the kernel's memory. */
  readonly variable?: string;
  readonly takesImages: boolean;
}

export interface IAnswer {
  readonly target: ITarget;
  readonly outcome: Outcome;
}

/** Passes questions on to those who answer. Aborting ends the work. */
export interface IAsker {
  predict: (target: ITarget, image: Blob, signal?: AbortSignal) => Promise<IPrediction>;
  /** `request` is the JSON of an Open Inference Protocol v2 request. */
  infer: (target: ITarget, request: string, signal?: AbortSignal) => Promise<IInference>;
}

export interface ITrialState {
  readonly image: File | null;
  /** The request to a version that takes tensors, as it was typed. */
  readonly tensors: string;
  /** What the version that is looked at takes; empty where nobody knows. */
  readonly inputs: readonly IField[];
  readonly outcome: Outcome;
  /** What several versions say of the same input. */
  readonly answers: readonly IAnswer[];
}

const NOTHING: ITrialState = {
  image: null,
  tensors: requestFor([]),
  inputs: [],
  outcome: { kind: 'none' },
  answers: []
};

/** One image, or tensors, and what a deployment says of it (D35). */
export class Trial implements IDisposable {
  constructor(private _asker: IAsker) {}

  get state(): ITrialState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Takes an image; an earlier answer goes. */
  choose(image: File): void {
    this._abort();
    this._set({
      ...this._state,
      image,
      outcome: { kind: 'none' },
      answers: []
    });
  }

  /** Takes the text of a request for a version without an adapter; an earlier answer goes. */
  write(tensors: string): void {
    this._abort();
    this._set({ ...this._state, tensors, outcome: { kind: 'none' }, answers: [] });
  }

  /** Takes what the version takes, and a request that fits it, unless one was written. */
  offer(inputs: readonly IField[]): void {
    const offered = requestFor(inputs);
    const tensors = this._state.tensors === this._offered ? offered : this._state.tensors;
    this._offered = offered;
    this._set({ ...this._state, tensors, inputs });
  }

  discard(): void {
    this._abort();
    this._set({ ...NOTHING, tensors: this._offered, inputs: this._state.inputs });
  }

  /** Ends the running prediction; the image stays. */
  cancel(): void {
    this._abort();
    this._set({ ...this._state, outcome: { kind: 'none' }, answers: [] });
  }

  /** Asks one about the image, or with the tensors. */
  async predict(target: ITarget): Promise<void> {
    if (target.takesImages && !this._state.image) {
      return;
    }
    this._abort();
    const { signal } = (this._running = new AbortController());
    this._set({ ...this._state, outcome: { kind: 'predicting' } });
    const outcome = await this._answer(target, signal);
    if (!signal.aborted && !this.isDisposed) {
      this._set({ ...this._state, outcome });
    }
  }

  /** Asks several versions about the same input, all at once. */
  async compare(targets: readonly ITarget[]): Promise<void> {
    this._abort();
    const { signal } = (this._running = new AbortController());
    const waiting: IAnswer[] = targets.map(target => ({
      target,
      outcome: { kind: 'predicting' }
    }));
    this._set({ ...this._state, outcome: { kind: 'none' }, answers: waiting });
    await Promise.all(
      targets.map(async (target, position) => {
        const outcome = await this._answer(target, signal);
        if (!signal.aborted && !this.isDisposed) {
          const answers = this._state.answers.map((answer, place) =>
            place === position ? { target, outcome } : answer
          );
          this._set({ ...this._state, answers });
        }
      })
    );
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  dispose(): void {
    this._isDisposed = true;
    this._abort();
    Signal.clearData(this);
  }

  private async _answer(target: ITarget, signal: AbortSignal): Promise<Outcome> {
    const { image, tensors } = this._state;
    const start = performance.now();
    const elapsed = () => performance.now() - start;
    try {
      if (target.takesImages && image) {
        const prediction = await this._asker.predict(target, image, signal);
        return { kind: 'ready', prediction, roundTripMs: elapsed() };
      }
      const inference = await this._asker.infer(target, tensors, signal);
      return { kind: 'inferred', inference, roundTripMs: elapsed() };
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
  private _offered = NOTHING.tensors;
  private _changed = new Signal<this, void>(this);
  private _running: AbortController | null = null;
  private _isDisposed = false;
}
