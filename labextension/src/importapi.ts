import { DeploymentApi } from './deploymentapi';
import {
  type IImport,
  type IItems,
  type IMlflowModel,
  type IMlflowVersion,
  type IModelVersion,
  type ITemplate
} from './types';

/** Requests about where versions come from. */
export class ImportApi extends DeploymentApi {
  /** Aborting ends the work; nothing is registered then. */
  importVersion(wanted: IImport, signal?: AbortSignal): Promise<IModelVersion> {
    return this.request('POST', ['imports'], { json: wanted, signal });
  }

  templates(): Promise<IItems<ITemplate>> {
    return this.request('GET', ['imports', 'templates']);
  }

  /** The registered models of an MLflow server; without `uri` the one that the Jupyter server knows. */
  mlflowModels(uri: string): Promise<IItems<IMlflowModel>> {
    return this.request('GET', ['imports', 'mlflow', 'models'], { query: { uri } });
  }

  mlflowVersions(model: string, uri: string): Promise<IItems<IMlflowVersion>> {
    return this.request('GET', ['imports', 'mlflow', 'models', model, 'versions'], {
      query: { uri }
    });
  }
}
