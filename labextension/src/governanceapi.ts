import { Requests } from './requests';
import {
  type ApprovalState,
  type IApproval,
  type IItems,
  type IModelVersion,
  type IPage,
  type IStageRule,
  type ITrashed,
  type Stage
} from './types';

interface ICursorQuery {
  readonly limit?: number;
  readonly cursor?: string;
}

/** Requests about what versions may become, who decides it, and what was deleted. */
export class GovernanceApi extends Requests {
  /** The stages of this registry, in their order. */
  stages(): Promise<IItems<IStageRule>> {
    return this.request('GET', ['stages']);
  }

  /** Makes a stage, or changes what it asks. */
  configureStage(
    name: Stage,
    changes: Partial<Omit<IStageRule, 'name'>>
  ): Promise<IItems<IStageRule>> {
    return this.request('PATCH', ['stages', name], { json: changes });
  }

  removeStage(name: Stage): Promise<IItems<IStageRule>> {
    return this.request('DELETE', ['stages', name]);
  }

  /** Requests that versions may enter a stage, the last first. */
  approvals(query: ICursorQuery & { readonly state?: ApprovalState }): Promise<IPage<IApproval>> {
    return this.request('GET', ['approvals'], { query });
  }

  /** Asks that a version may enter `stage`. */
  requestApproval(selector: string, stage: Stage, comment: string): Promise<IApproval> {
    return this.request('POST', ['approvals'], { json: { selector, stage, comment } });
  }

  /** Says yes to a request; the version moves. */
  approve(request: number, comment: string): Promise<IModelVersion> {
    return this.request('POST', ['approvals', `${request}`, 'approve'], { json: { comment } });
  }

  /** Says no to a request, and why. */
  reject(request: number, comment: string): Promise<IApproval> {
    return this.request('POST', ['approvals', `${request}`, 'reject'], { json: { comment } });
  }

  /** Lets an alias point at a version, wherever it pointed. */
  setAlias(
    model: string,
    alias: string,
    version: string,
    isProtected?: boolean
  ): Promise<IModelVersion> {
    return this.request('PUT', ['models', model, 'aliases', alias], {
      json: { version, protected: isProtected }
    });
  }

  removeAlias(model: string, alias: string): Promise<void> {
    return this.request('DELETE', ['models', model, 'aliases', alias]);
  }

  /** What was deleted and can be restored, the last first. */
  trash(query: ICursorQuery): Promise<IPage<ITrashed>> {
    return this.request('GET', ['trash'], { query });
  }

  restore(model: string, version: string): Promise<IModelVersion> {
    return this.request('POST', ['models', model, 'versions', version, 'restore']);
  }

  /** Forgets a version in the trash for ever. */
  purge(model: string, version: string): Promise<void> {
    return this.request('DELETE', ['trash', model, version], {
      query: { confirm: `${model}@${version}` }
    });
  }
}
