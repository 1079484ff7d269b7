import { Dialog, showDialog } from '@jupyterlab/apputils';

import { modelsIcon } from '../icons';
import { RUNS } from '../model/runspage';
import { argsSchema, type ICommandContext } from './context';
import { CommandIDs } from './ids';
import { told } from './told';

/** Commands on runs. */
export function addRunCommands(context: ICommandContext): void {
  const { app, api, runPages, trans } = context;

  app.commands.addCommand(CommandIDs.showRuns, {
    label: trans.__('Show Runs'),
    caption: trans.__('Runs with their metrics, params and curves'),
    icon: modelsIcon,
    describedBy: { args: argsSchema({ 'run?': 'string' }) },
    execute: async args => {
      const page = await runPages.open(RUNS);
      if (args['run']) {
        page.choose(String(args['run']));
      }
    }
  });

  app.commands.addCommand(CommandIDs.endRun, {
    label: trans.__('End Run…'),
    describedBy: { args: argsSchema({ run: 'string', name: 'string' }) },
    execute: async args => {
      const name = String(args['name']);
      const { button } = await showDialog({
        title: trans.__('Write down that %1 was killed?', name),
        body: trans.__(
          'Do this for a run whose process is gone. It takes no more metrics, and gives no versions; reg.resume_run lets it go on.'
        ),
        buttons: [
          Dialog.cancelButton({ label: trans.__('Cancel') }),
          Dialog.warnButton({ label: trans.__('End run') })
        ]
      });
      if (button.accept) {
        const ended = api.editRun(String(args['run']), { status: 'killed' });
        await told(ended, trans.__('The run %1 has ended: killed.', name));
      }
    }
  });
}
