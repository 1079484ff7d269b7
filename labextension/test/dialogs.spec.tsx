import { fireEvent, render, screen } from '@testing-library/react';
import React from 'react';

import { blockersOf, BlockersView } from '../src/components/blockers';
import { AdviceNote, needsReason } from '../src/components/forms/advice';
import {
  checkCloneVersion,
  clonedVersion,
  cloneVersionValues
} from '../src/components/forms/cloneversion';
import { checkFiles, filesValues, metricsOf, versionOfFiles } from '../src/components/forms/files';
import { FilesField } from '../src/components/forms/filesfield';
import { PromoteForm } from '../src/components/forms/promote';
import { uploadFiles } from '../src/model/upload';
import { type IAdvice, type IStageRule, type IVersionSummary } from '../src/types';
import { versionRecord } from './records';
import { Answer, served } from './server';
import { trans } from './trans';

const breaking: IAdvice = {
  base: 'churn@1.2.0',
  bump: 'major',
  reasons: [{ bump: 'major', text: 'input age is gone', breaking: true }]
};

const rules: readonly IStageRule[] = [
  rule({ name: 'development' }),
  rule({ name: 'production', exclusive: true, protected: true, gates: ['metrics.accuracy > 0.9'] }),
  rule({ name: 'audited', approval: true })
];

function rule(changes: Partial<IStageRule> & { readonly name: string }): IStageRule {
  const { exclusive = false, approval = false, gates = [], transitions = null } = changes;
  return { ...changes, exclusive, protected: !!changes.protected, approval, gates, transitions };
}

describe('advice on the number (N5)', () => {
  it('tells the reasons and offers the bump', () => {
    const onBump = jest.fn();
    render(<AdviceNote advice={breaking} how="minor" trans={trans} onBump={onBump} />);
    expect(screen.getByRole('status').textContent).toContain('input age is gone');
    fireEvent.click(screen.getByText('Use major'));
    expect(onBump).toHaveBeenCalledWith('major');
  });

  it('wants a reason for a breaking minor, and for nothing else', () => {
    expect(needsReason(breaking, 'minor')).toBe(true);
    expect(needsReason(breaking, 'major')).toBe(false);
    expect(needsReason({ ...breaking, reasons: [] }, 'patch')).toBe(false);
  });
});

describe('a version of files (K10)', () => {
  const values = {
    ...filesValues('net', null, 'Ada'),
    files: [new File(['x'], 'net.onnx')]
  };

  it('begins with the defaults of a new model; the framework follows from the files', () => {
    const told = versionOfFiles({ ...values, metrics: 'loss=0.1', tags: 'a, b' }, []);
    expect(told).toMatchObject({
      ...{ bump: 'minor', task: 'classification', model_type: 'custom', status: 'draft' },
      ...{ author: 'Ada', metrics: { loss: 0.1 }, tags: ['a', 'b'] }
    });
    expect('framework' in told).toBe(false);
  });

  it('a new version is of the kind of the one before', () => {
    const before = { task: 'detection', model_type: 'yolo', license: 'MIT' } as IVersionSummary;
    expect(filesValues('net', before, 'Ada')).toMatchObject({
      ...{ task: 'detection', modelType: 'yolo', license: 'MIT' }
    });
  });

  it('wants files, and metrics that can be read', () => {
    expect(checkFiles(values, trans)).toEqual({});
    const wrong = checkFiles({ ...values, files: [], metrics: 'accuracy' }, trans);
    expect(Object.keys(wrong)).toEqual(['files', 'metrics']);
    expect(metricsOf('accuracy=0.98, loss=0.1')).toEqual({ accuracy: 0.98, loss: 0.1 });
  });

  it('takes files by the dialog and leaves one out', () => {
    const onChange = jest.fn();
    render(<FilesField files={values.files} trans={trans} onChange={onChange} />);
    const more = new File(['y'], 'labels.txt');
    fireEvent.change(screen.getByLabelText('Files of the model'), { target: { files: [more] } });
    expect(onChange).toHaveBeenCalledWith([...values.files, more]);
    fireEvent.click(screen.getByLabelText('Leave out net.onnx'));
    expect(onChange).toHaveBeenLastCalledWith([]);
  });

  const session = (offset: number) => ({ id: 'u1', offset, limit: 1000 });

  it('is uploaded with progress', async () => {
    const { api } = served({
      'POST uploads': session(0),
      'PATCH uploads/u1': session(3),
      'PUT uploads/u1': { path: 'u1', digest: 'blake3:0', size: 3 }
    });
    const onProgress = jest.fn();
    const work = { signal: new AbortController().signal, onProgress };
    const artifacts = await uploadFiles(api, [new File(['abc'], 'net.onnx')], work);
    expect(artifacts).toEqual([{ path: 'net.onnx', digest: 'blake3:0', size: 3 }]);
    expect(onProgress).toHaveBeenLastCalledWith(3, 3);
  });

  it('is cancelled on the server when the upload fails', async () => {
    const { api, requests } = served({
      'POST uploads': session(0),
      'PATCH uploads/u1': new Answer(413, { code: 'too_large', message: 'Too large.' }),
      'DELETE uploads/u1': new Answer(204, '')
    });
    const work = { signal: new AbortController().signal, onProgress: jest.fn() };
    await expect(uploadFiles(api, [new File(['abc'], 'a')], work)).rejects.toThrow('Too large.');
    expect(requests.at(-1)).toMatchObject({ method: 'DELETE', path: 'uploads/u1' });
  });
});

