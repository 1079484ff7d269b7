import { type IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { type RegistryApi } from '../api';
import { type ApprovalState, type IApproval, type IStageRule, type ITrashed } from '../types';
import { PagedList } from './list';
import { Resource } from './resource';

export const REGISTRY = 'registry';

export const REGISTRY_TABS = ['approvals', 'stages', 'trash'] as const;

export type RegistryTab = (typeof REGISTRY_TABS)[number];

/** What holds for all models: who waits for an approval, the stages, the trash. */
export class RegistryPage implements IDisposable {
  constructor(api: RegistryApi) {
    this.approvals = new PagedList(({ cursor, limit }) =>
      api.approvals({ state: this._state, cursor, limit })
    );
    this.stages = new Resource(async () => (await api.stages()).items);
    this.trash = new PagedList(({ cursor, limit }) => api.trash({ cursor, limit }));
    for (const part of this._parts) {
      part.changed.connect(this._tell, this);
    }
  }

  readonly name = REGISTRY;
  readonly approvals: PagedList<IApproval>;
  readonly stages: Resource<readonly IStageRule[]>;
  readonly trash: PagedList<ITrashed>;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get tab(): RegistryTab {
    return this._tab;
  }

  set tab(tab: RegistryTab) {
    this._tab = tab;
    this._tell();
    void this.refresh();
  }

  /** Which requests are listed; undefined for all. */
  get state(): ApprovalState | undefined {
    return this._state;
  }

  set state(state: ApprovalState | undefined) {
    this._state = state;
    void this.approvals.refresh();
  }

  /** Reads what the tab in sight shows. */
  async refresh(): Promise<void> {
    await this[this._tab].refresh();
  }

  get isDisposed(): boolean {
    return this.stages.isDisposed;
  }

  dispose(): void {
    this._parts.forEach(part => part.dispose());
    Signal.clearData(this);
  }

  private get _parts() {
    return [this.approvals, this.stages, this.trash];
  }

  private _tell(): void {
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _tab: RegistryTab = 'approvals';
  private _state: ApprovalState | undefined = 'requested';
}
