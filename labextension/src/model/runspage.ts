import { type IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { type ISignal, Signal } from '@lumino/signaling';

import { type RegistryApi } from '../api';
import { type INamedCurves } from '../curves';
import { type IRunsQuery } from '../runapi';
import { lineName } from '../runs';
import { type IRun } from '../types';
import { PagedList } from './list';
import { Resource } from './resource';

export const RUNS = 'runs';

/** Points of each line: as many as a chart has pixels. */
const CURVE_POINTS = 1000;

/** Milliseconds between two looks while something runs. */
const LIVE_MS = 2000;

/** Milliseconds of rest after a key before the server is asked. */
const TYPING_MS = 250;

export type RunsFilter = Pick<IRunsQuery, 'name' | 'status' | 'tag'>;

/** The runs of the registry, which of them are drawn over one another, and which is looked at. */
export class RunsPage implements IDisposable {
  constructor(private _api: RegistryApi) {
    this.runs = new PagedList(({ cursor, limit }) => _api.runs({ ...this._filter, cursor, limit }));
    this.curves = new Resource(() => this._readCurves());
    this.chosenRun = new Resource(async () => (this._chosen ? _api.oneRun(this._chosen) : null));
    for (const part of this._parts) {
      part.changed.connect(this._tell, this);
    }
    this._poll = new Poll({
      name: 'jupyter-modelmgmt:runs',
      factory: () => this._look(),
      frequency: { interval: LIVE_MS, backoff: true, max: 10 * LIVE_MS },
      standby: () => document.hidden || !this.isWatched()
    });
  }

  readonly name = RUNS;
  readonly tab = RUNS;
  readonly runs: PagedList<IRun>;
  /** The lines of the runs that are picked. */
  readonly curves: Resource<readonly INamedCurves[]>;
  readonly chosenRun: Resource<IRun | null>;

  /** Whether somebody looks at the page; what nobody sees is not polled. */
  isWatched: () => boolean = () => true;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get filter(): RunsFilter {
    return this._filter;
  }

  /** Shows the runs that match from now on; waits a moment for the next key. */
  set filter(filter: RunsFilter) {
    this._filter = filter;
    this._tell();
    clearTimeout(this._typing);
    this._typing = setTimeout(() => void this.runs.refresh(), TYPING_MS);
  }

  /** The ids of the runs whose curves are drawn. */
  get picked(): readonly string[] {
    return this._picked;
  }

  set picked(ids: readonly string[]) {
    this._picked = ids;
    this._tell();
    void this.curves.refresh();
  }

  get chosen(): string | null {
    return this._chosen;
  }

  /** Looks at one run, and draws its curves. */
  choose(id: string): void {
    this._chosen = id;
    if (!this._picked.includes(id)) {
      this.picked = [...this._picked, id];
    }
    void this.chosenRun.refresh();
  }

  async refresh(): Promise<void> {
    await this.runs.refresh();
    await Promise.all([this.curves.refresh(), this.chosenRun.refresh()]);
  }

  get isDisposed(): boolean {
    return this.runs.isDisposed;
  }

  dispose(): void {
    clearTimeout(this._typing);
    this._poll.dispose();
    this._parts.forEach(part => part.dispose());
    Signal.clearData(this);
  }

  private get _parts() {
    return [this.runs, this.curves, this.chosenRun];
  }

  /** Metrics are logged without an event of the registry: one looks again while something runs. */
  private async _look(): Promise<void> {
    if (this.runs.items.some(({ status }) => status === 'running')) {
      await this.refresh();
    }
  }

  private async _readCurves(): Promise<readonly INamedCurves[]> {
    const listed = new Map(this.runs.items.map(run => [run.id, run]));
    const runs = await Promise.all(
      this._picked.map(async id => listed.get(id) ?? this._api.oneRun(id))
    );
    return Promise.all(
      runs.map(async run => {
        const { items } = await this._api.runCurves(run.id, CURVE_POINTS);
        return { name: lineName(run, runs), series: items };
      })
    );
  }

  private _tell(): void {
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _poll: Poll;
  private _typing: ReturnType<typeof setTimeout> | undefined;
  private _filter: RunsFilter = {};
  private _picked: readonly string[] = [];
  private _chosen: string | null = null;
}
