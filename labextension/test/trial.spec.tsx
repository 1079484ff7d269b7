import { fireEvent, render, screen, within } from '@testing-library/react';
import { deflateSync } from 'zlib';
import React from 'react';

import { CommandIDs } from '../src/commands/ids';
import { BoxOverlay } from '../src/components/overlay';
import { PredictionView } from '../src/components/prediction';
import { tried } from '../src/components/answerers';
import { type ITestTabProps, TestTab } from '../src/components/testtab';
import { type ITrialState, type Outcome } from '../src/model/trial';
import { paletteOf } from '../src/png';
import { groupedLabels } from '../src/predictions';
import { NO_MEMORY, deploymentRecord, predictionRecord, versionRecord } from './records';
import { trans } from './trans';

const image = new File(['pixels'], 'cat.png', { type: 'image/png' });

/** A palette PNG of one pixel: three colours, the first one transparent. */
function palettePng(): string {
  const chunk = (type: string, data: number[] | Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, Buffer.from(type), Buffer.from(data), Buffer.alloc(4)]);
  };
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', [0, 0, 0, 1, 0, 0, 0, 1, 8, 3, 0, 0, 0]),
    chunk('PLTE', [0, 0, 0, 255, 0, 0, 0, 0, 255]),
    chunk('tRNS', [0]),
    chunk('IDAT', deflateSync(Buffer.from([0, 1]))),
    chunk('IEND', [])
  ]).toString('base64');
}

beforeAll(() => {
  // jsdom has no object URLs.
  Object.assign(URL, {
    createObjectURL: () => 'blob:image',
    revokeObjectURL: () => undefined
  });
});

function trialOf(outcome: Outcome, chosen: File | null = image): ITrialState {
  return { image: chosen, tensors: '{}', inputs: [], outcome, answers: [] };
}

function show(changes: Partial<ITestTabProps> = {}) {
  const props: ITestTabProps = {
    model: 'digits',
    version: '1.0.0',
    deployments: [deploymentRecord()],
    trial: trialOf({ kind: 'none' }, null),
    trans,
    run: jest.fn(),
    onImage: jest.fn(),
    onTensors: jest.fn(),
    onPredict: jest.fn(),
    tried: [],
    memory: NO_MEMORY,
    onCompare: jest.fn(),
    onCancel: jest.fn(),
    onDiscard: jest.fn(),
    ...changes
  };
  render(<TestTab {...props} />);
  return props;
}

function target(deployment: string, takesImages = true) {
  return { deployment, model: 'digits', version: '', takesImages };
}

/** Lab's stand-ins for the events that jsdom lacks do not bubble. */
function bubbling(type: string, properties: object): Event {
  return Object.assign(new Event(type, { bubbles: true }), properties);
}

describe('TestTab', () => {
  it('asks to deploy first', () => {
    const { run } = show({
      deployments: [deploymentRecord({ state: 'Stopped' })]
    });
    expect(screen.getByText('Need to deploy before predicting')).toBeTruthy();
    fireEvent.click(screen.getByText('Deploy 1.0.0'));
    const args = { model: 'digits', version: '1.0.0' };
    expect(run).toHaveBeenCalledWith(CommandIDs.deployVersion, args);
  });

  it('tries a version that is not deployed, once that was asked for', () => {
    const version = versionRecord({ adapter: 'image_classifier' });
    const { onPredict } = show({
      deployments: [],
      tried: tried(version, [], trans),
      trial: trialOf({ kind: 'none' })
    });
    fireEvent.click(screen.getByText('Try 1.0.0 without deploying'));
    expect((screen.getByLabelText('Answered by') as HTMLSelectElement).value).toBe('@1.0.0');
    fireEvent.click(screen.getByText('Predict'));
    expect(onPredict).toHaveBeenCalledWith({ ...target(''), version: '1.0.0' });
  });

  it('takes an image by drop, by paste and from a file dialog', () => {
    const { onImage } = show();
    const zone = screen.getByRole('group', { name: 'Image to predict on' });
    fireEvent(zone, bubbling('drop', { dataTransfer: { files: [image] } }));
    fireEvent(zone, bubbling('paste', { clipboardData: { files: [image] } }));
    fireEvent.change(screen.getByLabelText('Image file'), {
      target: { files: [image] }
    });
    expect(jest.mocked(onImage).mock.calls).toEqual([[image], [image], [image]]);
  });

  it('offers pictures of our own', () => {
    show();
    const names = within(screen.getByRole('group', { name: 'Samples' })).getAllByRole('button');
    expect(names.map(button => button.title)).toEqual([
      'A drawn face',
      'A drawn cup',
      'A drawn seven'
    ]);
  });

  it('predicts with the deployment that is chosen', () => {
    const deployments = [deploymentRecord(), deploymentRecord({ name: 'other', version: '2.0.0' })];
    const { onPredict } = show({
      deployments,
      trial: trialOf({ kind: 'none' })
    });
    fireEvent.change(screen.getByLabelText('Answered by'), {
      target: { value: 'other' }
    });
    fireEvent.click(screen.getByText('Predict'));
    expect(onPredict).toHaveBeenCalledWith(target('other'));
  });

  it('has nothing to predict on without an image', () => {
    show();
    expect((screen.getByText('Predict') as HTMLButtonElement).disabled).toBe(true);
  });

  it('can be cancelled while it predicts', () => {
    const { onCancel } = show({ trial: trialOf({ kind: 'predicting' }) });
    fireEvent.click(screen.getByText('Cancel'));
    expect(onCancel).toHaveBeenCalledTimes(1);
  });

  it('takes tensors where there is no adapter', () => {
    const inference = {
      model_version: '1.0.0',
      outputs: [{ name: 'label', datatype: 'INT64', shape: [1], data: [3] }]
    };
    const { onTensors, onPredict } = show({
      deployments: [deploymentRecord({ adapter: '' })],
      trial: trialOf({ kind: 'inferred', inference, roundTripMs: 4.4 }, null)
    });
    fireEvent.change(screen.getByLabelText(/^Tensors/), {
      target: { value: '{"inputs":[]}' }
    });
    fireEvent.click(screen.getByText('Predict'));
    expect(onTensors).toHaveBeenCalledWith('{"inputs":[]}');
    expect(onPredict).toHaveBeenCalledWith(target('digits-a1b2c', false));
    expect(screen.getByText('label').nextSibling!.textContent).toBe('3');
    expect(screen.getByText('4 ms in all, by version 1.0.0')).toBeTruthy();
  });

  it('shows the sentence of a refusal', () => {
    show({
      trial: trialOf({ kind: 'failed', message: 'The limit is 25 MB.' })
    });
    expect(screen.getByRole('alert').textContent).toContain('The limit is 25 MB.');
  });
});

