import { fireEvent, render, screen } from '@testing-library/react';
import React from 'react';

import { CommandIDs } from '../src/commands/ids';
import { DeploymentList } from '../src/components/deployments';
import { FileTable } from '../src/components/files';
import { MemoryView } from '../src/components/memory';
import { FetchedView } from '../src/components/states';
import { Tabs } from '../src/components/tabs';
import { type IMemory } from '../src/model/memory';
import { deploymentRecord, versionRecord } from './records';
import { trans } from './trans';

describe('FetchedView', () => {
  it('offers to read again what could not be read', () => {
    const onRetry = jest.fn();
    render(
      <FetchedView
        state={{ kind: 'failed', message: 'No network.' }}
        trans={trans}
        onRetry={onRetry}
      >
        {() => 'never'}
      </FetchedView>
    );
    expect(screen.getByRole('alert').textContent).toContain('No network.');
    fireEvent.click(screen.getByText('Retry'));
    expect(onRetry).toHaveBeenCalledTimes(1);
  });
});

describe('MemoryView', () => {
  const fitted = {
    variable: 'clf',
    class_name: 'LogisticRegression',
    framework: 'scikit-learn',
    task: 'classification' as const,
    flavor: 'sklearn',
    problem: ''
  };

  function show(memory: IMemory, run = jest.fn()) {
    const props = { memory, models: memory.models, trans, run, onMenu: jest.fn() };
    render(<MemoryView {...props} />);
  }

  it('registers an object by its variable', () => {
    const run = jest.fn();
    show({ notebook: 'a.ipynb', models: [fitted] }, run);
    fireEvent.click(screen.getByText('Register'));
    expect(run).toHaveBeenCalledWith(CommandIDs.register, { variable: 'clf' });
  });

  it.each([
    ['= churn 1.2.0', 'same', '= churn 1.2.0'],
    [
      'differs from churn 1.2.0, refit in cell 14',
      'differs',
      'differs from churn 1.2.0, refit in cell 14'
    ],
    ['not registered', 'unregistered', 'not registered']
  ])('tells the standing "%s" (N12)', (standing, kind, text) => {
    show({ notebook: 'a.ipynb', models: [{ ...fitted, standing, cell: 14 }] });
    expect(screen.getByText(text).getAttribute('data-standing')).toBe(kind);
  });

  it('says why an object cannot be registered', () => {
    const models = [{ ...fitted, problem: 'Not fitted.' }];
    show({ notebook: 'a.ipynb', models });
    expect(screen.getByText('Not fitted.')).toBeTruthy();
    expect((screen.getByText('Register') as HTMLButtonElement).disabled).toBe(true);
  });

  it.each([
    [null, 'No notebook is active'],
    ['a.ipynb', 'No models in memory']
  ])('with the notebook %s and nothing in it: %s', (notebook, title) => {
    show({ notebook, models: [] });
    expect(screen.getByText(title)).toBeTruthy();
  });
});

describe('DeploymentList', () => {
  function show(changes: Parameters<typeof deploymentRecord>[0], logsOf: string | null = null) {
    const props = { run: jest.fn(), onLogs: jest.fn() };
    render(
      <DeploymentList
        deployments={[deploymentRecord(changes)]}
        logsOf={logsOf}
        logs={{ kind: 'ready', value: 'Traceback: boom' }}
        trans={trans}
        {...props}
      />
    );
    return props;
  }

  it('a failed one says why, with its last lines', () => {
    show({ state: 'Failed', message: 'It fell over.' }, 'digits-a1b2c');
    expect(screen.getByRole('alert').textContent).toBe('It fell over.');
    expect(screen.getByLabelText('Logs of digits-a1b2c').textContent).toBe('Traceback: boom');
  });

  it('a running one is tested and stopped, a stopped one started', () => {
    const { run } = show({});
    fireEvent.click(screen.getByText('Test'));
    fireEvent.click(screen.getByText('Stop'));
    expect(run.mock.calls.map(([command]) => command)).toEqual([
      CommandIDs.openModel,
      CommandIDs.stopDeployment
    ]);
    expect(screen.queryByText('Start')).toBeNull();
  });
});

it('each file has its own download', () => {
  const run = jest.fn();
  const artifacts = [{ path: 'a/w.pt', digest: 'blake3:0123456789abcdef', size: 2000 }];
  render(<FileTable version={versionRecord({ artifacts })} trans={trans} run={run} />);
  fireEvent.click(screen.getByLabelText('Download a/w.pt'));
  const args = { model: 'digits', version: '1.0.0', path: 'a/w.pt' };
  expect(run).toHaveBeenCalledWith(CommandIDs.downloadVersion, args);
});

it('arrow keys move between tabs, round and round', () => {
  const onSelect = jest.fn();
  const tabs = [
    { key: 'a', label: 'A' },
    { key: 'b', label: 'B' }
  ] as const;
  render(
    <Tabs label="Parts" tabs={tabs} current="b" onSelect={onSelect}>
      content
    </Tabs>
  );
  fireEvent.keyDown(screen.getByRole('tablist'), { key: 'ArrowRight' });
  expect(onSelect).toHaveBeenCalledWith('a');
  expect(screen.getByRole('tabpanel').textContent).toBe('content');
});
