import { fireEvent, render, screen } from '@testing-library/react';
import React from 'react';

import { CommandIDs } from '../src/commands/ids';
import { DeploymentRows } from '../src/components/deploymentrows';
import { LibraryView } from '../src/components/library';
import { cellOf, variableOf } from '../src/insertion';
import { deploymentRecord, versionRecord } from './records';
import { trans } from './trans';

describe('DeploymentRows', () => {
  function show(changes: Parameters<typeof deploymentRecord>[0]) {
    const props = { run: jest.fn(), onMenu: jest.fn() };
    const deployments = [deploymentRecord(changes)];
    render(
      <DeploymentRows deployments={deployments} isNarrowed={false} trans={trans} {...props} />
    );
    return props;
  }

  it('a running one is stopped, opened, and its log is read', () => {
    const { run, onMenu } = show({});
    for (const verb of ['Stop', 'Logs of', 'Open']) {
      fireEvent.click(screen.getByRole('button', { name: `${verb} digits-a1b2c` }));
    }
    expect(run.mock.calls.map(([command]) => command)).toEqual([
      CommandIDs.stopDeployment,
      CommandIDs.showLogs,
      CommandIDs.openDeployment
    ]);
    fireEvent.contextMenu(screen.getByRole('listitem'), { clientX: 1, clientY: 2 });
    expect(onMenu).toHaveBeenCalledWith(expect.objectContaining({ name: 'digits-a1b2c' }), 1, 2);
  });

  it('a failed one says so, and is started', () => {
    const { run } = show({ state: 'Failed', message: 'It fell over.' });
    expect(screen.getByRole('listitem').title).toContain('It fell over.');
    fireEvent.click(screen.getByRole('button', { name: 'Start digits-a1b2c' }));
    expect(run).toHaveBeenCalledWith(CommandIDs.startDeployment, { deployment: 'digits-a1b2c' });
  });
});

it('a card of the library tells licence, size and task; it is cloned, and deployed too', () => {
  const run = jest.fn();
  const entry = {
    name: 'blazeface',
    title: 'BlazeFace',
    description: 'Finds faces.',
    task: 'detection' as const,
    framework: 'tflite',
    license: 'Apache-2.0',
    code_license: 'Apache-2.0',
    card: '',
    preprocessing: '',
    postprocessing: '',
    members: [],
    source: 'x',
    size: 229_000,
    label_count: 1,
    cached: false
  };
  render(<LibraryView entries={[entry]} trans={trans} run={run} />);
  const card = screen.getByRole('listitem');
  for (const fact of ['Detection', '229 kB', 'Apache-2.0']) {
    expect(card.textContent).toContain(fact);
  }
  fireEvent.click(screen.getByText('Clone'));
  fireEvent.click(screen.getByText('Clone and deploy'));
  expect(run.mock.calls).toEqual([
    [CommandIDs.clone, { entry: 'blazeface' }],
    [CommandIDs.clone, { entry: 'blazeface', deploy: true }]
  ]);
});

describe('the cell of a version (N19)', () => {
  it('loads it into a variable of its name', () => {
    const code = cellOf(versionRecord({ model: 'my-model.v2' }), 'load');
    expect(code).toContain('my_model_v2 = mm.connect().get("my-model.v2@1.0.0").load()');
    expect(variableOf('2-fast')).toBe('model_2_fast');
  });

  it('predicts through a deployment that runs, on what the signature takes', () => {
    const signature = {
      inputs: [
        { name: 'age', datatype: 'FP64', shape: [-1] },
        { name: 'city', datatype: 'BYTES', shape: [-1] }
      ],
      outputs: [],
      takes: 'tensor'
    };
    const deployments = [{ name: 'churn', state: 'Deployed' as const, version: '1.0.0' }];
    const code = cellOf(versionRecord({ signature, deployments }), 'predict');
    expect(code).toContain('service = mm.connect().deployment("churn")');
    expect(code).toContain('    "age": [0.0],\n    "city": [""],');
  });

  it('predicts on a photo where there is an adapter, deploying first what is not deployed', () => {
    const code = cellOf(versionRecord({ adapter: 'image_classifier' }), 'predict');
    expect(code).toContain('service = mm.connect().deploy("digits@1.0.0")');
    expect(code).toContain('service.predict("photo.jpg")');
    const signature = { inputs: [], outputs: [], takes: 'text' };
    const reading = versionRecord({ adapter: 'text', signature });
    expect(cellOf(reading, 'predict')).toContain('service.predict("a text")');
  });

  it('takes a tensor of the shape that the signature tells', () => {
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [-1, 64] }];
    const signature = { inputs, outputs: [], takes: 'tensor' };
    expect(cellOf(versionRecord({ signature }), 'predict')).toContain('np.zeros((1, 64))');
  });
});
