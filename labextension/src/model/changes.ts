import { type Event } from '@jupyterlab/services';
import { type IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { type ISignal, Signal } from '@lumino/signaling';

import { type RegistryApi } from '../api';
import { type IRegistryEvent } from '../types';

export const REGISTRY_EVENT_SCHEMA = 'https://events.jupyter.org/jupyter_modelmgmt/registry/v1';

/** Events with this number change nothing: they tell how far work is. */
const NO_CHANGE = 0;

/** Changes that arrive within this time are told as one. */
const GATHER_MS = 100;

/**
 * Tells when the registry changed, whoever changed it.
 *
 * Events arrive through Jupyter's event stream. A slow poll asks for what the stream lost, for
 * example while the computer slept.
 */
export class Changes implements IDisposable {
  constructor(options: Changes.IOptions) {
    this._api = options.api;
    this._stream = options.stream;
    this._stream.connect(this._onEmission, this);
    this._poll = new Poll({
      name: 'jupyter-modelmgmt:changes',
      factory: () => this._catchUp(),
      frequency: { interval: options.interval, backoff: true, max: 3 * options.interval },
      standby: 'when-hidden'
    });
    this._poll.ticked.connect(this._onTicked, this);
  }

  /** Emits the events that were not told yet. */
  get changed(): ISignal<this, readonly IRegistryEvent[]> {
    return this._changed;
  }

  /** Milliseconds between two looks for lost events. */
  set interval(interval: number) {
    this._poll.frequency = { interval, backoff: true, max: 3 * interval };
  }

  /** Whether the server answered when it was last asked. */
  get isOnline(): boolean {
    return this._isOnline;
  }

  /** Emits when the server stops answering, and when it answers again. */
  get onlineChanged(): ISignal<this, boolean> {
    return this._onlineChanged;
  }

  /** Emits what is told of work that goes on, such as cloning. */
  get progress(): ISignal<this, IRegistryEvent> {
    return this._progress;
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._stream.disconnect(this._onEmission, this);
    this._poll.dispose();
    clearTimeout(this._timer);
    Signal.clearData(this);
  }

  private _onEmission(_: Event.IManager, emission: Event.Emission): void {
    if (emission.schema_id !== REGISTRY_EVENT_SCHEMA) {
      return;
    }
    const event = emission as unknown as IRegistryEvent;
    if (event.id === NO_CHANGE) {
      this._progress.emit(event);
    } else {
      this._add([event]);
    }
  }

  private _onTicked(_: Poll, { phase }: { readonly phase: string }): void {
    const isOnline = phase !== 'rejected';
    if ((phase === 'rejected' || phase === 'resolved') && isOnline !== this._isOnline) {
      this._isOnline = isOnline;
      this._onlineChanged.emit(isOnline);
    }
  }

  private async _catchUp(): Promise<void> {
    if (this._seen === undefined) {
      this._seen = (await this._api.status()).last_event;
    } else {
      this._add((await this._api.events(this._seen)).items);
    }
  }

  private _add(events: readonly IRegistryEvent[]): void {
    const fresh = events.filter(event => event.id > (this._seen ?? 0));
    if (!fresh.length) {
      return;
    }
    this._seen = Math.max(...fresh.map(event => event.id));
    this._gathered.push(...fresh);
    this._timer ??= setTimeout(() => this._tell(), GATHER_MS);
  }

  private _tell(): void {
    const events = this._gathered;
    this._gathered = [];
    this._timer = undefined;
    this._changed.emit(events);
  }

  private _api: RegistryApi;
  private _stream: Event.Stream;
  private _poll: Poll;
  private _changed = new Signal<this, readonly IRegistryEvent[]>(this);
  private _progress = new Signal<this, IRegistryEvent>(this);
  private _onlineChanged = new Signal<this, boolean>(this);
  private _isOnline = true;
  private _gathered: IRegistryEvent[] = [];
  private _seen: number | undefined;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

export namespace Changes {
  export interface IOptions {
    readonly api: RegistryApi;
    readonly stream: Event.Stream;
    /** Milliseconds between two looks for lost events. */
    readonly interval: number;
  }
}
