import { PredictionApi } from './predictionapi';
import {
  type IArtifact,
  type IClone,
  type ICloneVersion,
  type IComparisonTable,
  type IDeployment,
  type IItems,
  type ILibraryEntry,
  type ILineageGraph,
  type IModel,
  type IModelVersion,
  type INewDeployment,
  type IPage,
  type IPromotion,
  type IPreview,
  type IRedeployment,
  type IRegistryEvent,
  type ISeries,
  type IStatus,
  type IUploadSession,
  type IVersionEdit,
  type IVersionOfFiles,
  type IVersionSummary
} from './types';

/** The one place that knows the server's URLs. */
export class RegistryApi extends PredictionApi {
  models(query: RegistryApi.IModelsQuery = {}): Promise<IPage<IModel>> {
    return this.request('GET', ['models'], { query });
  }

  model(name: string): Promise<IModel> {
    return this.request('GET', ['models', name]);
  }

  /** Deletes the model with all its versions. */
  deleteModel(name: string): Promise<void> {
    return this.request('DELETE', ['models', name], {
      query: { confirm: name }
    });
  }

  versions(
    model: string,
    query: RegistryApi.IPageQuery & {
      readonly filter?: string;
      readonly sort?: string;
    } = {}
  ): Promise<IPage<IVersionSummary>> {
    return this.request('GET', ['models', model, 'versions'], { query });
  }

  version(model: string, version: string): Promise<IModelVersion> {
    return this.request('GET', versionPath(model, version));
  }

  edit(model: string, version: string, changes: Partial<IVersionEdit>): Promise<IModelVersion> {
    return this.request('PATCH', versionPath(model, version), {
      json: changes
    });
  }

  promote(model: string, version: string, promotion: IPromotion): Promise<IModelVersion> {
    return this.request('PUT', [...versionPath(model, version), 'stage'], {
      json: promotion
    });
  }

  deleteVersion(model: string, version: string, deleteAliases = false): Promise<void> {
    const query = { delete_aliases: deleteAliases || undefined };
    return this.request('DELETE', versionPath(model, version), { query });
  }

  /** Registers files that were uploaded before. */
  createVersion(model: string, version: IVersionOfFiles): Promise<IModelVersion> {
    return this.request('POST', ['models', model, 'versions'], {
      json: version
    });
  }

  cloneVersion(model: string, version: string, clone: ICloneVersion): Promise<IModelVersion> {
    return this.request('POST', [...versionPath(model, version), 'clone'], {
      json: clone
    });
  }

  startUpload(): Promise<IUploadSession> {
    return this.request('POST', ['uploads']);
  }

  /** Sends the bytes from `offset` on. */
  appendUpload(
    id: string,
    offset: number,
    body: Blob,
    signal?: AbortSignal
  ): Promise<IUploadSession> {
    const headers = {
      'Content-Type': 'application/octet-stream',
      'Upload-Offset': String(offset)
    };
    return this.request('PATCH', ['uploads', id], { body, headers, signal });
  }

  /** Makes the upload a file, if all `size` bytes came. */
  finishUpload(id: string, size: number): Promise<IArtifact> {
    return this.request('PUT', ['uploads', id], {
      query: { size: String(size) }
    });
  }

  cancelUpload(id: string): Promise<void> {
    return this.request('DELETE', ['uploads', id]);
  }

  artifacts(model: string, version: string): Promise<IItems<IArtifact>> {
    return this.request('GET', [...versionPath(model, version), 'artifacts']);
  }

  /** The URL of one file of a version, or of all as a zip when `path` is not given. */
  downloadUrl(model: string, version: string, path?: string): string {
    const file = path === undefined ? ['archive'] : ['artifacts', ...path.split('/')];
    return this.url([...versionPath(model, version), ...file]);
  }

  /** The beginning of a file of a version. */
  preview(model: string, version: string, path: string): Promise<IPreview> {
    return this.request('GET', [...versionPath(model, version), 'previews', ...path.split('/')]);
  }

  /** The zip of those files of a version that `paths` names. */
  zipUrl(model: string, version: string, paths: readonly string[]): string {
    return this.url([...versionPath(model, version), 'archive'], {
      file: paths
    });
  }

  /** What happened to a model, the last first. */
  history(model: string, query: RegistryApi.IPageQuery = {}): Promise<IPage<IRegistryEvent>> {
    return this.request('GET', ['models', model, 'history'], { query });
  }

  /** Where a version comes from and what came of it. */
  lineage(model: string, version: string): Promise<ILineageGraph> {
    return this.request('GET', [...versionPath(model, version), 'lineage']);
  }

  /** The lines of a version's charts, each with at most `points` points. */
  curves(model: string, version: string, points: number): Promise<IItems<ISeries>> {
    const query = { points };
    return this.request('GET', [...versionPath(model, version), 'metrics'], {
      query
    });
  }

  compare(selectors: readonly string[], base = 0): Promise<IComparisonTable> {
    return this.request('GET', ['compare'], {
      query: { version: selectors, base }
    });
  }

  library(): Promise<IItems<ILibraryEntry>> {
    return this.request('GET', ['library']);
  }

  /** Aborting ends the fetching; nothing is registered then. */
  clone(entry: string, clone: IClone, signal?: AbortSignal): Promise<IModelVersion> {
    return this.request('POST', ['library', entry, 'clone'], {
      json: clone,
      signal
    });
  }

  /** All deployments, or those of one model. */
  deployments(model?: string): Promise<IItems<IDeployment>> {
    return this.request('GET', ['deployments'], { query: { model } });
  }

  deployment(name: string): Promise<IDeployment> {
    return this.request('GET', ['deployments', name]);
  }

  deploy(deployment: INewDeployment): Promise<IDeployment> {
    return this.request('POST', ['deployments'], { json: deployment });
  }

  /** Puts another version or another number of replicas behind an existing deployment. */
  updateDeployment(name: string, changes: IRedeployment): Promise<IDeployment> {
    return this.request('PATCH', ['deployments', name], { json: changes });
  }

  /** Forgets a stopped deployment; `confirm` is its name as a person typed it. */
  deleteDeployment(name: string, confirm: string): Promise<void> {
    return this.request('DELETE', ['deployments', name], {
      query: { confirm }
    });
  }

  startDeployment(name: string): Promise<IDeployment> {
    return this.request('POST', ['deployments', name, 'start']);
  }

  stopDeployment(name: string): Promise<IDeployment> {
    return this.request('POST', ['deployments', name, 'stop']);
  }

  /** The changes after event `after`, oldest first, one page of them. */
  events(after: number): Promise<IItems<IRegistryEvent>> {
    return this.request('GET', ['events'], { query: { after } });
  }

  /** Where the registry stands now. */
  status(): Promise<IStatus> {
    return this.request('GET', ['status']);
  }
}

export namespace RegistryApi {
  export interface IPageQuery {
    readonly limit?: number;
    readonly cursor?: string;
  }

  export interface IModelsQuery extends IPageQuery {
    readonly search?: string;
    readonly filter?: string;
    readonly sort?: string;
  }
}

function versionPath(model: string, version: string): string[] {
  return ['models', model, 'versions', version];
}
