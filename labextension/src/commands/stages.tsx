import React from 'react';

import {
  checkStage,
  type IStageValues,
  StageForm,
  stageRule,
  stageValues
} from '../components/forms/stage';
import { stageLabel } from '../components/words';
import { argsSchema, type ICommandContext } from './context';
import { isSure } from './deployments';
import { askForm } from './dialog';
import { CommandIDs } from './ids';
import { told } from './told';

/** Commands on the stages of the registry. */
export function addStageCommands(context: ICommandContext): void {
  const { app, api, trans } = context;
  const refresh = () => context.registryPages.refresh();

  app.commands.addCommand(CommandIDs.configureStage, {
    label: ({ stage }) => (stage ? trans.__('Change Stage…') : trans.__('Add Stage…')),
    describedBy: { args: argsSchema({ 'stage?': 'string' }) },
    execute: async ({ stage }) => {
      const rules = (await api.stages()).items;
      const rule = rules.find(({ name }) => name === stage);
      await askForm<IStageValues, unknown>({
        title: rule ? trans.__('Change %1', stageLabel(rule.name, trans)) : trans.__('Add a stage'),
        accept: rule ? trans.__('Change') : trans.__('Add'),
        initial: stageValues(rule),
        trans,
        check: values => checkStage(values, trans),
        form: props => (
          <StageForm {...props} isNew={!rule} stages={rules.map(({ name }) => name)} />
        ),
        submit: values => api.configureStage(values.name.trim(), stageRule(values))
      });
      refresh();
    }
  });

  app.commands.addCommand(CommandIDs.removeStage, {
    label: trans.__('Remove Stage…'),
    describedBy: { args: argsSchema({ stage: 'string' }) },
    execute: async ({ stage }) => {
      const name = String(stage);
      const question = trans.__('Remove the stage %1?', stageLabel(name, trans));
      if (await isSure(context, question, trans.__('Remove'))) {
        await told(api.removeStage(name), trans.__('The stage %1 is removed.', name));
        refresh();
      }
    }
  });
}
