import { Notification } from '@jupyterlab/apputils';

import { type IKeptTest } from '../types';
import { argsSchema, type ICommandContext } from './context';
import { isSure } from './deployments';
import { CommandIDs } from './ids';
import { told } from './told';

/** Commands on kept tests. Source: N10. */
export function addKeptCommands(context: ICommandContext): void {
  const { app, pages, trans } = context;
  const { commands } = app;

  commands.addCommand(CommandIDs.runTests, {
    label: trans.__('Run Kept Tests'),
    describedBy: { args: argsSchema({ model: 'string', version: 'string' }) },
    execute: async args => {
      const [model, version] = [String(args['model']), String(args['version'])];
      await commands.execute(CommandIDs.testVersion, { model, version });
      const page = await pages.open(model);
      await page.kept.refresh();
      await page.kept.start();
    }
  });

  commands.addCommand(CommandIDs.removeTest, {
    label: trans.__('Remove Kept Test…'),
    describedBy: { args: argsSchema({ model: 'string', test: 'string' }) },
    execute: ({ model, test }) => removeTest(context, `${model}`, `${test}`)
  });
}

async function removeTest(context: ICommandContext, model: string, test: string): Promise<void> {
  const { api, trans } = context;
  const question = trans.__('Remove the test %1 of %2? Its results are forgotten.', test, model);
  if (!(await isSure(context, question, trans.__('Remove')))) {
    return;
  }
  const { items } = await api.keptTests(model);
  const removed = items.find(({ name }) => name === test);
  if ((await told(api.removeTest(model, test), null)) && removed) {
    offerToKeep(context, removed);
  }
}

/** Keeps a test again whose input is still there; results come when it is run. */
function offerToKeep({ api, trans }: ICommandContext, removed: IKeptTest): void {
  const { model, name, media, digest, size, expected, tolerance, threshold } = removed;
  const { version } = expected;
  const answer = { ...expected } as Readonly<Record<string, unknown>>;
  const again = { version, name, media, digest, size, expected: answer, tolerance, threshold };
  Notification.success(trans.__('%1 is removed.', name), {
    autoClose: 10000,
    actions: [
      {
        label: trans.__('Undo'),
        callback: () =>
          void told(
            api.keepTest(model, again),
            trans.__('%1 is back. Run it to see who passes.', name)
          )
      }
    ]
  });
}