describe('PredictionView', () => {
  function labels(): (string | null)[] {
    return [...document.querySelectorAll('[data-label]')].map(row =>
      row.getAttribute('data-label')
    );
  }

  it('ranks labels', () => {
    const classes = [
      { label: 'cup', score: 0.01 },
      { label: 'espresso', score: 0.95 }
    ];
    render(
      <PredictionView prediction={predictionRecord({ classes })} roundTripMs={12.3} trans={trans} />
    );
    expect(labels()).toEqual(['espresso', 'cup']);
    expect(screen.getByText('95.0 %')).toBeTruthy();
    expect(screen.getByText('3.2 ms in the model, 12 ms in all, by version 1.0.0')).toBeTruthy();
  });

  it('expands a label that was found several times', () => {
    const boxes = [0.9, 0.7, 0.8].map(score => ({
      label: 'face',
      score,
      box: [0, 0, 1, 1] as [number, number, number, number]
    }));
    render(
      <PredictionView prediction={predictionRecord({ boxes })} roundTripMs={1} trans={trans} />
    );
    expect(labels()).toEqual(['face']);
    const scores = within(document.querySelector('ol')!).getAllByRole('listitem', { hidden: true });
    expect(scores.map(score => score.textContent)).toEqual(['90.0 %', '80.0 %', '70.0 %']);
  });

  it('says when nothing was found', () => {
    render(
      <PredictionView prediction={predictionRecord({ boxes: [] })} roundTripMs={1} trans={trans} />
    );
    expect(screen.getByRole('status').textContent).toBe('Nothing was found in this image.');
  });

  it('shows a number, a text and a vector as they are', () => {
    const vector = Array.from({ length: 10 }, (_, i) => i);
    for (const [answer, text] of [
      [{ value: 21.55555 }, '21.56'],
      [{ text: '<b>bold</b>' }, '<b>bold</b>'],
      [{ vector }, '0, 1, 2, 3, 4, 5, 6, 7, … (10)']
    ] as const) {
      const { container, unmount } = render(
        <PredictionView prediction={predictionRecord(answer)} roundTripMs={1} trans={trans} />
      );
      expect(container.querySelector('output')!.textContent).toBe(text);
      unmount();
    }
  });
});

it('a mask has the colours of its own palette', () => {
  const png = palettePng();
  expect(paletteOf(png)).toEqual([undefined, 'rgb(255 0 0)', 'rgb(0 0 255)']);
  const mask = {
    labels: ['background', 'cat', 'dog'],
    png,
    share: { dog: 0.25, background: 0.75 }
  };
  expect(groupedLabels(predictionRecord({ mask }))).toEqual([
    { label: 'background', scores: [0.75], color: undefined },
    { label: 'dog', scores: [0.25], color: 'rgb(0 0 255)' }
  ]);
});

it('boxes lie where they were found, with their label', () => {
  const boxes = [{ label: 'face', score: 0.92, box: [10, 100, 40, 140] as const }];
  const prediction = predictionRecord({ boxes, width: 200, height: 150 });
  const { container } = render(<BoxOverlay prediction={prediction} />);
  expect(container.querySelector('svg')!.getAttribute('viewBox')).toBe('0 0 200 150');
  const rect = container.querySelector('rect')!;
  expect(['x', 'y', 'width', 'height'].map(name => rect.getAttribute(name))).toEqual([
    '10',
    '100',
    '30',
    '40'
  ]);
  expect(container.querySelector('text')!.textContent).toBe('face 92 %');
});
