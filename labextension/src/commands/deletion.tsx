import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';

import { blockersOf, BlockersView, type IBlockers } from '../components/blockers';
import { stoppedDeployment } from '../model/deployment';
import { type IModelVersion } from '../types';
import { argsSchema, type ICommandContext } from './context';
import { CommandIDs } from './ids';
import { told } from './told';
import { askTyped } from './typed';

/** Commands that delete, each after a question that offers what is wiser (K13, P16). */
export function addDeletionCommands(context: ICommandContext): void {
  const { app, trans } = context;

  app.commands.addCommand(CommandIDs.deleteVersion, {
    label: trans.__('Delete…'),
    describedBy: { args: argsSchema({ model: 'string', version: 'string' }) },
    execute: ({ model, version }) => deleteVersion(context, `${model}`, `${version}`)
  });

  app.commands.addCommand(CommandIDs.deleteModel, {
    label: trans.__('Delete Model…'),
    describedBy: { args: argsSchema({ model: 'string' }) },
    execute: ({ model }) => deleteModel(context, `${model}`)
  });
}

async function deleteVersion(
  context: ICommandContext,
  model: string,
  version: string
): Promise<void> {
  const { app, api } = context;
  const [found, stages] = await Promise.all([api.version(model, version), api.stages()]);
  const blockers = blockersOf(found, stages.items);
  switch (await askDeletion(context, found, blockers)) {
    case 'archive':
      await app.commands.execute(CommandIDs.promoteVersion, { model, version, stage: 'archived' });
      break;
    case 'download':
      await app.commands.execute(CommandIDs.downloadVersion, { model, version });
      break;
    case 'stop':
      if (await stopAll(context, blockers.deployments)) {
        await deleteVersion(context, model, version);
      }
      break;
    case 'delete':
      if (await told(api.deleteVersion(model, version, blockers.aliases.length > 0), null)) {
        offerRestore(context, model, version);
      }
  }
}

/** Shows what keeps the version, and gives what to do. */
async function askDeletion(
  context: ICommandContext,
  version: IModelVersion,
  blockers: IBlockers
): Promise<string | undefined> {
  const { trans } = context;
  const isDeployed = blockers.deployments.length > 0;
  const action = (label: string, name: string, isShown: boolean) =>
    isShown ? [Dialog.createButton({ label, actions: [name] })] : [];
  const deleting = blockers.aliases.length ? trans.__('Delete with aliases') : trans.__('Delete');
  const { button } = await showDialog({
    title: trans.__('Delete %1@%2?', version.model, version.version),
    body: ReactWidget.create(<BlockersView blockers={blockers} trans={trans} />),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      ...action(trans.__('Archive'), 'archive', !isDeployed && version.stage !== 'archived'),
      ...action(trans.__('Download'), 'download', version.downloadable),
      ...action(trans.__('Stop deployments'), 'stop', isDeployed),
      ...(isDeployed || blockers.stage
        ? []
        : [Dialog.warnButton({ label: deleting, actions: ['delete'] })])
    ],
    defaultButton: 0
  });
  return button.actions[0];
}

async function stopAll(context: ICommandContext, names: readonly string[]): Promise<boolean> {
  const { api } = context;
  const stopping = Promise.all(
    names.map(async name => {
      await api.stopDeployment(name);
      await stoppedDeployment(api, name);
    })
  );
  return told(stopping, null);
}

function offerRestore(context: ICommandContext, model: string, version: string): void {
  const { api, trans } = context;
  Notification.success(trans.__('%1@%2 is deleted.', model, version), {
    autoClose: 10000,
    actions: [
      {
        label: trans.__('Undo'),
        callback: () =>
          void told(api.restore(model, version), trans.__('%1@%2 is back.', model, version))
      }
    ]
  });
}

/** A whole model goes only when its name was typed (P16). */
async function deleteModel(context: ICommandContext, model: string): Promise<void> {
  const { api, pages, trans } = context;
  const isDeleted = await askTyped(context, {
    title: trans.__('Delete %1 with all its versions?', model),
    accept: trans.__('Delete'),
    name: model,
    loss: trans.__('All its versions go to the trash, where they can be restored.'),
    submit: () => api.deleteModel(model)
  });
  if (isDeleted) {
    Notification.success(trans.__('%1 is deleted.', model), { autoClose: 5000 });
    pages.close(model);
  }
}
