import { Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';

import { settledDeployment } from '../model/deployment';
import { DEPLOYMENT_TABS } from '../model/deploymentpage';
import { messageOf } from '../model/resource';
import { type IDeployment } from '../types';
import { argsSchema, type ICommandContext } from './context';
import { askDeployment } from './deploying';
import { deleteDeployment } from './deploymentdeletion';
import { CommandIDs } from './ids';
import { saveFile } from './saving';
import { told } from './told';

/** Commands that start and stop deployments. */
export function addDeploymentCommands(context: ICommandContext): void {
  const { app, api, trans } = context;
  const { commands } = app;
  const args = argsSchema({ deployment: 'string' });

  commands.addCommand(CommandIDs.deployVersion, {
    label: trans.__('Deploy…'),
    describedBy: {
      args: argsSchema({ model: 'string', version: 'string', 'deployment?': 'string' })
    },
    execute: async ({ model, version, deployment: target = '' }) => {
      const deployment = await askDeployment(context, `${model}`, `${version}`, `${target}`);
      if (deployment) {
        follow(context, deployment);
      }
      return deployment;
    }
  });

  commands.addCommand(CommandIDs.openDeployment, {
    label: ({ deployment }) =>
      deployment ? trans.__('Open Deployment %1', `${deployment}`) : trans.__('Open Deployment…'),
    describedBy: {
      args: argsSchema({ 'deployment?': 'string', 'tab?': 'string' })
    },
    execute: async ({ deployment, tab }) => {
      const name = deployment ? `${deployment}` : await askWhich(context);
      if (name) {
        const page = await context.deploymentPages.open(name);
        const known = DEPLOYMENT_TABS.find(one => one === tab);
        if (known) {
          page.tab = known;
        }
      }
    }
  });

  commands.addCommand(CommandIDs.startDeployment, {
    label: trans.__('Start Deployment'),
    describedBy: { args },
    execute: async ({ deployment }) => {
      try {
        follow(context, await api.startDeployment(`${deployment}`));
      } catch (error) {
        Notification.error(messageOf(error), { autoClose: false });
      }
    }
  });

  commands.addCommand(CommandIDs.stopDeployment, {
    label: trans.__('Stop Deployment…'),
    describedBy: { args },
    execute: async ({ deployment }) => {
      const question = trans.__('Stop %1? It will no longer answer.', `${deployment}`);
      if (await isSure(context, question, trans.__('Stop'))) {
        const done = trans.__('%1 is being stopped.', `${deployment}`);
        await told(api.stopDeployment(`${deployment}`), done);
      }
    }
  });

  commands.addCommand(CommandIDs.deleteDeployment, {
    label: trans.__('Delete Deployment…'),
    describedBy: { args },
    execute: async ({ deployment }) => {
      const name = `${deployment}`;
      if (await deleteDeployment(context, name)) {
        Notification.success(trans.__('%1 is deleted.', name), { autoClose: 5000 });
        context.deploymentPages.close(name);
      }
    }
  });

  commands.addCommand(CommandIDs.downloadLogs, {
    label: trans.__('Download Logs'),
    describedBy: {
      args: argsSchema({
        deployment: 'string',
        'filter?': 'string',
        'replica?': 'string'
      })
    },
    execute: args => {
      const { deployment, ...query } = args as { deployment: string };
      saveFile(api.logsUrl(deployment, query), `${deployment}.log`);
    }
  });

  commands.addCommand(CommandIDs.showLogs, {
    label: trans.__('Show Logs'),
    describedBy: { args },
    execute: async ({ deployment }) => {
      const page = await context.deploymentPages.open(`${deployment}`);
      page.tab = 'logs';
    }
  });
}

/** Asks for one of the deployments; null when there is none, or none was chosen. */
async function askWhich({ api, trans }: ICommandContext): Promise<string | null> {
  const items = (await api.deployments()).items.map(({ name }) => name);
  if (!items.length) {
    Notification.info(trans.__('Nothing is deployed.'));
    return null;
  }
  const title = trans.__('Open a deployment');
  return (await InputDialog.getItem({ title, items })).value;
}

export async function isSure(
  context: ICommandContext,
  question: string,
  label: string
): Promise<boolean> {
  const { trans } = context;
  const { button } = await showDialog({
    title: question,
    buttons: [Dialog.cancelButton({ label: trans.__('Cancel') }), Dialog.warnButton({ label })]
  });
  return button.accept;
}

/** Shows the way of a deployment to its next lasting state. */
function follow(context: ICommandContext, deployment: IDeployment): void {
  const { app, api, trans } = context;
  const { name } = deployment;
  const testing = {
    label: trans.__('Test'),
    displayType: 'accent' as const,
    callback: () =>
      void app.commands.execute(CommandIDs.openDeployment, {
        deployment: name,
        tab: 'test'
      })
  };
  const reading = {
    label: trans.__('Show logs'),
    callback: () => void app.commands.execute(CommandIDs.showLogs, { deployment: name })
  };
  Notification.promise(
    settledDeployment(api, name).then(() => name),
    {
      pending: {
        message: trans.__('%1 is being deployed', name),
        options: { autoClose: false }
      },
      success: {
        message: () => trans.__('%1 is deployed.', name),
        options: { autoClose: 10000, actions: [testing] }
      },
      error: {
        message: error => trans.__('%1 failed: %2', name, messageOf(error)),
        options: { autoClose: false, actions: [reading] }
      }
    }
  );
}
