import React, { useEffect, useState } from 'react';

import { ADVANCED, type IDeployValues } from './deployvalues';
import { Autoscale } from './autoscale';
import { DescriptionField } from './about';
import { CheckField, NumberField, SelectField, TextField } from './fields';
import { type IFormProps } from './form';
import { PairsField } from './pairs';

/** What is rarely asked of a deployment, folded until something in it is wrong. */
export function DeployAdvanced(props: IFormProps<IDeployValues>): JSX.Element {
  const { values, errors, trans, onChange } = props;
  const isWrong = ADVANCED.some(field => errors[field] !== undefined);
  const [isOpen, setOpen] = useState(false);
  useEffect(() => setOpen(open => open || isWrong), [isWrong]);
  return (
    <details
      className="jp-modelmgmt-Advanced"
      open={isOpen}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>{trans.__('Advanced')}</summary>
      <div className="jp-modelmgmt-Form-fields">
        <DescriptionField
          value={values.description}
          trans={trans}
          onChange={description => onChange({ description })}
        />
        <CheckField
          label={trans.__('Private: clients with tokens of their own may ask it too')}
          value={values.private}
          onChange={isPrivate => onChange({ private: isPrivate })}
        />
        <PairsField
          label={trans.__('Environment variables')}
          rows={values.variables}
          hasSecrets
          hint={trans.__('The value of a secret is never shown again.')}
          error={errors.variables}
          trans={trans}
          onChange={variables => onChange({ variables })}
        />
        <Bounds {...props} />
        <Engine {...props} />
        {values.engine === 'ray' && <Autoscale {...props} />}
        <PairsField
          label={trans.__('Metadata')}
          rows={values.metadata}
          error={errors.metadata}
          trans={trans}
          onChange={metadata => onChange({ metadata })}
        />
      </div>
    </details>
  );
}

/** What one worker may use and how long it may take; empty fields are no limit. */
function Bounds({ values, errors, trans, onChange }: IFormProps<IDeployValues>): JSX.Element {
  const fields: readonly [NumericField, string, string][] = [
    ['cpu', trans.__('Cores'), trans.__('of one worker')],
    ['memory', trans.__('Memory (MiB)'), trans.__('of one worker')],
    ['gpus', trans.__('GPUs'), trans.__('of one worker')],
    ['answer', trans.__('Longest answer (s)'), trans.__('then it is given up')],
    ['queue', trans.__('Waiting requests'), trans.__('more are refused')],
    ['autoStop', trans.__('Stop when idle (min)'), trans.__('empty: never')]
  ];
  return (
    <div className="jp-modelmgmt-Form-columns jp-modelmgmt-Form-thirds">
      {fields.map(([field, label, hint]) => (
        <NumberField
          key={field}
          label={label}
          hint={hint}
          value={values[field]}
          error={errors[field]}
          onChange={value => onChange({ [field]: value })}
        />
      ))}
    </div>
  );
}

type NumericField = 'cpu' | 'memory' | 'gpus' | 'answer' | 'queue' | 'autoStop';

function Engine({ values, errors, trans, onChange }: IFormProps<IDeployValues>): JSX.Element {
  return (
    <div className="jp-modelmgmt-Form-columns">
      <SelectField
        label={trans.__('Engine')}
        value={values.engine}
        options={[
          ...(values.target ? [] : [{ value: '', label: trans.__('As the version needs') }]),
          { value: 'local', label: trans.__('Processes of this machine') },
          { value: 'container', label: trans.__('A container') },
          { value: 'ray', label: trans.__('A Ray cluster') }
        ]}
        onChange={engine => onChange({ engine })}
      />
      {values.engine === 'ray' && (
        <TextField
          label={trans.__('Address of the cluster')}
          placeholder={trans.__('http://head:8265')}
          value={values.address}
          error={errors.address}
          onChange={address => onChange({ address })}
        />
      )}
    </div>
  );
}
