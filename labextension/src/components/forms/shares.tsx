import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { type ITranslate } from '../props';
import { type IShareRow, weightSum } from './deployvalues';
import { CheckField } from './fields';

export interface ISharesProps {
  readonly shares: readonly IShareRow[];
  /** The versions of the model, from which more can be added. */
  readonly versions: readonly string[];
  readonly error?: string;
  readonly trans: ITranslate;
  onChange: (shares: readonly IShareRow[]) => void;
}

/** Which part of the requests each version answers: weights that sum to 100, and shadows. Source: M21. */
export function SharesField(props: ISharesProps): JSX.Element {
  const { shares, versions, error, trans, onChange } = props;
  const others = versions.filter(version => !shares.some(share => share.version === version));
  const sum = weightSum(shares);
  return (
    <fieldset
      className="jp-modelmgmt-Field jp-modelmgmt-Split"
      aria-label={trans.__('Split')}
      data-invalid={error !== undefined}
    >
      {shares.map(share => (
        <Share key={share.version} {...props} share={share} />
      ))}
      <div className="jp-modelmgmt-Split-foot">
        {others.length > 0 && (
          <select
            className="jp-mod-styled"
            aria-label={trans.__('Add a version')}
            value=""
            onChange={event =>
              onChange([...shares, { version: event.target.value, weight: '0', shadow: false }])
            }
          >
            <option value="">{trans.__('Add a version…')}</option>
            {others.map(version => (
              <option key={version}>{version}</option>
            ))}
          </select>
        )}
        <output aria-label={trans.__('Sum of the weights')}>
          {trans.__('%1 % in all', isNaN(sum) ? '–' : sum)}
        </output>
      </div>
      <div className="jp-modelmgmt-Field-note" role={error ? 'alert' : undefined}>
        {error ?? trans.__('The weights sum to 100. A shadow gets a copy of every request.')}
      </div>
    </fieldset>
  );
}

function Share(props: ISharesProps & { readonly share: IShareRow }): JSX.Element {
  const { shares, share, trans, onChange } = props;
  const { version, weight, shadow } = share;
  const change = (changes: Partial<IShareRow>) =>
    onChange(shares.map(one => (one === share ? { ...one, ...changes } : one)));
  return (
    <div className="jp-modelmgmt-Split-row">
      <span className="jp-modelmgmt-code">{version}</span>
      <input
        className="jp-mod-styled"
        type="text"
        inputMode="numeric"
        aria-label={trans.__('Weight of %1', version)}
        disabled={shadow}
        value={shadow ? '' : weight}
        onChange={event => change({ weight: event.target.value })}
      />
      <span aria-hidden="true">%</span>
      <CheckField
        label={trans.__('Shadow')}
        value={shadow}
        onChange={shadow => change({ shadow })}
      />
      <Button
        minimal
        small
        aria-label={trans.__('Take %1 away', version)}
        disabled={shares.length === 1}
        onClick={() => onChange(shares.filter(one => one !== share))}
      >
        ×
      </Button>
    </div>
  );
}
