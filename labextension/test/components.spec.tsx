import { fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';

import { CommandIDs } from '../src/commands/ids';
import { DeploymentList } from '../src/components/deployments';
import { FileTable } from '../src/components/files';
import { MemoryView } from '../src/components/memory';
import { FetchedView } from '../src/components/states';
import { Tabs } from '../src/components/tabs';
import { VersionTable } from '../src/components/versiontable';
import { type IVersionTableProps } from '../src/components/versiontableprops';
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

describe('VersionTable', () => {
  const versions = [
    versionRecord({ version: '1.10.0', metrics: { loss: 0.123456 }, status: 'completed' }),
    versionRecord({ version: '1.9.0', metrics: { loss: 0.3, accuracy: 0.9 }, stage: 'production' })
  ];

  function show(changes: Partial<IVersionTableProps> = {}) {
    const props: IVersionTableProps = {
      versions,
      hasMore: false,
      chosen: '1.10.0',
      picked: [],
      columns: { created_by: false },
      sort: '',
      trans,
      run: jest.fn(),
      onChoose: jest.fn(),
      onPick: jest.fn(),
      onColumns: jest.fn(),
      onMenu: jest.fn(),
      onMore: jest.fn(),
      onSort: jest.fn(),
      ...changes
    };
    return { ...props, ...render(<VersionTable {...props} />) };
  }

  function rows(): string[] {
    return screen
      .getAllByRole('row')
      .slice(1)
      .map(row => row.getAttribute('data-version')!);
  }

  it('has a column for each metric, cut to what matters, the best marked', () => {
    show();
    const heads = screen.getAllByRole('columnheader').map(head => head.textContent);
    expect(heads.slice(-3, -1)).toEqual(['accuracy', 'loss']);
    const best = document.querySelectorAll('[data-best=true]');
    expect([...best].map(cell => [cell.textContent, cell.getAttribute('title')])).toEqual([
      ['0.1235', '0.123456']
    ]);
  });

  it('sorts versions by precedence, not by letters', () => {
    const { onSort, unmount } = show();
    fireEvent.click(screen.getByText('Version'));
    expect(onSort).toHaveBeenCalledWith(expect.stringMatching(/^-?version$/));
    unmount();
    for (const [sort, order] of [
      ['version', '1.9.0,1.10.0'],
      ['-version', '1.10.0,1.9.0'],
      ['metrics."loss"', '1.10.0,1.9.0'],
      ['metrics."accuracy"', '1.9.0,1.10.0']
    ]) {
      const shown = show({ sort });
      expect(String(rows())).toBe(order);
      shown.unmount();
    }
  });

  it('remembers which columns are hidden', () => {
    const { onColumns } = show();
    fireEvent.click(within(screen.getByRole('group', { name: 'Columns' })).getByLabelText('loss'));
    expect(onColumns).toHaveBeenCalledWith({ created_by: false, 'metric:loss': false });
  });

  it('compares the versions that are ticked', () => {
    const { run, onPick } = show({ picked: ['1.10.0', '1.9.0'] });
    fireEvent.click(screen.getByText('Compare (2)'));
    const selectors = ['digits@1.10.0', 'digits@1.9.0'];
    expect(run).toHaveBeenCalledWith(CommandIDs.compareVersions, { selectors });
    fireEvent.click(screen.getByLabelText('Compare 1.9.0'));
    expect(onPick).toHaveBeenCalledWith(['1.10.0']);
  });

  it('deploys and tests a version, and chooses it by key', () => {
    const { run, onChoose } = show();
    const row = screen.getAllByRole('row')[2]!;
    const args = { model: 'digits', version: '1.9.0' };
    fireEvent.click(within(row).getByText('Deploy'));
    fireEvent.click(within(row).getByText('Test'));
    fireEvent.keyDown(row, { key: 'Enter' });
    expect(run).toHaveBeenNthCalledWith(1, CommandIDs.deployVersion, args);
    expect(run).toHaveBeenNthCalledWith(2, CommandIDs.testVersion, args);
    expect(jest.mocked(onChoose).mock.calls).toEqual([['1.9.0']]);
  });

  it('draws the rows in sight of a long list and lets the server sort it', () => {
    jest.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(300);
    jest.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(300);
    const many = Array.from({ length: 10_000 }, (_, i) => versionRecord({ version: `1.${i}.0` }));
    const { onMore, onSort } = show({ versions: many, hasMore: true });
    expect(rows().length).toBeLessThan(60);
    expect(rows()[0]).toBe('1.0.0');
    expect(screen.getByText('10000 versions were read; more come as you scroll.')).toBeTruthy();
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Status' }).disabled).toBe(true);
    fireEvent.click(screen.getByRole('button', { name: 'Stage' }));
    expect(onSort).toHaveBeenCalledWith(expect.stringMatching(/^-?stage$/));
    fireEvent.click(screen.getByText('Show more'));
    expect(onMore).toHaveBeenCalledTimes(1);
    jest.restoreAllMocks();
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
