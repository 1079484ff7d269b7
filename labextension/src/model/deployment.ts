import { type RegistryApi } from '../api';
import { isMoving, isRunning } from '../rules';
import { type IDeployment } from '../types';

const LOOK_AGAIN_MS = 400;

/** Ends when the deployment no longer runs. */
export async function stoppedDeployment(api: RegistryApi, name: string): Promise<void> {
  while (isRunning((await api.deployment(name)).state)) {
    await new Promise(resolve => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

/** The deployment once it answers; throws its message when it failed or was stopped. */
export async function settledDeployment(api: RegistryApi, name: string): Promise<IDeployment> {
  for (;;) {
    const deployment = await api.deployment(name);
    if (deployment.state === 'Deployed') {
      return deployment;
    }
    if (!isMoving(deployment.state)) {
      throw new Error(deployment.message || deployment.state);
    }
    await new Promise(resolve => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}
