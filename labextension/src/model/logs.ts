import { type RegistryApi } from '../api';
import { ApiError } from '../apierror';
import { type ILogsQuery } from '../deploymentapi';
import { type ILogs } from '../types';

/** The log of a deployment; one that failed before a worker came up has none. */
export async function readLogs(
  api: RegistryApi,
  deployment: string,
  query: ILogsQuery = {}
): Promise<ILogs> {
  try {
    return await api.logs(deployment, query);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      return { text: '', replicas: [] };
    }
    throw error;
  }
}
