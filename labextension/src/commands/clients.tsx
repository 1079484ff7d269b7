import { Clipboard, Dialog, showDialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';

import { type IAddedClient } from '../types';
import { argsSchema, type ICommandContext } from './context';
import { isSure } from './deployments';
import { CommandIDs } from './ids';
import { told } from './told';

/** Commands that let others ask a deployment. Source: P15. */
export function addClientCommands(context: ICommandContext): void {
  const { app, api, trans } = context;
  const { commands } = app;
  const args = argsSchema({ deployment: 'string', client: 'string' });
  const refresh = (name: string) => {
    const page = context.deploymentPages.find(name)?.content.page;
    void page?.clients.refresh();
  };

  commands.addCommand(CommandIDs.shareDeployment, {
    label: trans.__('Let Clients In…'),
    describedBy: { args: argsSchema({ deployment: 'string' }) },
    execute: async ({ deployment }) => {
      const name = `${deployment}`;
      const question = trans.__('Let clients with tokens ask %1?', name);
      if (await isSure(context, question, trans.__('Let clients in'))) {
        const done = trans.__('Clients of %1 need tokens now.', name);
        await told(api.updateDeployment(name, { private: true }), done);
      }
    }
  });

  commands.addCommand(CommandIDs.addClient, {
    label: trans.__('Add Client'),
    describedBy: { args },
    execute: async ({ deployment, client }) => {
      const added = await api.addClient(`${deployment}`, `${client}`);
      refresh(`${deployment}`);
      await showToken(context, added);
    }
  });

  commands.addCommand(CommandIDs.removeClient, {
    label: trans.__('Remove Client…'),
    describedBy: { args },
    execute: async ({ deployment, client }) => {
      const question = trans.__(
        'Remove %1? Its token will open %2 no more.',
        `${client}`,
        `${deployment}`
      );
      if (await isSure(context, question, trans.__('Remove'))) {
        const done = trans.__('%1 is removed.', `${client}`);
        await told(api.removeClient(`${deployment}`, `${client}`), done);
        refresh(`${deployment}`);
      }
    }
  });
}

async function showToken({ trans }: ICommandContext, added: IAddedClient): Promise<void> {
  const { button } = await showDialog({
    title: trans.__('The token of %1', added.name),
    body: ReactWidget.create(
      <div className="jp-modelmgmt-Form">
        <p>{trans.__('Copy it now: it is shown this once, and only a hash of it is kept.')}</p>
        <input
          className="jp-mod-styled jp-modelmgmt-Token"
          aria-label={trans.__('Token')}
          readOnly
          value={added.token}
          onFocus={event => event.currentTarget.select()}
        />
      </div>
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Close') }),
      Dialog.okButton({ label: trans.__('Copy and close') })
    ]
  });
  if (button.accept) {
    Clipboard.copyToSystem(added.token);
  }
}
