import React from 'react';

import { type ITranslate } from '../props';
import { TextField } from './fields';
import { type Errors, type IFormProps } from './form';

/** What was typed to confirm what cannot be undone. */
export interface IConfirmValues {
  readonly typed: string;
}

export function checkConfirm(
  values: IConfirmValues,
  name: string,
  trans: ITranslate
): Errors<IConfirmValues> {
  return values.typed === name ? {} : { typed: trans.__('Type %1, exactly.', name) };
}

/** Asks for a name before its bearer goes for ever. Source: P16. */
export function ConfirmForm(
  props: IFormProps<IConfirmValues> & { readonly name: string; readonly loss: string }
): JSX.Element {
  const { values, errors, trans, name, loss, onChange } = props;
  return (
    <>
      <p>{loss}</p>
      <TextField
        label={trans.__('Type %1 to confirm', name)}
        value={values.typed}
        error={errors.typed}
        required
        onChange={typed => onChange({ typed })}
      />
    </>
  );
}
