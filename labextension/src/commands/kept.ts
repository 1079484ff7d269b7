import { argsSchema, type ICommandContext } from './context';
import { isSure } from './deployments';
import { CommandIDs } from './ids';
import { told } from './told';

/** Commands on kept tests. Source: N10. */
export function addKeptCommands(context: ICommandContext): void {
  const { app, api, pages, trans } = context;
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
    execute: async args => {
      const [model, test] = [String(args['model']), String(args['test'])];
      const question = trans.__(
        'Remove the test %1 of %2? Its input and its results are forgotten.',
        test,
        model
      );
      if (await isSure(context, question, trans.__('Remove'))) {
        await told(api.removeTest(model, test), trans.__('%1 is removed.', test));
      }
    }
  });
}
