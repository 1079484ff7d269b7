import { type IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { type RegistryApi } from '../api';
import { sourceFile } from '../card';
import { type INamedCurves } from '../curves';
import {
  type IDeployment,
  type ILineageGraph,
  type IModel,
  type IModelVersion,
  type IPreview,
  type IRegistryEvent,
  type IVersionSummary
} from '../types';
import { Compared } from './compared';
import { Kept } from './kept';
import { PagedList } from './list';
import { readLogs } from './logs';
import { Resource } from './resource';
import { type IAsker, Trial } from './trial';

/** More curves over one another are not told apart. */
const OVERLAID = 4;

/** A chart is seldom wider than this many pixels. */
const CURVE_POINTS = 600;

export const PAGE_TABS = [
  'card',
  'versions',
  'metrics',
  'compare',
  'lineage',
  'files',
  'deployments',
  'test',
  'history'
] as const;

export type PageTab = (typeof PAGE_TABS)[number];

/** What a model page shows: the model, its versions and deployments, and what one has chosen. */
export class ModelPage implements IDisposable {
  constructor(
    private _api: RegistryApi,
    readonly name: string,
    asker: IAsker = _api
  ) {
    this.model = new Resource(() => _api.model(name));
    this.versions = new PagedList(query => _api.versions(name, query));
    this.deployments = new Resource(() => this._readDeployments());
    this.version = new Resource(() => this._readVersion());
    this.source = new Resource(() => this._readSource());
    this.curves = new Resource(() => this._readCurves());
    this.lineage = new Resource(() => this._readLineage());
    this.preview = new Resource(() => this._readPreview());
    this.history = new PagedList(query => _api.history(name, query));
    this.compared = new Compared(_api);
    this.logs = new Resource(() => this._readLogs());
    this.trial = new Trial(asker);
    this.kept = new Kept(_api, () => ({ model: name, version: this.chosen ?? '' }));
    this._parts.forEach(part => part.changed.connect(this._tell, this));
  }

  readonly model: Resource<IModel>;
  readonly versions: PagedList<IVersionSummary>;
  readonly deployments: Resource<readonly IDeployment[]>;
  /** The version that is looked at, with all it has. */
  readonly version: Resource<IModelVersion | null>;
  /** The program of the cells that made the version that is looked at. */
  readonly source: Resource<IPreview | null>;
  /** The curves of the versions that are laid over one another. */
  readonly curves: Resource<readonly INamedCurves[]>;
  readonly lineage: Resource<ILineageGraph | null>;
  /** The beginning of the file that is looked at. */
  readonly preview: Resource<IPreview | null>;
  readonly history: PagedList<IRegistryEvent>;
  readonly compared: Compared;
  readonly logs: Resource<string>;
  readonly trial: Trial;
  readonly kept: Kept;

  /** What the table of versions is sorted by, as a search says it: `-metrics.loss`; "" for the last one first. */
  get sort(): string {
    return this._sort;
  }

  /** The versions as the table lists them: where it has a part of them only, the server sorts. */
  get listed(): PagedList<IVersionSummary> {
    return this._sorted ?? this.versions;
  }

  async sortBy(sort: string): Promise<void> {
    this._sort = sort;
    this._tell();
    const sorted =
      sort && this.versions.state.kind === 'ready' && this.versions.state.value.hasMore
        ? new PagedList<IVersionSummary>(query => this._api.versions(this.name, { ...query, sort }))
        : null;
    await sorted?.refresh();
    if (this._sort !== sort || this.isDisposed) {
      sorted?.dispose();
      return;
    }
    this._sorted?.dispose();
    this._sorted = sorted;
    sorted?.changed.connect(this._tell, this);
    this._tell();
  }

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
    void this._refreshTab();
  }

  /** The version that is looked at; the latest one until another is chosen. */
  get chosen(): string | null {
    const model = this.model.value;
    return this._chosen ?? model?.latest?.version ?? model?.newest?.version ?? null;
  }

  choose(version: string): void {
    this._chosen = version;
    this._tell();
    void this.kept.results.reload();
    void this.version.refresh().then(() => this._refreshTab());
  }

  /** The versions of this model that are ticked, in the order of ticking. */
  get picked(): readonly string[] {
    return this.compared.selectors
      .filter(selector => this._isOwn(selector))
      .map(selector => selector.slice(this.name.length + 1));
  }

  /** Ticks versions of this model; those of others stay in the comparison. */
  pick(versions: readonly string[]): void {
    const others = this.compared.selectors.filter(selector => !this._isOwn(selector));
    const own = versions.map(version => `${this.name}@${version}`);
    this.compared.selectors = [...own, ...others];
  }

  /** The versions whose curves are laid over one another: those ticked, else the last ones. */
  get overlaid(): readonly string[] {
    if (this._overlaid) {
      return this._overlaid;
    }
    const last = this.versions.items.slice(0, OVERLAID).map(({ version }) => version);
    return this.picked.length ? this.picked : last;
  }

  set overlaid(versions: readonly string[]) {
    this._overlaid = versions;
    this._tell();
    void this.curves.refresh();
  }

  /** The file that is looked at. */
  get previewed(): string | null {
    const there = this.version.value?.artifacts.some(({ path }) => path === this._previewed);
    return there ? this._previewed : null;
  }

  set previewed(path: string | null) {
    this._previewed = path;
    void this.preview.reload();
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
    const { model, versions, deployments, _sorted: sorted } = this;
    const lists = [model, versions, deployments, ...(sorted ? [sorted] : [])];
    await Promise.all(lists.map(list => list.refresh()));
    this._openFailedLogs();
    await Promise.all([this.version.refresh(), this.logs.refresh(), this.kept.refresh()]);
    await this._refreshTab();
  }

  get isDisposed(): boolean {
    return this.trial.isDisposed;
  }

  dispose(): void {
    this._parts.forEach(part => part.dispose());
    this._sorted?.dispose();
    Signal.clearData(this);
  }

  private get _parts() {
    const { model, versions, deployments, version, compared, logs, trial, kept } = this;
    const { source, history, curves, lineage, preview } = this;
    const tabs = [source, history, curves, lineage, preview];
    return [model, versions, deployments, version, compared, logs, trial, kept, ...tabs];
  }

  /** Reads what only the tab in sight shows. */
  private async _refreshTab(): Promise<void> {
    const parts: Partial<Record<PageTab, { refresh: () => Promise<void> }>> = {
      card: this.source,
      history: this.history,
      metrics: this.curves,
      lineage: this.lineage,
      files: this.preview,
      compare: this.compared
    };
    await parts[this._tab]?.refresh();
  }

  private _readCurves(): Promise<readonly INamedCurves[]> {
    const read = async (version: string) => {
      const { items } = await this._api.curves(this.name, version, CURVE_POINTS);
      return { name: version, series: items };
    };
    return Promise.all(this.overlaid.map(read));
  }

  private async _readLineage(): Promise<ILineageGraph | null> {
    const version = this.chosen;
    return version === null ? null : this._api.lineage(this.name, version);
  }

  private async _readPreview(): Promise<IPreview | null> {
    const [version, path] = [this.chosen, this.previewed];
    return version === null || path === null ? null : this._api.preview(this.name, version, path);
  }

  private async _readSource(): Promise<IPreview | null> {
    const version = this.version.value;
    const path = version ? sourceFile(version) : null;
    return version && path ? this._api.preview(this.name, version.version, path) : null;
  }

  private async _readDeployments(): Promise<readonly IDeployment[]> {
    return (await this._api.deployments(this.name)).items;
  }

  private async _readVersion(): Promise<IModelVersion | null> {
    const version = this.chosen;
    if (version === null) {
      return null;
    }
    const read = await this._api.version(this.name, version);
    this.trial.offer(read.signature.inputs ?? []);
    return read;
  }

  private _isOwn(selector: string): boolean {
    return selector.startsWith(`${this.name}@`);
  }

  private async _readLogs(): Promise<string> {
    return this._logsOf === null ? '' : (await readLogs(this._api, this._logsOf)).text;
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

  private _sort = '';
  private _sorted: PagedList<IVersionSummary> | null = null;
  private _changed = new Signal<this, void>(this);
  private _tab: PageTab = 'versions';
  private _chosen: string | null = null;
  private _overlaid: readonly string[] | null = null;
  private _previewed: string | null = null;
  private _logsOf: string | null = null;
  private _failures = new Set<string>();
}