describe('promoting', () => {
  it('shows the gates of a stage, and which stage is refused', () => {
    const values = { stage: 'production', comment: '', archivePrevious: true };
    const props = { values, errors: {}, trans, onChange: jest.fn(), rules, from: 'development' };
    render(<PromoteForm {...props} />);
    expect(screen.getByLabelText('Gates').textContent).toBe('metrics.accuracy > 0.9');
    expect(screen.getByLabelText('Archive the version that is in this stage now')).toBeTruthy();
    const now = screen.getByRole('option', { name: 'Development' }) as HTMLOptionElement;
    expect(now.disabled).toBe(true);
  });

  it('says that an approval is asked for', () => {
    const values = { stage: 'audited', comment: '', archivePrevious: true };
    const props = { values, errors: {}, trans, onChange: jest.fn(), rules, from: 'development' };
    render(<PromoteForm {...props} />);
    expect(screen.getByRole('note').textContent).toContain('wants an approval');
  });
});

it('what keeps a version from being deleted is listed (K13)', () => {
  const version = versionRecord({
    stage: 'production',
    aliases: ['champion'],
    deployments: [
      { name: 'runs', state: 'Deployed', version: '1.0.0' },
      { name: 'ended', state: 'Stopped', version: '1.0.0' }
    ]
  });
  const blockers = blockersOf(version, rules);
  expect(blockers).toEqual({ deployments: ['runs'], stage: 'production', aliases: ['champion'] });
  render(<BlockersView blockers={blockers} trans={trans} />);
  expect(screen.getByRole('alert').textContent).toBe(
    'You cannot delete a model that is currently deployed. Stop all deployments first.'
  );
  expect(screen.getAllByRole('listitem')).toHaveLength(3);
});

it('a clone is told only what was customised (D18)', () => {
  const parent = versionRecord({ labels: ['a', 'b'], config: { top_k: 1 } });
  const values = cloneVersionValues(parent);
  expect(checkCloneVersion({ ...values, config: '[1]' }, trans)).toHaveProperty('config');
  const clone = clonedVersion({ ...values, name: 'mine', labels: 'a, c' }, parent);
  expect(clone).toMatchObject({ name: 'mine', bump: 'minor', labels: ['a', 'c'] });
  expect(clone).not.toHaveProperty('config');
});
