import { type ICommandContext } from './context';
import { askTyped } from './typed';

/** Deletes a deployment once its name was typed; gives whether it did. Source: P16. */
export function deleteDeployment(context: ICommandContext, name: string): Promise<boolean> {
  const { api, trans } = context;
  return askTyped(context, {
    title: trans.__('Delete %1?', name),
    accept: trans.__('Delete'),
    name,
    loss: trans.__('Its history, clients and logs go with it.'),
    submit: typed => api.deleteDeployment(name, typed)
  });
}
