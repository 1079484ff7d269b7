import { type IDisposable } from '@lumino/disposable';
import { Poll } from '@lumino/polling';
import { type ISignal, Signal } from '@lumino/signaling';

import { type RegistryApi } from '../api';
import { type ILogsQuery } from '../deploymentapi';
import {
  type IClient,
  type IDeployment,
  type IDeploymentMetrics,
  type IDifference,
  type IExample,
  type ILogs,
  type IModelVersion,
  type IRevision
} from '../types';
import { type ISample } from '../usage';
import { Kept } from './kept';
import { readLogs } from './logs';
import { Resource } from './resource';
import { type IAsker, Trial } from './trial';

export const DEPLOYMENT_TABS = [
  'information',
  'test',
  'metrics',
  'logs',
  'history',
  'clients',
  'example'
] as const;

export type DeploymentTab = (typeof DEPLOYMENT_TABS)[number];

/** Milliseconds between two looks at what changes by itself. */
const LIVE_MS = 2000;

/** So many looks are drawn: five minutes. */
const KEPT_SAMPLES = 150;

/** The server keeps no more lines than this. */
export const MOST_LINES = 2000;

/** What the page of a deployment shows, and what is chosen on it. */
export class DeploymentPage implements IDisposable {
  constructor(
    private _api: RegistryApi,
    readonly name: string,
    asker: IAsker = _api
  ) {
    this.deployment = new Resource(() => _api.deployment(name));
    this.version = new Resource(() => this._readVersion());
    this.metrics = new Resource(() => this._readMetrics());
    this.logs = new Resource(() => readLogs(_api, name, this._logQuery));
    this.revisions = new Resource(async () => (await _api.revisions(name)).items);
    this.differences = new Resource(() => this._readDifferences());
    this.clients = new Resource(async () => (await _api.clients(name)).items);
    this.example = new Resource(() => _api.example(name, this._client));
    this.trial = new Trial(asker);
    this.kept = new Kept(_api, () => this.deployment.value ?? null);
    for (const part of this._parts) {
      part.changed.connect(this._tell, this);
    }
    this._poll = new Poll({
      name: `jupyter-modelmgmt:deployment:${name}`,
      factory: () => this._look(),
      frequency: { interval: LIVE_MS, backoff: true, max: 10 * LIVE_MS },
      standby: () => document.hidden || !this.isWatched()
    });
  }

  readonly deployment: Resource<IDeployment>;
  /** The main version; its inputs make the request that the Test tab begins with. */
  readonly version: Resource<IModelVersion | null>;
  readonly metrics: Resource<IDeploymentMetrics>;
  readonly logs: Resource<ILogs>;
  readonly revisions: Resource<readonly IRevision[]>;
  /** What the opened revision changed. */
  readonly differences: Resource<readonly IDifference[]>;
  readonly clients: Resource<readonly IClient[]>;
  readonly example: Resource<IExample>;
  readonly trial: Trial;
  readonly kept: Kept;

  /** Whether somebody looks at the page; what nobody sees is not polled. */
  isWatched: () => boolean = () => true;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get tab(): DeploymentTab {
    return this._tab;
  }

  set tab(tab: DeploymentTab) {
    this._tab = tab;
    this._tell();
    void this._refreshTab();
  }

  /** The last looks at the metrics, the oldest first. */
  get samples(): readonly ISample[] {
    return this._samples;
  }

  /** Whether new lines of the logs are shown as they come. */
  get follows(): boolean {
    return this._follows;
  }

  set follows(follows: boolean) {
    this._follows = follows;
    this._tell();
    void this.logs.refresh();
  }

  /** Which lines are read, and how many of the last. */
  get logQuery(): ILogsQuery {
    return this._logQuery;
  }

  set logQuery(query: ILogsQuery) {
    this._logQuery = query;
    this._tell();
    void this.logs.refresh();
  }

  /** The revision whose changes are shown. */
  get opened(): number | null {
    return this._opened;
  }

  set opened(revision: number | null) {
    this._opened = revision;
    void this.differences.reload();
  }

  /** The client that the example is for; undefined is oneself. */
  get client(): string | undefined {
    return this._client;
  }

  set client(client: string | undefined) {
    this._client = client;
    void this.example.refresh();
  }

  async refresh(): Promise<void> {
    await this.deployment.refresh();
    await this._refreshTab();
  }

  get isDisposed(): boolean {
    return this.trial.isDisposed;
  }

  dispose(): void {
    this._poll.dispose();
    for (const part of this._parts) {
      part.dispose();
    }
    Signal.clearData(this);
  }

  private get _parts() {
    const { deployment, version, metrics, logs, revisions, differences, clients, example } = this;
    const { trial, kept } = this;
    return [
      ...[deployment, version, metrics, logs, revisions, differences, clients, example],
      ...[trial, kept]
    ];
  }

  /** Reads what changes without an event of the registry. */
  private async _look(): Promise<void> {
    if (this._tab === 'metrics') {
      await this.metrics.refresh();
    } else if (this._tab === 'logs' && this._follows) {
      await this.logs.refresh();
    }
  }

  /** Reads what only the tab in sight shows. */
  private async _refreshTab(): Promise<void> {
    const parts: Partial<Record<DeploymentTab, readonly { refresh: () => Promise<void> }[]>> = {
      test: [this.version, this.kept],
      metrics: [this.metrics],
      logs: [this.logs],
      history: [this.revisions],
      clients: [this.clients],
      example: [this.example, this.clients]
    };
    await Promise.all((parts[this._tab] ?? []).map(part => part.refresh()));
  }

  private async _readVersion(): Promise<IModelVersion | null> {
    const { model, version } = this.deployment.value ?? (await this._api.deployment(this.name));
    const read = await this._api.version(model, version);
    this.trial.offer(read.signature.inputs ?? []);
    return read;
  }

  private async _readMetrics(): Promise<IDeploymentMetrics> {
    const metrics = await this._api.deploymentMetrics(this.name);
    this._samples = [...this._samples, { at: Date.now(), metrics }].slice(-KEPT_SAMPLES);
    return metrics;
  }

  private async _readDifferences(): Promise<readonly IDifference[]> {
    const opened = this._opened;
    if (opened === null || opened < 2) {
      return [];
    }
    return (await this._api.revisionDiff(this.name, opened - 1, opened)).items;
  }

  private _tell(): void {
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _poll: Poll;
  private _tab: DeploymentTab = 'information';
  private _samples: readonly ISample[] = [];
  private _follows = true;
  private _logQuery: ILogsQuery = {
    lines: 200,
    replica: '',
    filter: ''
  };
  private _opened: number | null = null;
  private _client: string | undefined;
}
