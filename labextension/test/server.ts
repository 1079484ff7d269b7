import { ServerConnection } from '@jupyterlab/services';

import { RegistryApi } from '../src/api';

export interface ISeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly contentType: string | null;
  readonly text: string;
}

/** An answer with its status; anything else is the JSON of a 200. */
export class Answer {
  constructor(
    readonly status: number,
    readonly body: unknown
  ) {}
}

type Routes = Record<string, unknown>;

/**
 * The requests of a `RegistryApi` up to the network, where `routes` answers: from
 * "GET models/digits" to a JSON value, an `Answer` or a function of the request.
 */
export function served(routes: Routes) {
  const requests: ISeenRequest[] = [];
  const fetch = async (input: RequestInfo | URL) => {
    const request = input as Request;
    const url = new URL(request.url);
    const path = url.pathname.replace('/modelmgmt/api/v1/', '');
    const seen = {
      method: request.method,
      path,
      // Lab appends a number to keep answers out of caches.
      query: url.searchParams.toString().replace(/&?\d+=$/, ''),
      contentType: request.headers.get('Content-Type'),
      text: await request.text()
    };
    requests.push(seen);
    return responseOf(routes[`${request.method} ${path}`], seen);
  };
  const settings = { baseUrl: 'http://127.0.0.1:1/', fetch } as Partial<ServerConnection.ISettings>;
  const api = new RegistryApi(ServerConnection.makeSettings(settings));
  return { api, requests, routes };
}

async function responseOf(route: unknown, seen: ISeenRequest): Promise<Response> {
  const value = typeof route === 'function' ? await route(seen) : route;
  const missing = new Answer(404, { code: 'not_found', message: `No route ${seen.path}.` });
  const answer = value === undefined ? missing : value;
  const { status, body } = answer instanceof Answer ? answer : { status: 200, body: answer };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return new Response(status === 204 ? null : text, { status });
}
