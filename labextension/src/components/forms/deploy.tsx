import React from 'react';

import { isDeploymentName } from '../../rules';
import { type IDeployment } from '../../types';
import { type ITranslate } from '../props';
import { NumberField, SelectField, TextField } from './fields';
import { type Errors, type IFormProps } from './form';

/** `target` is the deployment to update, empty for a new one. */
export interface IDeployValues {
  readonly target: string;
  readonly name: string;
  readonly replicas: string;
}

export function checkDeploy(values: IDeployValues, trans: ITranslate): Errors<IDeployValues> {
  return {
    ...(!values.target &&
      values.name !== '' &&
      !isDeploymentName(values.name) && {
        name: trans.__('Use 3 to 63 lower-case letters, digits or "-".')
      }),
    ...(!/^[1-9]\d?$/.test(values.replicas) && { replicas: trans.__('A number from 1 to 99.') })
  };
}

export function DeployForm(
  props: IFormProps<IDeployValues> & { readonly deployments: readonly IDeployment[] }
): JSX.Element {
  const { values, errors, trans, deployments, onChange } = props;
  const target = deployments.find(deployment => deployment.name === values.target);
  const choose = (name: string) => {
    const found = deployments.find(deployment => deployment.name === name);
    onChange({ target: name, replicas: String(found?.replicas ?? 1) });
  };
  return (
    <>
      {deployments.length > 0 && (
        <SelectField
          label={trans.__('Deployment')}
          value={values.target}
          hint={target && trans.__('Serves %1 now', `${target.model}@${target.version}`)}
          options={[
            { value: '', label: trans.__('Create a new deployment') },
            ...deployments.map(({ name }) => ({ value: name, label: trans.__('Update %1', name) }))
          ]}
          onChange={choose}
        />
      )}
      {!target && (
        <TextField
          label={trans.__('Deployment name')}
          hint={trans.__('Left empty, a name is made from the name of the model')}
          value={values.name}
          error={errors.name}
          onChange={name => onChange({ name })}
        />
      )}
      <NumberField
        label={trans.__('Replicas')}
        hint={trans.__('Processes that answer side by side')}
        value={values.replicas}
        error={errors.replicas}
        onChange={replicas => onChange({ replicas })}
      />
    </>
  );
}
