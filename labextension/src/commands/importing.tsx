import { downloadIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { ImportForm } from '../components/forms/import';
import { type IImportOffers } from '../components/forms/importprops';
import {
  checkImport,
  IMPORT_KINDS,
  type IImportValues,
  type ImportKind,
  importOf,
  importValues
} from '../components/forms/importvalues';
import { type Changes } from '../model/changes';
import { uploadSession } from '../model/upload';
import { type IModelVersion, type IRegistryEvent } from '../types';
import { argsSchema, type ICommandContext } from './context';
import { askForm, type IWork } from './dialog';
import { CommandIDs } from './ids';
import { latestReader, tellRegistered } from './registration';

const MOST_RUNS = 100;

/** The command that brings a version from elsewhere. */
export function addImportCommand(context: ICommandContext): void {
  const { app, trans } = context;
  app.commands.addCommand(CommandIDs.importVersion, {
    label: args => (args['model'] ? trans.__('Import a Version…') : trans.__('Import a Model…')),
    caption: trans.__('From a run, a template, a container, storage, MLflow or an export'),
    icon: downloadIcon,
    describedBy: { args: argsSchema({ 'source?': 'string', 'model?': 'string' }) },
    execute: async args => {
      const kind = IMPORT_KINDS.find(known => known === args['source']) ?? 'storage';
      const version = await askImport(context, kind, String(args['model'] ?? ''));
      if (version) {
        tellRegistered(context, version);
      }
      return version;
    }
  });
}

function askImport(
  context: ICommandContext,
  kind: ImportKind,
  model: string
): Promise<IModelVersion | null> {
  const { trans } = context;
  const latestOf = latestReader(context);
  const offers = offersOf(context);
  return askForm<IImportValues, IModelVersion>({
    title: model ? trans.__('Import a version of %1', model) : trans.__('Import a model'),
    accept: trans.__('Import'),
    initial: importValues(kind, model),
    trans,
    check: values => checkImport(values, trans),
    form: props => <ImportForm {...props} offers={offers} latestOf={latestOf} />,
    submit: (values, work) => bring(context, values, work)
  });
}

function offersOf({ api }: ICommandContext): IImportOffers {
  return {
    runs: () => api.runs({ status: 'finished', limit: MOST_RUNS }),
    templates: () => api.templates(),
    mlflowModels: uri => api.mlflowModels(uri),
    mlflowVersions: (model, uri) => api.mlflowVersions(model, uri)
  };
}

async function bring(
  { api, changes }: ICommandContext,
  values: IImportValues,
  { signal, onProgress }: IWork
): Promise<IModelVersion> {
  const [file] = values.files;
  const upload =
    values.kind === 'export' && file ? await uploadSession(api, file, { signal, onProgress }) : '';
  const tell = (_: Changes, { action, details }: IRegistryEvent) => {
    if (action === 'import.progress' && details['entry'] === values.name) {
      onProgress(Number(details['done']), Number(details['total']));
    }
  };
  changes.progress.connect(tell);
  try {
    return await api.importVersion(importOf(values, upload), signal);
  } finally {
    changes.progress.disconnect(tell);
  }
}
