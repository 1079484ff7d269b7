import { Notification } from '@jupyterlab/apputils';
import React from 'react';

import { EditForm, type IEditValues, edits, editValues } from '../components/forms/edit';
import { type IPromoteValues, PromoteForm } from '../components/forms/promote';
import { stageLabel } from '../components/words';
import { type IModelVersion, type IStageRule, type Stage } from '../types';
import { argsSchema, type ICommandContext } from './context';
import { askForm } from './dialog';
import { CommandIDs } from './ids';
import { told } from './told';

/** Commands that change what is registered. */
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
      const rules = (await api.stages()).items;
      const rule = rules.find(({ name }) => name === stage);
      if (rule && !rule.approval && !rule.gates?.length) {
        await promote(context, `${model}`, `${version}`, rule.name);
      } else {
        await askPromotion(context, await api.version(`${model}`, `${version}`), rules, rule);
      }
    }
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

async function promote(
  context: ICommandContext,
  model: string,
  version: string,
  stage: Stage
): Promise<void> {
  const { api, trans } = context;
  const label = stageLabel(stage, trans);
  await told(
    api.promote(model, version, { stage }),
    trans.__('%1@%2 is in stage %3 now.', model, version, label)
  );
}

/** Asks where to, and shows what that stage asks of the version. */
async function askPromotion(
  context: ICommandContext,
  version: IModelVersion,
  rules: readonly IStageRule[],
  wanted: IStageRule | undefined
): Promise<void> {
  const { api, trans } = context;
  const selector = `${version.model}@${version.version}`;
  const ruleOf = (stage: Stage) => rules.find(({ name }) => name === stage);
  const first = wanted ?? rules.find(({ name }) => name !== version.stage);
  const done = await askForm<IPromoteValues, string>({
    title: trans.__('Promote %1', selector),
    accept: trans.__('Promote'),
    initial: { stage: first?.name ?? version.stage, comment: '', archivePrevious: true },
    trans,
    form: props => <PromoteForm {...props} rules={rules} from={version.stage} />,
    submit: async ({ stage, comment, archivePrevious }) => {
      const label = stageLabel(stage, trans);
      if (ruleOf(stage)?.approval) {
        await api.requestApproval(selector, stage, comment);
        return trans.__(
          '%1: entering %2 waits for an approval, see Models > Approvals, Stages and Trash.',
          selector,
          label
        );
      }
      const said = { stage, comment, archive_previous: archivePrevious };
      await api.promote(version.model, version.version, said);
      return trans.__('%1 is in stage %2 now.', selector, label);
    }
  });
  if (done) {
    Notification.success(done, { autoClose: 5000 });
  }
}
