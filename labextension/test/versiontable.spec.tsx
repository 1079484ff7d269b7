import { fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';

import { CommandIDs } from '../src/commands/ids';
import { VersionTable } from '../src/components/versiontable';
import { type IVersionTableProps } from '../src/components/versiontableprops';
import { versionRecord } from './records';
import { trans } from './trans';

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

  it('has a column for each param and evaluation; params are shown when they are chosen', () => {
    const evaluated = [
      versionRecord({
        version: '1.0.0',
        params: { C: 10, solver: 'lbfgs' },
        evaluations: { '10k': { loss: 0.3 } }
      }),
      versionRecord({
        version: '1.1.0',
        params: { C: 9 },
        evaluations: { '10k': { loss: 0.2 }, '1k': { loss: 0.4 } }
      })
    ];
    const names = () => screen.getAllByRole('columnheader').map(head => head.textContent);
    const { onColumns, unmount } = show({ versions: evaluated });
    expect(names().slice(-3, -1)).toEqual(['loss @ 10k', 'loss @ 1k']);
    const group = within(screen.getByRole('group', { name: 'Parameters' }));
    fireEvent.click(group.getByLabelText('Parameters'));
    const columns = { created_by: false, 'param:C': true, 'param:solver': true };
    expect(onColumns).toHaveBeenCalledWith(columns);
    unmount();
    const { unmount: end } = show({ versions: evaluated, columns, sort: 'params."C"' });
    expect(names().slice(-3, -1)).toEqual(['C', 'solver']);
    expect(String(rows())).toBe('1.1.0,1.0.0');
    end();
    show({ versions: evaluated, columns: { 'param:C': true }, sort: 'evaluations."10k"."loss"' });
    expect(String(rows())).toBe('1.1.0,1.0.0');
    const some = within(screen.getByRole('group', { name: 'Parameters' }));
    expect(some.getByLabelText<HTMLInputElement>('Parameters').indeterminate).toBe(true);
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
