import { type IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { ApiError, type RegistryApi } from '../api';
import {
  type IComparisonTable,
  type IDeployment,
  type IModel,
  type IModelVersion,
  type IVersionSummary
} from '../types';
import { PagedList } from './list';
import { Resource } from './resource';
import { Trial } from './trial';

export type PageTab = 'versions' | 'compare' | 'test' | 'files';

/** What a model page shows: the model, its versions and deployments, and what one has chosen. */
export class ModelPage implements IDisposable {
  constructor(
    private _api: RegistryApi,
    readonly name: string
  ) {
    this.model = new Resource(() => _api.model(name));
    this.versions = new PagedList(query => _api.versions(name, query));
    this.deployments = new Resource(() => this._readDeployments());
    this.version = new Resource(() => this._readVersion());
    this.comparison = new Resource(() => this._compare());
    this.logs = new Resource(() => this._readLogs());
    this.trial = new Trial(_api);
    for (const part of this._parts) {
      part.changed.connect(this._tell, this);
    }
  }

  readonly model: Resource<IModel>;
  readonly versions: PagedList<IVersionSummary>;
  readonly deployments: Resource<readonly IDeployment[]>;
  /** The version that is looked at, with all it has. */
  readonly version: Resource<IModelVersion | null>;
  readonly comparison: Resource<IComparisonTable | null>;
  readonly logs: Resource<string>;
  readonly trial: Trial;

  /** Emits when anything of the page changed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get tab(): PageTab {
    return this._tab;
  }

  set tab(tab: PageTab) {
    this._tab = tab;
    this._tell();
  }

  /** The version that is looked at; the latest one until another is chosen. */
  get chosen(): string | null {
    const model = this.model.value;
    return this._chosen ?? model?.latest?.version ?? model?.newest?.version ?? null;
  }

  choose(version: string): void {
    this._chosen = version;
    this._tell();
    void this.version.refresh();
  }

  /** The versions that are ticked for comparison, in the order of ticking. */
  get picked(): readonly string[] {
    return this._picked;
  }

  pick(versions: readonly string[]): void {
    this._picked = versions;
    this._base = Math.min(this._base, Math.max(0, versions.length - 1));
    this._tell();
    void this.comparison.refresh();
  }

  get base(): number {
    return this._base;
  }

  set base(base: number) {
    this._base = base;
    this._tell();
    void this.comparison.refresh();
  }

  /** The deployment whose logs are open, if any. */
  get logsOf(): string | null {
    return this._logsOf;
  }

  set logsOf(deployment: string | null) {
    this._logsOf = deployment;
    void this.logs.reload();
  }

  async refresh(): Promise<void> {
    await Promise.all([this.model.refresh(), this.versions.refresh(), this.deployments.refresh()]);
    this._openFailedLogs();
    await Promise.all([this.version.refresh(), this.comparison.refresh(), this.logs.refresh()]);
  }

  get isDisposed(): boolean {
    return this.trial.isDisposed;
  }

  dispose(): void {
    for (const part of this._parts) {
      part.dispose();
    }
    Signal.clearData(this);
  }

  private get _parts() {
    const { model, versions, deployments, version, comparison, logs, trial } = this;
    return [model, versions, deployments, version, comparison, logs, trial];
  }

  private async _readDeployments(): Promise<readonly IDeployment[]> {
    return (await this._api.deployments(this.name)).items;
  }

  private async _readVersion(): Promise<IModelVersion | null> {
    const version = this.chosen;
    return version === null ? null : this._api.version(this.name, version);
  }

  private async _compare(): Promise<IComparisonTable | null> {
    if (!this._picked.length) {
      return null;
    }
    const selectors = this._picked.map(version => `${this.name}@${version}`);
    return this._api.compare(selectors, this._base);
  }

  private async _readLogs(): Promise<string> {
    if (this._logsOf === null) {
      return '';
    }
    try {
      return (await this._api.logs(this._logsOf)).text;
    } catch (error) {
      // A deployment that failed before a worker came up has no log.
      if (error instanceof ApiError && error.status === 404) {
        return '';
      }
      throw error;
    }
  }

  /** Opens the logs of a deployment that failed since the last look; closing them keeps them shut. */
  private _openFailedLogs(): void {
    for (const { name, state, revision } of this.deployments.value ?? []) {
      const failure = `${name} ${revision}`;
      if (state === 'Failed' && !this._failures.has(failure)) {
        this._failures.add(failure);
        this._logsOf = name;
      }
    }
  }

  private _tell(): void {
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _tab: PageTab = 'versions';
  private _chosen: string | null = null;
  private _picked: readonly string[] = [];
  private _base = 0;
  private _logsOf: string | null = null;
  private _failures = new Set<string>();
}
