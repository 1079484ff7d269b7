import { KeptApi } from './keptapi';
import {
  type IAddedClient,
  type IClient,
  type IDeployment,
  type IDeploymentMetrics,
  type IDifference,
  type IExample,
  type IItems,
  type ILogs,
  type IRevision
} from './types';

export interface ILogsQuery {
  readonly lines?: number;
  readonly replica?: string;
  readonly filter?: string;
}

/** Requests about what hangs on deployments. */
export class DeploymentApi extends KeptApi {
  /** The last lines that the deployment's workers wrote, or those of one of them, with a text in them. */
  logs(name: string, query: ILogsQuery = {}): Promise<ILogs> {
    return this.request('GET', ['deployments', name, 'logs'], { query });
  }

  /** All lines that are kept, as a file. */
  logsUrl(name: string, query: ILogsQuery): string {
    return this.url(['deployments', name, 'logs'], {
      ...query,
      download: true
    });
  }

  /** The changes of a deployment, the last first. */
  revisions(name: string): Promise<IItems<IRevision>> {
    return this.request('GET', ['deployments', name, 'history']);
  }

  revisionDiff(name: string, before: number, after: number): Promise<IItems<IDifference>> {
    return this.request('GET', ['deployments', name, 'diff'], {
      query: { before, after }
    });
  }

  rollback(name: string, to: number): Promise<IDeployment> {
    return this.request('POST', ['deployments', name, 'rollback'], {
      json: { to }
    });
  }

  clients(name: string): Promise<IItems<IClient>> {
    return this.request('GET', ['deployments', name, 'clients']);
  }

  addClient(name: string, client: string): Promise<IAddedClient> {
    return this.request('POST', ['deployments', name, 'clients'], {
      json: { name: client }
    });
  }

  removeClient(name: string, client: string): Promise<void> {
    return this.request('DELETE', ['deployments', name, 'clients', client]);
  }

  deploymentMetrics(name: string): Promise<IDeploymentMetrics> {
    return this.request('GET', ['deployments', name, 'metrics']);
  }

  /** How to ask a deployment from elsewhere, as oneself or as a client. */
  example(name: string, client?: string): Promise<IExample> {
    return this.request('GET', ['deployments', name, 'example'], {
      query: { client }
    });
  }
}
