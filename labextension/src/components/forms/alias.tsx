import React from 'react';

import { CheckField, TextField } from './fields';
import { type IFormProps } from './form';

/** A name that points at a version. */
export interface IAliasValues {
  readonly alias: string;
  readonly isProtected: boolean;
}

export function AliasForm(
  props: IFormProps<IAliasValues> & { readonly known: readonly string[] }
): JSX.Element {
  const { values, errors, trans, known, onChange } = props;
  return (
    <>
      <TextField
        label={trans.__('Alias')}
        hint={trans.__('champion, for example. It leaves the version that it pointed at before.')}
        value={values.alias}
        error={errors.alias}
        suggestions={known}
        required
        onChange={alias => onChange({ alias })}
      />
      <CheckField
        label={trans.__('Protected: it does not move, and its version is not deleted')}
        value={values.isProtected}
        onChange={isProtected => onChange({ isProtected })}
      />
    </>
  );
}
