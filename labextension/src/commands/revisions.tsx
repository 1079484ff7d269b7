import { Dialog, showDialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';

import { Differences } from '../components/deployment/differences';
import { argsSchema, type ICommandContext } from './context';
import { CommandIDs } from './ids';
import { told } from './told';

/** Commands on the history of a deployment. */
export function addRevisionCommands(context: ICommandContext): void {
  const { app, api, trans } = context;

  app.commands.addCommand(CommandIDs.rollbackDeployment, {
    label: trans.__('Roll Back…'),
    describedBy: { args: argsSchema({ deployment: 'string', to: 'number' }) },
    execute: async args => {
      const [name, to] = [String(args['deployment']), Number(args['to'])];
      const { revision } = await api.deployment(name);
      const { items } = await api.revisionDiff(name, revision, to);
      const { button } = await showDialog({
        title: trans.__('Roll %1 back to revision %2?', name, to),
        body: ReactWidget.create(
          <div className="jp-modelmgmt-Form">
            <p>{trans.__('This is what changes. It becomes a new revision.')}</p>
            <Differences differences={items} trans={trans} />
          </div>
        ),
        buttons: [
          Dialog.cancelButton({ label: trans.__('Cancel') }),
          Dialog.warnButton({ label: trans.__('Roll back') })
        ]
      });
      if (button.accept) {
        await told(api.rollback(name, to), trans.__('%1 goes back to revision %2.', name, to));
      }
    }
  });
}
