import { Dialog, InputDialog, Notification, showDialog } from '@jupyterlab/apputils';
import React from 'react';

import { EditForm, type IEditValues, edits, editValues } from '../components/forms/edit';
import { stageLabel } from '../components/words';
import { messageOf } from '../model/resource';
import { type IModelVersion, type Stage } from '../types';
import { argsSchema, type ICommandContext } from './context';
import { askForm } from './dialog';
import { CommandIDs } from './ids';

/** Commands that change or delete what is registered. */
export function addVersionCommands(context: ICommandContext): void {
  const { app, api, trans } = context;
  const { commands } = app;
  const args = argsSchema({ model: 'string', version: 'string' });

  commands.addCommand(CommandIDs.editVersion, {
    label: trans.__('Edit…'),
    describedBy: { args },
    execute: async ({ model, version }) =>
      editVersion(context, await api.version(String(model), String(version)))
  });

  commands.addCommand(CommandIDs.promoteVersion, {
    label: ({ stage }) =>
      stage ? stageLabel(stage as Stage, trans) : trans.__('Promote to Stage…'),
    describedBy: { args: argsSchema({ model: 'string', version: 'string', 'stage?': 'string' }) },
    execute: async ({ model, version, stage }) => {
      const wanted = (stage as Stage | undefined) ?? (await askStage(context));
      if (wanted) {
        await promote(context, `${model}`, `${version}`, wanted);
      }
    }
  });

  commands.addCommand(CommandIDs.deleteVersion, {
    label: trans.__('Delete…'),
    describedBy: { args },
    execute: ({ model, version }) => deleteVersion(context, `${model}`, `${version}`)
  });

  commands.addCommand(CommandIDs.deleteModel, {
    label: trans.__('Delete Model…'),
    describedBy: { args: argsSchema({ model: 'string' }) },
    execute: ({ model }) => deleteModel(context, `${model}`)
  });
}

function editVersion(
  context: ICommandContext,
  version: IModelVersion
): Promise<IModelVersion | null> {
  const { api, trans } = context;
  return askForm<IEditValues, IModelVersion>({
    title: trans.__('Edit %1', `${version.model}@${version.version}`),
    accept: trans.__('Update model'),
    initial: editValues(version),
    trans,
    form: props => <EditForm {...props} version={version} />,
    submit: values => api.edit(version.model, version.version, edits(version, values))
  });
}

async function askStage(context: ICommandContext): Promise<Stage | null> {
  const { api, trans } = context;
  const stages = (await api.stages()).items.map(rule => rule.name);
  const labels = stages.map(stage => stageLabel(stage, trans));
  const { value } = await InputDialog.getItem({
    title: trans.__('Promote to Stage'),
    items: labels
  });
  return value === null ? null : stages[labels.indexOf(value)]!;
}

async function promote(
  context: ICommandContext,
  model: string,
  version: string,
  stage: Stage
): Promise<void> {
  const { api, trans } = context;
  const label = stageLabel(stage, trans);
  await told(
    api.promote(model, version, stage),
    trans.__('%1@%2 is in stage %3 now.', model, version, label)
  );
}

/** Asks first and offers what is wiser than deleting (K13). */
async function deleteVersion(
  context: ICommandContext,
  model: string,
  version: string
): Promise<void> {
  const { app, api, trans } = context;
  const { button } = await showDialog({
    title: trans.__('Delete %1@%2?', model, version),
    body: trans.__(
      'Deployments and notebooks that name this version will no longer find it. If you are not sure, archive it or download its files first.'
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.createButton({ label: trans.__('Archive'), actions: ['archive'] }),
      Dialog.createButton({ label: trans.__('Download'), actions: ['download'] }),
      Dialog.warnButton({ label: trans.__('Delete'), actions: ['delete'] })
    ],
    defaultButton: 0
  });
  const [action] = button.actions;
  if (action === 'archive') {
    await promote(context, model, version, 'archived');
  } else if (action === 'download') {
    await app.commands.execute(CommandIDs.downloadVersion, { model, version });
  } else if (action === 'delete') {
    const isDone = await told(api.deleteVersion(model, version), null);
    if (isDone) {
      offerRestore(context, model, version);
    }
  }
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
  const { value } = await InputDialog.getText({
    title: trans.__('Delete %1 with all its versions?', model),
    label: trans.__('Type the name of the model to confirm'),
    okLabel: trans.__('Delete'),
    pattern: model.replace(/[.]/g, '\\.'),
    required: true
  });
  if (value !== model) {
    return;
  }
  if (await told(api.deleteModel(model), trans.__('%1 is deleted.', model))) {
    pages.close(model);
  }
}

/** Says how `work` ended: `done`, or the sentence it was refused with. */
export async function told(work: Promise<unknown>, done: string | null): Promise<boolean> {
  try {
    await work;
  } catch (error) {
    Notification.error(messageOf(error), { autoClose: false });
    return false;
  }
  if (done !== null) {
    Notification.success(done, { autoClose: 5000 });
  }
  return true;
}
