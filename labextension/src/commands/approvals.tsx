import { Notification } from '@jupyterlab/apputils';
import React from 'react';

import { CommentForm, type ICommentValues } from '../components/forms/comment';
import { stageLabel } from '../components/words';
import { argsSchema, type ICommandContext } from './context';
import { askForm } from './dialog';
import { CommandIDs } from './ids';

/** Commands that answer requests for approval. */
export function addApprovalCommands(context: ICommandContext): void {
  const { app, api, trans } = context;
  const { commands } = app;
  const args = argsSchema({ request: 'number', selector: 'string', stage: 'string' });

  commands.addCommand(CommandIDs.approve, {
    label: trans.__('Approve…'),
    describedBy: { args },
    execute: async ({ request, selector, stage }) => {
      const [name, label] = [String(selector), stageLabel(String(stage), trans)];
      const done = await askForm<ICommentValues, string>({
        title: trans.__('Let %1 into %2?', name, label),
        accept: trans.__('Approve'),
        initial: { comment: '' },
        trans,
        form: props => (
          <CommentForm {...props} label={trans.__('Comment')} hint={trans.__('It may be empty.')} />
        ),
        submit: async ({ comment }) => {
          await api.approve(Number(request), comment);
          return trans.__('%1 is in stage %2 now.', name, label);
        }
      });
      tell(done);
    }
  });

  commands.addCommand(CommandIDs.reject, {
    label: trans.__('Reject…'),
    describedBy: { args },
    execute: async ({ request, selector, stage }) => {
      const [name, label] = [String(selector), stageLabel(String(stage), trans)];
      const done = await askForm<ICommentValues, string>({
        title: trans.__('Keep %1 out of %2?', name, label),
        accept: trans.__('Reject'),
        initial: { comment: '' },
        trans,
        check: ({ comment }) =>
          comment.trim() ? {} : { comment: trans.__('Say why, for the one who asked.') },
        form: props => (
          <CommentForm
            {...props}
            label={trans.__('Reason')}
            hint={trans.__('The one who asked reads it.')}
          />
        ),
        submit: async ({ comment }) => {
          await api.reject(Number(request), comment);
          return trans.__('%1 stays where it is.', name);
        }
      });
      tell(done);
    }
  });
}

/** Says what was done; null when the form was left. */
function tell(done: string | null): void {
  if (done !== null) {
    Notification.success(done, { autoClose: 5000 });
  }
}
