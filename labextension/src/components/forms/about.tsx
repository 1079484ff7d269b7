import React from 'react';

import { type ITranslate } from '../props';
import { AreaField, TextField } from './fields';

interface IWordsProps {
  readonly value: string;
  readonly trans: ITranslate;
  onChange: (value: string) => void;
}

/** What a version or a deployment is good for, in words. */
export function DescriptionField({ value, trans, onChange }: IWordsProps): JSX.Element {
  return <AreaField label={trans.__('Description')} value={value} onChange={onChange} />;
}

/** Tags as one text. */
export function TagsField({ value, trans, onChange }: IWordsProps): JSX.Element {
  return (
    <TextField
      label={trans.__('Tags')}
      hint={trans.__('Separated by commas')}
      value={value}
      onChange={onChange}
    />
  );
}
