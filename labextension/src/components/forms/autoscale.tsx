import React from 'react';

import { type IDeployValues } from './deployvalues';
import { CheckField, NumberField } from './fields';
import { type IFormProps } from './form';

/** Lets the cluster choose how many replicas answer, within bounds. Source: D34. */
export function Autoscale({
  values,
  errors,
  trans,
  onChange
}: IFormProps<IDeployValues>): JSX.Element {
  return (
    <>
      <CheckField
        label={trans.__('Scale with the requests')}
        value={values.scales}
        onChange={scales => onChange({ scales })}
      />
      {values.scales && (
        <div className="jp-modelmgmt-Form-columns jp-modelmgmt-Form-thirds">
          <NumberField
            label={trans.__('Fewest replicas')}
            hint={trans.__('0: none while nobody asks')}
            value={values.scaleMin}
            error={errors.scaleMin}
            onChange={scaleMin => onChange({ scaleMin })}
          />
          <NumberField
            label={trans.__('Most replicas')}
            hint={trans.__('of each version')}
            value={values.scaleMax}
            error={errors.scaleMax}
            onChange={scaleMax => onChange({ scaleMax })}
          />
          <NumberField
            label={trans.__('Requests at once')}
            hint={trans.__('that each shall have')}
            value={values.scaleTarget}
            error={errors.scaleTarget}
            onChange={scaleTarget => onChange({ scaleTarget })}
          />
        </div>
      )}
    </>
  );
}
