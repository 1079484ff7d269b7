import { Button } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { type ITranslate } from '../props';
import { type IPair } from './deployvalues';
import { CheckField } from './fields';

export interface IPairsProps {
  readonly label: string;
  readonly rows: readonly IPair[];
  /** Whether a row may be a secret; values are hidden then, until an eye is pressed. */
  readonly hasSecrets?: boolean;
  readonly hint?: string;
  readonly error?: string;
  readonly trans: ITranslate;
  onChange: (rows: readonly IPair[]) => void;
}

/** Rows of names and values. Source: P7. */
export function PairsField(props: IPairsProps): JSX.Element {
  const { label, rows, error, hint, trans, onChange } = props;
  return (
    <fieldset className="jp-modelmgmt-Field jp-modelmgmt-Pairs" data-invalid={error !== undefined}>
      <legend>{label}</legend>
      {rows.map((row, place) => (
        <Pair key={place} {...props} row={row} place={place} />
      ))}
      <Button
        className="jp-mod-styled"
        small
        aria-label={trans.__('Add to %1', label)}
        onClick={() => onChange([...rows, { name: '', value: '' }])}
      >
        {trans.__('Add')}
      </Button>
      <div className="jp-modelmgmt-Field-note" role={error ? 'alert' : undefined}>
        {error ?? hint}
      </div>
    </fieldset>
  );
}

function Pair(props: IPairsProps & { readonly row: IPair; readonly place: number }): JSX.Element {
  const { label, rows, row, place, hasSecrets, trans, onChange } = props;
  const [isSeen, setSeen] = useState(!hasSecrets);
  const change = (changes: Partial<IPair>) =>
    onChange(rows.map((one, i) => (i === place ? { ...one, ...changes } : one)));
  const spot = `${label} ${place + 1}`;
  return (
    <div className="jp-modelmgmt-Pairs-row">
      <input
        className="jp-mod-styled"
        type="text"
        placeholder={trans.__('Name')}
        aria-label={trans.__('Name of %1', spot)}
        spellCheck={false}
        value={row.name}
        onChange={event => change({ name: event.target.value })}
      />
      <input
        className="jp-mod-styled"
        type={isSeen ? 'text' : 'password'}
        autoComplete="new-password"
        placeholder={trans.__('Value')}
        aria-label={trans.__('Value of %1', spot)}
        spellCheck={false}
        value={row.value}
        onChange={event => change({ value: event.target.value })}
      />
      {hasSecrets && (
        <>
          <Button minimal small aria-pressed={isSeen} onClick={() => setSeen(!isSeen)}>
            {isSeen ? trans.__('Hide') : trans.__('Show')}
          </Button>
          <CheckField
            label={trans.__('Secret')}
            value={row.secret ?? false}
            onChange={secret => change({ secret })}
          />
        </>
      )}
      <Button
        minimal
        small
        aria-label={trans.__('Take %1 away', row.name || spot)}
        onClick={() => onChange(rows.filter((_, i) => i !== place))}
      >
        ×
      </Button>
    </div>
  );
}
