import React from 'react';

import { CheckField, ChoiceField, NumberField, TextField } from './fields';
import { type IImportFormProps } from './importprops';
import { type IImportValues } from './importvalues';
import { PairsField } from './pairs';

/** A container image and how its health is known. Source: M12. */
export function ContainerPage(props: IImportFormProps): JSX.Element {
  const { values, errors, trans, onChange } = props;
  return (
    <>
      <TextField
        label={trans.__('Image')}
        placeholder={trans.__('localhost/digits:1.0')}
        value={values.image}
        error={errors.image}
        onChange={image => onChange({ image })}
      />
      <CheckField
        label={trans.__('Keep a copy: the service goes on when the image is changed or removed')}
        value={values.replicate}
        onChange={replicate => onChange({ replicate })}
      />
      <div className="jp-modelmgmt-Form-columns">
        <NumberField
          label={trans.__('Port')}
          hint={trans.__('Where it listens')}
          value={values.port}
          error={errors.port}
          onChange={port => onChange({ port })}
        />
        <TextField
          label={trans.__('Start command')}
          hint={trans.__("Left empty, the image's own")}
          value={values.command}
          onChange={command => onChange({ command })}
        />
      </div>
      <Health {...props} />
      <PairsField
        label={trans.__('Environment variables')}
        rows={values.variables}
        error={errors.variables}
        trans={trans}
        onChange={variables => onChange({ variables })}
      />
    </>
  );
}

function Health({ values, errors, trans, onChange }: IImportFormProps): JSX.Element {
  const isHttp = values.health === 'http';
  const numbers: readonly ['period' | 'delay' | 'failures', string][] = [
    ['period', trans.__('Period (s)')],
    ['delay', trans.__('Delay (s)')],
    ['failures', trans.__('Failures')]
  ];
  return (
    <>
      <ChoiceField
        label={trans.__('Health check')}
        value={values.health}
        options={[
          { value: 'http', label: trans.__('A path is asked') },
          { value: 'command', label: trans.__('A command runs inside; 0 is well') }
        ]}
        onChange={health =>
          onChange({
            health: health as IImportValues['health'],
            check: health === 'http' ? '/health' : ''
          })
        }
      />
      <TextField
        label={isHttp ? trans.__('Path that is asked') : trans.__('Command that is run')}
        value={values.check}
        error={errors.check}
        onChange={check => onChange({ check })}
      />
      <div className="jp-modelmgmt-Form-columns jp-modelmgmt-Form-thirds">
        {numbers.map(([field, label]) => (
          <NumberField
            key={field}
            label={label}
            value={values[field]}
            error={errors[field]}
            onChange={value => onChange({ [field]: value })}
          />
        ))}
      </div>
    </>
  );
}
