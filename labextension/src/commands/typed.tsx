import React from 'react';

import { checkConfirm, ConfirmForm, type IConfirmValues } from '../components/forms/confirm';
import { type ICommandContext } from './context';
import { askForm } from './dialog';

/** What is lost, and whose name is typed before. */
interface ILoss {
  readonly title: string;
  readonly accept: string;
  readonly name: string;
  readonly loss: string;
  submit: (typed: string) => Promise<unknown>;
}

/** Does what cannot be undone once a name was typed; gives whether it did. Source: P16, K13. */
export async function askTyped({ trans }: ICommandContext, options: ILoss): Promise<boolean> {
  const { name, loss, submit } = options;
  const done = await askForm<IConfirmValues, boolean>({
    title: options.title,
    accept: options.accept,
    isFinal: true,
    initial: { typed: '' },
    trans,
    check: values => checkConfirm(values, name, trans),
    form: props => <ConfirmForm {...props} name={name} loss={loss} />,
    submit: async ({ typed }) => {
      await submit(typed);
      return true;
    }
  });
  return done ?? false;
}
