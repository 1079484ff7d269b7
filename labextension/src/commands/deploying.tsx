import React from 'react';

import { DeployForm } from '../components/forms/deploy';
import { checkDeploy } from '../components/forms/deploycheck';
import {
  deployValues,
  type IDeployValues,
  newDeployment,
  redeployment
} from '../components/forms/deployvalues';
import { isRunning } from '../rules';
import { type IDeployment } from '../types';
import { type ICommandContext } from './context';
import { askForm } from './dialog';

/** So many versions of a model are offered for a split, the newest ones. */
const MOST_VERSIONS = 100;

/** Asks how a version shall be deployed, and does it; `target` is chosen at first. */
export async function askDeployment(
  context: ICommandContext,
  model: string,
  version: string,
  target: string
): Promise<IDeployment | null> {
  const { api, preferences, trans } = context;
  const { environment } = preferences.value;
  const selector = `${model}@${version}`;
  const [{ items: deployments }, { items }] = await Promise.all([
    api.deployments(model),
    api.versions(model, { limit: MOST_VERSIONS })
  ]);
  const found = (name: string) => deployments.find(deployment => deployment.name === name);
  return askForm<IDeployValues, IDeployment>({
    title: trans.__('Deploy %1', selector),
    accept: target ? trans.__('Confirm and deploy') : trans.__('Deploy'),
    initial: { ...deployValues(version, found(target)), ...(!target && { environment }) },
    trans,
    check: values => checkDeploy(values, trans),
    form: props => (
      <DeployForm
        {...props}
        version={version}
        deployments={deployments}
        versions={items.map(one => one.version)}
      />
    ),
    submit: values => {
      const chosen = found(values.target);
      return chosen
        ? update(context, values, selector, chosen)
        : api.deploy(newDeployment(values, selector));
    }
  });
}

/** Changes `target`; one that was stopped runs then. */
async function update(
  { api }: ICommandContext,
  values: IDeployValues,
  selector: string,
  target: IDeployment
): Promise<IDeployment> {
  const { name } = target;
  const changed = await api.updateDeployment(name, redeployment(values, selector, target));
  return isRunning(changed.state) ? changed : api.startDeployment(name);
}
