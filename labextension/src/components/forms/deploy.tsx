import React from 'react';

import { type IDeployment } from '../../types';
import { DeployAdvanced } from './deployadvanced';
import { type IDeployValues, deployValues } from './deployvalues';
import { ChoiceField, NumberField, SelectField, TextField } from './fields';
import { type IFormProps } from './form';
import { SharesField } from './shares';

export interface IDeployFormProps extends IFormProps<IDeployValues> {
  readonly version: string;
  /** The deployments of the model: any of them can be updated. */
  readonly deployments: readonly IDeployment[];
  readonly versions: readonly string[];
}

/** Deploys a version anew or puts it behind an existing deployment. Source: P6, P7. */
export function DeployForm(props: IDeployFormProps): JSX.Element {
  const { values, errors, trans, onChange } = props;
  const isNew = values.target === '';
  return (
    <>
      <Target {...props} />
      {isNew ? (
        <TextField
          label={trans.__('Deployment name')}
          hint={trans.__('Left empty, a name is made from the name of the model')}
          value={values.name}
          error={errors.name}
          onChange={name => onChange({ name })}
        />
      ) : null}
      {(!isNew || props.versions.length > 1) && <Traffic {...props} />}
      <Running {...props} />
      <TextField
        label={isNew ? trans.__('Message') : trans.__('Update message')}
        hint={trans.__('Why, for the history')}
        value={values.message}
        onChange={message => onChange({ message })}
      />
      <DeployAdvanced {...props} />
    </>
  );
}

function Target(props: IDeployFormProps): JSX.Element | null {
  const { values, trans, deployments, version, onChange } = props;
  const target = deployments.find(({ name }) => name === values.target);
  if (!deployments.length) {
    return null;
  }
  const choose = (name: string) => {
    const found = deployments.find(deployment => deployment.name === name);
    onChange({ ...deployValues(version, found), message: values.message });
  };
  return (
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
  );
}

function Traffic(props: IDeployFormProps): JSX.Element {
  const { values, errors, trans, version, versions, onChange } = props;
  return (
    <>
      <ChoiceField
        label={trans.__('Requests')}
        value={values.traffic}
        options={[
          { value: 'one', label: trans.__('%1 answers all of them', version) },
          { value: 'split', label: trans.__('Split them over versions') }
        ]}
        onChange={traffic => onChange({ traffic: traffic as IDeployValues['traffic'] })}
      />
      {values.traffic === 'split' && (
        <SharesField
          shares={values.shares}
          versions={versions}
          error={errors.shares}
          trans={trans}
          onChange={shares => onChange({ shares })}
        />
      )}
    </>
  );
}

/** How many run, and in which Python. */
function Running(props: IDeployFormProps): JSX.Element {
  const { values, errors, trans, onChange } = props;
  const hints: Record<IDeployValues['environment'], string> = {
    jupyter: trans.__('Starts at once, with the packages that are here'),
    isolated: trans.__('Built once from the packages that the version was made with'),
    path: trans.__('Any Python of this machine')
  };
  return (
    <>
      <div className="jp-modelmgmt-Form-columns">
        <SelectField
          label={trans.__('Environment')}
          hint={hints[values.environment]}
          value={values.environment}
          options={[
            { value: 'jupyter', label: trans.__('Python of Jupyter') },
            { value: 'isolated', label: trans.__('Isolated') },
            { value: 'path', label: trans.__('Another interpreter…') }
          ]}
          onChange={environment =>
            onChange({ environment: environment as IDeployValues['environment'] })
          }
        />
        <NumberField
          label={trans.__('Replicas')}
          hint={trans.__('Processes that answer side by side')}
          value={values.replicas}
          error={errors.replicas}
          onChange={replicas => onChange({ replicas })}
        />
      </div>
      {values.environment === 'path' && (
        <TextField
          label={trans.__('Interpreter')}
          placeholder={trans.__('/opt/py/bin/python')}
          value={values.interpreter}
          error={errors.interpreter}
          onChange={interpreter => onChange({ interpreter })}
        />
      )}
    </>
  );
}
