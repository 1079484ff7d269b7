import { fileUploadIcon } from '@jupyterlab/ui-components';
import React from 'react';

import {
  checkCloneVersion,
  clonedVersion,
  CloneVersionForm,
  cloneVersionValues,
  type ICloneVersionValues
} from '../components/forms/cloneversion';
import {
  checkFiles,
  FilesForm,
  filesValues,
  type IFilesValues,
  versionOfFiles
} from '../components/forms/files';
import { uploadFiles } from '../model/upload';
import { type IModelVersion } from '../types';
import { argsSchema, type ICommandContext } from './context';
import { askForm } from './dialog';
import { CommandIDs } from './ids';
import { authorOf, latestReader, tellRegistered } from './registration';

/** Commands that make versions of files, and of other versions. */
export function addFileCommands(context: ICommandContext): void {
  const { app, api, trans } = context;

  app.commands.addCommand(CommandIDs.registerFiles, {
    label: args =>
      args['model']
        ? trans.__('New Version from Files…')
        : trans.__('Register a Model from Files…'),
    icon: fileUploadIcon,
    describedBy: { args: argsSchema({ 'model?': 'string' }) },
    execute: async args => {
      const version = await registerFiles(context, String(args['model'] ?? ''));
      if (version) {
        tellRegistered(context, version);
      }
      return version;
    }
  });

  app.commands.addCommand(CommandIDs.cloneVersion, {
    label: trans.__('Clone and Customize…'),
    describedBy: { args: argsSchema({ model: 'string', version: 'string' }) },
    execute: async args => {
      const version = await cloneVersion(
        context,
        await api.version(String(args['model']), String(args['version']))
      );
      if (version) {
        tellRegistered(context, version);
      }
      return version;
    }
  });
}

async function registerFiles(
  context: ICommandContext,
  model: string
): Promise<IModelVersion | null> {
  const { api, trans } = context;
  const latestOf = latestReader(context);
  const before = model ? ((await api.versions(model, { limit: 1 })).items[0] ?? null) : null;
  return askForm<IFilesValues, IModelVersion>({
    title: model ? trans.__('New version of %1', model) : trans.__('Register files'),
    accept: trans.__('Create'),
    initial: filesValues(model, before, authorOf(context)),
    trans,
    check: values => checkFiles(values, trans),
    form: props => <FilesForm {...props} {...{ latestOf, isNewVersion: !!model }} />,
    submit: async (values, work) => {
      const artifacts = await uploadFiles(api, values.files, work);
      return api.createVersion(values.name, versionOfFiles(values, artifacts));
    }
  });
}

function cloneVersion(
  context: ICommandContext,
  parent: IModelVersion
): Promise<IModelVersion | null> {
  const { api, trans } = context;
  const latestOf = latestReader(context);
  return askForm<ICloneVersionValues, IModelVersion>({
    title: trans.__('Clone %1', `${parent.model}@${parent.version}`),
    accept: trans.__('Clone'),
    initial: cloneVersionValues(parent),
    trans,
    check: values => checkCloneVersion(values, trans),
    form: props => <CloneVersionForm {...props} latestOf={latestOf} />,
    submit: values => api.cloneVersion(parent.model, parent.version, clonedVersion(values, parent))
  });
}
