import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';

import { errorOf } from './apierror';

export interface IRequest {
  readonly query?: object;
  readonly json?: object;
  readonly body?: Blob;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Requests to the routes of the registry on the Jupyter server. */
export class Requests {
  constructor(readonly serverSettings: ServerConnection.ISettings) {}

  protected url(path: readonly string[], query: object = {}): string {
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

  protected async request<T>(
    method: string,
    path: readonly string[],
    options: IRequest = {}
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
