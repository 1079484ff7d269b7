import { NotebookActions } from '@jupyterlab/notebook';

import { cellOf, CELL_KINDS, type CellKind } from '../insertion';
import { argsSchema, type ICommandContext } from './context';
import { CommandIDs } from './ids';

/** The command that puts a cell for a version below the active cell of the notebook (N19). */
export function addInsertionCommand(context: ICommandContext): void {
  const { app, api, notebooks, trans } = context;
  const labels: Record<CellKind, string> = {
    load: trans.__('Load Cell'),
    predict: trans.__('Predict Cell'),
    widget: trans.__('Live Widget')
  };
  app.commands.addCommand(CommandIDs.insertCell, {
    label: args => labels[kindOf(args['kind'])],
    describedBy: { args: argsSchema({ model: 'string', version: 'string', 'kind?': 'string' }) },
    isEnabled: () => !!notebooks?.currentWidget,
    execute: async args => {
      const version = await api.version(`${args['model']}`, `${args['version']}`);
      const panel = notebooks?.currentWidget;
      if (!panel) {
        throw new Error(trans.__('Open a notebook first: the cell goes into it.'));
      }
      app.shell.activateById(panel.id);
      NotebookActions.insertBelow(panel.content);
      panel.content.activeCell?.model.sharedModel.setSource(cellOf(version, kindOf(args['kind'])));
      await NotebookActions.focusActiveCell(panel.content);
    }
  });
}

function kindOf(said: unknown): CellKind {
  return CELL_KINDS.find(kind => kind === said) ?? 'load';
}
