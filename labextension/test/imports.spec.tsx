import { fireEvent, render, screen } from '@testing-library/react';
import React from 'react';

import { ImportForm } from '../src/components/forms/import';
import { type IImportOffers } from '../src/components/forms/importprops';
import {
  checkImport,
  IMPORT_KINDS,
  type IImportValues,
  type ImportKind,
  importOf,
  importValues
} from '../src/components/forms/importvalues';
import { trans } from './trans';

const template = {
  name: 'onnx-image-classifier',
  title: 'Image classifier',
  description: 'Sorts pictures.',
  type: 'classification',
  engine: 'onnx',
  environment: 'onnxruntime',
  mode: null,
  services: ['batch' as const],
  adapter: 'image_classifier',
  config: {},
  files: ['*.onnx']
};

const offers: IImportOffers = {
  runs: async () => ({ items: [] }),
  templates: async () => ({ items: [template] }),
  mlflowModels: async uri => {
    if (!uri) {
      throw new Error('MLflow is not configured. Set MLFLOW_TRACKING_URI.');
    }
    const none = { created_at: '', updated_at: '', description: '', link: '' };
    return { items: [{ ...none, name: 'my model', latest_version: '2' }] };
  },
  mlflowVersions: async model => {
    const none = { created_at: '', updated_at: '', link: '', run: '', run_link: '' };
    const said = { description: 'Good', params: { C: '1' }, metrics: { f1: 0.9 }, tags: {} };
    return {
      items: [{ ...none, ...said, model, version: '2', imported: ['m@1.0.0'], deployed_by: [] }]
    };
  }
};

function show(kind: ImportKind, changes: Partial<IImportValues> = {}) {
  const onChange = jest.fn();
  const values = { ...importValues(kind, ''), ...changes };
  render(
    <ImportForm
      values={values}
      errors={checkImport(values, trans)}
      trans={trans}
      onChange={onChange}
      offers={offers}
      latestOf={async () => undefined}
    />
  );
  return onChange;
}

it.each(IMPORT_KINDS)('the page of %s says what it cannot do without', kind => {
  const missing = Object.entries(checkImport(importValues(kind, 'net'), trans));
  expect(missing.map(([field]) => field)).toEqual(
    {
      run: ['run', 'path'],
      template: ['template', 'path'],
      container: ['image'],
      storage: ['path'],
      mlflow: ['mlflowModel', 'mlflowVersion'],
      export: ['files'],
      reference: ['path']
    }[kind]
  );
});

it('a source says only what its kind has', () => {
  const values = {
    ...importValues('storage', 'net'),
    path: 's3://bucket/net',
    image: 'left over',
    mode: 'adapter' as const,
    services: ['batch' as const],
    tags: 'a, b'
  };
  expect(importOf(values)).toEqual({
    source: { kind: 'storage', path: 's3://bucket/net', services: ['batch'], mode: 'adapter' },
    name: 'net',
    bump: 'minor',
    tags: ['a', 'b']
  });
  expect(importOf({ ...values, kind: 'export', name: '' }, 'u1')).toEqual({
    source: { kind: 'archive', upload: 'u1' },
    name: '',
    version: undefined
  });
});

it('a container is checked by a path or by a command', () => {
  const values = { ...importValues('container', 'net'), image: 'localhost/net:1' };
  expect(importOf(values).source).toMatchObject({ port: 8080, health: { path: '/health' } });
  const command = { ...values, health: 'command' as const, check: 'curl  -f localhost' };
  expect(importOf(command).source).toMatchObject({
    health: { kind: 'command', command: ['curl', '-f', 'localhost'] }
  });
  expect(Object.keys(checkImport({ ...values, period: 'x', services: [] }, trans))).toEqual([
    'period',
    'services'
  ]);
});

it('a template tells what it is for', async () => {
  show('template', { template: template.name });
  await screen.findByText('Sorts pictures. · *.onnx');
});

it('an MLflow server that is not there says so, and another one can be asked', async () => {
  show('mlflow');
  await screen.findByText(/MLflow is not configured/);
});

it('a model of an MLflow server gives its name, its versions what they logged', async () => {
  const onChange = show('mlflow', {
    uri: 'http://here',
    mlflowModel: 'my model',
    mlflowVersion: '2'
  });
  const models = await screen.findByLabelText('Registered model');
  await screen.findByText('Good · f1 0.9, C 1');
  expect(screen.getByRole('option', { name: '2 (m@1.0.0)' })).toBeTruthy();
  fireEvent.change(models, { target: { value: 'my model' } });
  expect(onChange).toHaveBeenCalledWith({
    mlflowModel: 'my model',
    mlflowVersion: '',
    name: 'my-model'
  });
});
