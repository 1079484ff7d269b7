import React from 'react';

import { AreaField } from './fields';
import { type IFormProps } from './form';

export interface ICommentValues {
  readonly comment: string;
}

/** Asks what to say of a decision. */
export function CommentForm(
  props: IFormProps<ICommentValues> & { readonly label: string; readonly hint: string }
): JSX.Element {
  const { values, errors, label, hint, onChange } = props;
  return (
    <AreaField
      label={label}
      hint={hint}
      value={values.comment}
      error={errors.comment}
      onChange={comment => onChange({ comment })}
    />
  );
}
