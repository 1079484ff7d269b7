import React from 'react';

import { checkConfirm, ConfirmForm, type IConfirmValues } from '../components/forms/confirm';
import { type ICommandContext } from './context';
import { askForm } from './dialog';

/** Deletes a deployment once its name was typed; gives whether it did. Source: P16. */
export async function deleteDeployment(
  { api, trans }: ICommandContext,
  name: string
): Promise<boolean> {
  const done = await askForm<IConfirmValues, boolean>({
    title: trans.__('Delete %1?', name),
    accept: trans.__('Delete'),
    isFinal: true,
    initial: { typed: '' },
    trans,
    check: values => checkConfirm(values, name, trans),
    form: props => (
      <ConfirmForm
        {...props}
        name={name}
        loss={trans.__('Its history, clients and logs go with it.')}
      />
    ),
    submit: async ({ typed }) => {
      await api.deleteDeployment(name, typed);
      return true;
    }
  });
  return done ?? false;
}
