import { fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';

import { tried } from '../src/components/answerers';
import { TestTab } from '../src/components/testtab';
import { inShort } from '../src/differences';
import { requestFor } from '../src/model/tensors';
import { type ITrialState, Trial } from '../src/model/trial';
import { atLeast } from '../src/predictions';
import { type IDeployment, type IPrediction } from '../src/types';
import { NO_MEMORY, deploymentRecord, predictionRecord, versionRecord } from './records';
import { served } from './server';
import { trans } from './trans';

const image = new File(['pixels'], 'cat.png', { type: 'image/png' });

beforeAll(() => {
  // jsdom has no object URLs.
  Object.assign(URL, { createObjectURL: () => 'blob:image', revokeObjectURL: () => undefined });
});

function ready(prediction: IPrediction) {
  return { kind: 'ready' as const, prediction, roundTripMs: 1 };
}

function show(trial: Partial<ITrialState>, deployments: readonly IDeployment[]) {
  const onCompare = jest.fn();
  const noted = jest.fn();
  render(
    <TestTab
      model="digits"
      version="1.0.0"
      deployments={deployments}
      trial={{ image, tensors: '{}', inputs: [], outcome: { kind: 'none' }, answers: [], ...trial }}
      trans={trans}
      run={noted}
      onImage={noted}
      onTensors={noted}
      onPredict={noted}
      tried={tried(versionRecord(), [versionRecord({ version: '0.9.0' })], trans)}
      memory={NO_MEMORY}
      onCompare={onCompare}
      onCancel={noted}
      onDiscard={noted}
    />
  );
  return onCompare;
}

describe('the Test tab', () => {
  it('hides what is less sure than the threshold', () => {
    const classes = [
      { label: 'cat', score: 0.9 },
      { label: 'dog', score: 0.1 }
    ];
    const prediction = predictionRecord({ classes });
    show({ outcome: ready(prediction) }, [deploymentRecord()]);
    expect(screen.queryByText('dog')).toBeTruthy();
    fireEvent.change(screen.getByLabelText('Threshold'), {
      target: { value: '0.5' }
    });
    expect(screen.queryByText('dog')).toBeNull();
    expect(screen.queryByText('cat')).toBeTruthy();
  });

  it('asks several versions about one image and says whether they agree', () => {
    const versions = [
      { version: '1.0.0', weight: 50, shadow: false },
      { version: '1.1.0', weight: 50, shadow: false },
      { version: '1.2.0', weight: 0, shadow: true }
    ];
    const deployments = [
      deploymentRecord({ name: 'a', versions }),
      deploymentRecord({ name: 'b' })
    ];
    const answer = (version: string, label: string) => ({
      target: { deployment: 'a', version, model: 'digits', takesImages: true },
      outcome: {
        kind: 'ready' as const,
        prediction: predictionRecord({
          version,
          classes: [{ label, score: 0.9 }]
        }),
        roundTripMs: 1
      }
    });
    const answers = [answer('1.0.0', 'cat'), answer('1.1.0', 'dog')];
    const onCompare = show({ answers }, deployments);
    const side = within(screen.getByRole('region', { name: 'Side by side' }));
    expect(side.getByRole('status').textContent).toBe('They differ');
    fireEvent.click(side.getByLabelText('b 1.0.0'));
    fireEvent.click(side.getByRole('button', { name: 'Ask all' }));
    const both = { deployment: 'a', model: 'digits', takesImages: true };
    expect(onCompare).toHaveBeenCalledWith([
      { ...both, version: '1.0.0' },
      { ...both, version: '1.1.0' }
    ]);
  });
});

it('what its adapter alone loads is tried, what nothing loads is not', () => {
  const adapted = versionRecord({ flavor: '', adapter: 'notebook:Spotter' });
  const others = [versionRecord({ version: '0.9.0', flavor: '' })];
  expect(tried(adapted, others, trans).map(({ key }) => key)).toEqual(['@1.0.0', '@0.9.0']);
  expect(tried(versionRecord({ flavor: '', adapter: '' }), others, trans)).toEqual([]);
  expect(tried(versionRecord({ flavor: 'container' }), others, trans)).toEqual([]);
});

it('a version that is not deployed is asked only when it is ticked, and with tensors too', () => {
  const inferred = (data: readonly number[]) => {
    const outputs = [{ name: 'label', datatype: 'INT64', shape: [1], data }];
    return { kind: 'inferred' as const, inference: { model_version: '', outputs }, roundTripMs: 1 };
  };
  const target = { deployment: '', model: 'digits', takesImages: false };
  const answers = [
    { target: { ...target, version: '1.0.0' }, outcome: inferred([3]) },
    { target: { ...target, version: '0.9.0' }, outcome: inferred([3]) }
  ];
  const onCompare = show({ answers }, [deploymentRecord({ name: 'a', adapter: '' })]);
  const side = within(screen.getByRole('region', { name: 'Side by side' }));
  expect(side.getByRole('status').textContent).toBe('All agree: 3');
  // A version that a deployment answers with is asked there.
  expect(side.queryByLabelText('1.0.0, not deployed')).toBeNull();
  expect((side.getByLabelText('0.9.0, not deployed') as HTMLInputElement).checked).toBe(false);
  fireEvent.click(side.getByLabelText('0.9.0, not deployed'));
  fireEvent.click(side.getByRole('button', { name: 'Ask all' }));
  expect(onCompare).toHaveBeenCalledWith([
    { ...target, deployment: 'a', version: '1.0.0' },
    { ...target, version: '0.9.0' }
  ]);
});

describe('Trial', () => {
  it('asks several versions at once; one may fail', async () => {
    const { api, requests } = served({
      'POST deployments/d/predict': predictionRecord()
    });
    const trial = new Trial(api);
    trial.choose(image);
    const both = { model: 'digits', takesImages: true };
    await trial.compare([
      { ...both, deployment: 'd', version: '1.0.0' },
      { ...both, deployment: 'gone', version: '2.0.0' }
    ]);
    expect(requests[0]!.query).toBe('version=1.0.0');
    expect(trial.state.answers.map(({ outcome }) => outcome.kind)).toEqual(['ready', 'failed']);
  });

  it('offers a request until one is written', () => {
    const trial = new Trial(served({}).api);
    const field = (name: string) => ({ name, datatype: 'FP64', shape: [-1] });
    trial.offer([field('a')]);
    trial.offer([field('b')]);
    expect(trial.state.tensors).toContain('"b"');
    trial.write('mine');
    trial.offer([field('c')]);
    expect(trial.state).toMatchObject({ tensors: 'mine', inputs: [field('c')] });
    trial.discard();
    expect(trial.state.tensors).toContain('"c"');
  });
});

it('what is less sure than the threshold is no part of a prediction', () => {
  const box = (label: string, score: number) => ({
    label,
    score,
    box: [0, 0, 1, 1]
  });
  const found = predictionRecord({
    boxes: [box('face', 0.9), box('face', 0.4)]
  } as never);
  expect(inShort(found)).toBe('face × 2');
  expect(inShort(atLeast(found, 0.5))).toBe('face × 1');
});

it('a request fits the inputs of a version', () => {
  const request = requestFor([
    { name: 'age', datatype: 'INT64', shape: [-1] },
    { name: 'grid', datatype: 'FP32', shape: [-1, 2, 2] },
    { name: 'word', datatype: 'BYTES', shape: [-1] }
  ]);
  expect(JSON.parse(request)).toEqual({
    inputs: [
      { name: 'age', datatype: 'INT64', shape: [1], data: [0] },
      { name: 'grid', datatype: 'FP32', shape: [1, 2, 2], data: [0, 0, 0, 0] },
      { name: 'word', datatype: 'BYTES', shape: [1], data: [''] }
    ]
  });
  expect(requestFor([])).toContain('"input"');
});
