import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import {
  type IArtifact,
  type IClone,
  type IComparisonTable,
  type IDeployment,
  type IInference,
  type IItems,
  type ILibraryEntry,
  type ILogs,
  type IModel,
  type IModelVersion,
  type INewDeployment,
  type IPage,
  type IPrediction,
  type IRedeployment,
  type IRegistryEvent,
  type IStatus,
  type IVersionEdit,
  type IVersionSummary,
  type IStageRule,
  type Stage
} from './types';

/** An answer of the server that is not a success; `message` is for people. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly code: string
  ) {
    super(message);
  }
}

/** The one place that knows the server's URLs. */
export class RegistryApi {
  constructor(readonly serverSettings: ServerConnection.ISettings) {}

  models(query: RegistryApi.IModelsQuery = {}): Promise<IPage<IModel>> {
    return this.request('GET', ['models'], { query });
  }

  model(name: string): Promise<IModel> {
    return this.request('GET', ['models', name]);
  }

  /** Deletes the model with all its versions. */
  deleteModel(name: string): Promise<void> {
    return this.request('DELETE', ['models', name], { query: { confirm: name } });
  }

  versions(
    model: string,
    query: RegistryApi.IPageQuery & { readonly sort?: string } = {}
  ): Promise<IPage<IVersionSummary>> {
    return this.request('GET', ['models', model, 'versions'], { query });
  }

  version(model: string, version: string): Promise<IModelVersion> {
    return this.request('GET', versionPath(model, version));
  }

  edit(model: string, version: string, changes: Partial<IVersionEdit>): Promise<IModelVersion> {
    return this.request('PATCH', versionPath(model, version), { json: changes });
  }

  /** The stages of this registry, in their order. */
  stages(): Promise<IItems<IStageRule>> {
    return this.request('GET', ['stages']);
  }

  promote(model: string, version: string, stage: Stage): Promise<IModelVersion> {
    return this.request('PUT', [...versionPath(model, version), 'stage'], { json: { stage } });
  }

  deleteVersion(model: string, version: string): Promise<void> {
    return this.request('DELETE', versionPath(model, version));
  }

  restore(model: string, version: string): Promise<IModelVersion> {
    return this.request('POST', [...versionPath(model, version), 'restore']);
  }

  artifacts(model: string, version: string): Promise<IItems<IArtifact>> {
    return this.request('GET', [...versionPath(model, version), 'artifacts']);
  }

  /** The URL of one file of a version, or of all as a zip when `path` is not given. */
  downloadUrl(model: string, version: string, path?: string): string {
    const file = path === undefined ? ['archive'] : ['artifacts', ...path.split('/')];
    return this.url([...versionPath(model, version), ...file]);
  }

  compare(selectors: readonly string[], base = 0): Promise<IComparisonTable> {
    return this.request('GET', ['compare'], { query: { version: selectors, base } });
  }

  library(): Promise<IItems<ILibraryEntry>> {
    return this.request('GET', ['library']);
  }

  /** Aborting ends the fetching; nothing is registered then. */
  clone(entry: string, clone: IClone, signal?: AbortSignal): Promise<IModelVersion> {
    return this.request('POST', ['library', entry, 'clone'], { json: clone, signal });
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

  deleteDeployment(name: string): Promise<void> {
    return this.request('DELETE', ['deployments', name]);
  }

  startDeployment(name: string): Promise<IDeployment> {
    return this.request('POST', ['deployments', name, 'start']);
  }

  stopDeployment(name: string): Promise<IDeployment> {
    return this.request('POST', ['deployments', name, 'stop']);
  }

  /** The last `lines` lines that the deployment's workers wrote. */
  logs(name: string, lines = 200): Promise<ILogs> {
    return this.request('GET', ['deployments', name, 'logs'], { query: { lines } });
  }

  predict(name: string, image: Blob, signal?: AbortSignal): Promise<IPrediction> {
    // Any other type would be read as tensors; a file that is no image is refused with a reason.
    const type = image.type.startsWith('image/') ? image.type : 'image/*';
    const headers = { 'Content-Type': type };
    return this.request('POST', ['deployments', name, 'predict'], { body: image, headers, signal });
  }

  /** The changes after event `after`, oldest first, one page of them. */
  events(after: number): Promise<IItems<IRegistryEvent>> {
    return this.request('GET', ['events'], { query: { after } });
  }

  /** Where the registry stands now. */
  status(): Promise<IStatus> {
    return this.request('GET', ['status']);
  }

  /** `request` is the JSON of an Open Inference Protocol v2 request. */
  infer(name: string, request: string, signal?: AbortSignal): Promise<IInference> {
    const headers = { 'Content-Type': 'application/json' };
    const body = new Blob([request]);
    return this.request('POST', ['deployments', name, 'predict'], { body, headers, signal });
  }

  private url(path: readonly string[], query: object = {}): string {
    const parts = path.map(encodeURIComponent);
    const url = URLExt.join(this.serverSettings.baseUrl, 'modelmgmt/api/v1', ...parts);
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) {
      for (const item of Array.isArray(value) ? value : [value]) {
        if (item !== undefined && item !== null && item !== '') {
          search.append(key, String(item));
        }
      }
    }
    const text = search.toString();
    return text ? `${url}?${text}` : url;
  }

  private async request<T>(
    method: string,
    path: readonly string[],
    options: RegistryApi.IRequest = {}
  ): Promise<T> {
    const { query, json, body, headers, signal } = options;
    const init: RequestInit = {
      method,
      headers,
      signal,
      body: json ? JSON.stringify(json) : body
    };
    const response = await ServerConnection.makeRequest(
      this.url(path, query),
      init,
      this.serverSettings
    );
    if (!response.ok) {
      throw await errorOf(response);
    }
    const text = await response.text();
    return (text ? JSON.parse(text) : undefined) as T;
  }
}

export namespace RegistryApi {
  export interface IPageQuery {
    readonly limit?: number;
    readonly cursor?: string;
  }

  export interface IModelsQuery extends IPageQuery {
    readonly search?: string;
  }

  export interface IRequest {
    readonly query?: object;
    readonly json?: object;
    readonly body?: Blob;
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
  }
}

function versionPath(model: string, version: string): string[] {
  return ['models', model, 'versions', version];
}

async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  try {
    const { message, code } = JSON.parse(text) as { message?: string; code?: string };
    if (message) {
      return new ApiError(message, response.status, code ?? '');
    }
  } catch {
    // Not ours: a proxy or the bare server answered with a page.
  }
  return new ApiError(
    `The server answered ${response.status}: ${response.statusText}`,
    response.status,
    ''
  );
}
