import { argsSchema, type ICommandContext } from './context';
import { CommandIDs } from './ids';
import { told } from './told';
import { askTyped } from './typed';

/** Commands on what was deleted. */
export function addTrashCommands(context: ICommandContext): void {
  const { app, api, trans } = context;
  const args = argsSchema({ model: 'string', version: 'string' });

  app.commands.addCommand(CommandIDs.restoreVersion, {
    label: trans.__('Restore'),
    describedBy: { args },
    execute: async ({ model, version }) => {
      const done = trans.__('%1@%2 is back.', `${model}`, `${version}`);
      await told(api.restore(`${model}`, `${version}`), done);
    }
  });

  app.commands.addCommand(CommandIDs.purgeVersion, {
    label: trans.__('Delete for Ever…'),
    describedBy: { args },
    execute: async ({ model, version }) => {
      const selector = `${model}@${version}`;
      await askTyped(context, {
        title: trans.__('Delete %1 for ever?', selector),
        accept: trans.__('Delete for ever'),
        name: selector,
        loss: trans.__('Its files, metrics and params are forgotten. Its number stays taken.'),
        submit: () => api.purge(`${model}`, `${version}`)
      });
    }
  });
}
