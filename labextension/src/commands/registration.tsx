import { Notification } from '@jupyterlab/apputils';
import React from 'react';

import { ApiError } from '../apierror';
import { CloneForm, type ICloneValues } from '../components/forms/clone';
import {
  type IRegisterValues,
  newVersion,
  RegisterForm,
  registerValues
} from '../components/forms/register';
import { checkVersion, type LatestOf, versionOrBump } from '../components/forms/version';
import { type AdviceOf } from '../components/forms/advice';
import { advise, register } from '../kernel';
import { modelsIcon } from '../icons';
import { type Changes } from '../model/changes';
import { type IMemoryModel, type IModelVersion, type IRegistryEvent } from '../types';
import { argsSchema, type ICommandContext } from './context';
import { askForm } from './dialog';
import { CommandIDs } from './ids';

/** Commands that bring new versions into the registry. */
export function addRegistrationCommands(context: ICommandContext): void {
  const { app, trans } = context;

  app.commands.addCommand(CommandIDs.register, {
    label: trans.__('Register a Model from Memory…'),
    caption: trans.__('Register a model that is in the memory of this notebook'),
    icon: modelsIcon,
    describedBy: { args: argsSchema({ 'variable?': 'string' }) },
    isEnabled: () => context.memory.active !== null,
    execute: async args => {
      const model = await chosenModel(context, args['variable'] as string | undefined);
      const version = model && (await registerFromMemory(context, model));
      if (version) {
        tellRegistered(context, version);
      }
      return version;
    }
  });

  app.commands.addCommand(CommandIDs.clone, {
    label: args =>
      args['deploy'] ? trans.__('Clone and Deploy…') : trans.__('Clone from the Library…'),
    describedBy: { args: argsSchema({ entry: 'string', 'deploy?': 'boolean' }) },
    execute: async args => {
      const version = await cloneEntry(context, String(args['entry']));
      if (version && args['deploy']) {
        const { model } = version;
        await app.commands.execute(CommandIDs.deployVersion, { model, version: version.version });
      } else if (version) {
        tellRegistered(context, version);
      }
      return version;
    }
  });
}

/** The object behind `variable`, or the first that may be registered. */
async function chosenModel(
  context: ICommandContext,
  variable: string | undefined
): Promise<IMemoryModel | null> {
  const { memory, trans } = context;
  await memory.refresh();
  const { state } = memory;
  const models = state.kind === 'ready' ? state.value.models : [];
  const found = models.find(model =>
    variable === undefined ? !model.problem : model.variable === variable
  );
  if (!found) {
    const reason =
      state.kind === 'failed'
        ? state.message
        : trans.__('No model was found in the memory of the active notebook.');
    Notification.warning(reason, { autoClose: 5000 });
  }
  return found ?? null;
}

function registerFromMemory(
  context: ICommandContext,
  model: IMemoryModel
): Promise<IModelVersion | null> {
  const { memory, trans } = context;
  const latestOf = latestReader(context);
  const adviceOf: AdviceOf = async ({ name, ...version }) =>
    memory.active &&
    advise(memory.active.kernel, model.variable, { name, ...versionOrBump({ name, ...version }) });
  return askForm<IRegisterValues, IModelVersion>({
    title: trans.__('Register %1', model.variable),
    accept: trans.__('Create model'),
    initial: registerValues(model, authorOf(context)),
    trans,
    check: values => checkVersion(values, trans),
    form: props => <RegisterForm {...props} latestOf={latestOf} adviceOf={adviceOf} />,
    submit: (values, { signal }) => {
      const { active } = memory;
      if (!active) {
        throw new Error(trans.__('The notebook was closed. Open it and register again.'));
      }
      return register(active.kernel, model.variable, newVersion(values), signal);
    }
  });
}

function cloneEntry(context: ICommandContext, entry: string): Promise<IModelVersion | null> {
  const { api, changes, trans } = context;
  const latestOf = latestReader(context);
  return askForm<ICloneValues, IModelVersion>({
    title: trans.__('Clone %1', entry),
    accept: trans.__('Clone'),
    initial: { name: entry, how: 'minor', version: '' },
    trans,
    check: values => checkVersion(values, trans),
    form: props => <CloneForm {...props} latestOf={latestOf} />,
    submit: async (values, { signal, onProgress }) => {
      const tell = (_: Changes, { details }: IRegistryEvent) => {
        if (details['entry'] === entry) {
          onProgress(Number(details['done']), Number(details['total']));
        }
      };
      changes.progress.connect(tell);
      try {
        return await api.clone(entry, { name: values.name, ...versionOrBump(values) }, signal);
      } finally {
        changes.progress.disconnect(tell);
      }
    }
  });
}

export function latestReader(context: ICommandContext): LatestOf {
  return async name => {
    try {
      return (await context.api.model(name)).latest?.version ?? null;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) {
        return undefined;
      }
      throw error;
    }
  };
}

/** The author that is set, or the user's name, unless the server made one up. */
export function authorOf(context: ICommandContext): string {
  const { author } = context.preferences.value;
  if (author) {
    return author;
  }
  const identity = context.app.serviceManager.user.identity;
  const name = identity?.display_name || identity?.name || '';
  return name.startsWith('Anonymous') ? '' : name;
}

export function tellRegistered(context: ICommandContext, version: IModelVersion): void {
  const { app, trans } = context;
  const { model } = version;
  Notification.success(trans.__('%1@%2 is registered.', model, version.version), {
    autoClose: 8000,
    actions: [
      {
        label: trans.__('Open'),
        displayType: 'accent',
        callback: () =>
          void app.commands.execute(CommandIDs.openModel, { model, version: version.version })
      }
    ]
  });
}
