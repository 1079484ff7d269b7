import { act, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import React from 'react';

import { CommandIDs } from '../src/commands/ids';
import { RunsContent } from '../src/components/runs/page';
import { formatDuration } from '../src/format';
import { RunsPage } from '../src/model/runspage';
import { durationOf, lineName } from '../src/runs';
import { type IRun } from '../src/types';
import { served } from './server';
import { trans } from './trans';

const AT = '2026-11-20T10:00:00Z';

function runRecord(changes: Partial<IRun> = {}): IRun {
  return {
    id: 'a1b2c3d4',
    name: 'train',
    status: 'finished',
    started_at: AT,
    created_by: 'ada',
    ended_at: '2026-11-20T10:01:30Z',
    reason: '',
    params: {},
    metrics: {},
    summaries: [],
    tags: [],
    source: {},
    datasets: [],
    versions: [],
    ...changes
  };
}

const RUNS = [
  runRecord({ metrics: { loss: 0.2 }, params: { C: 0.1 }, versions: ['m@1.0.0'], tags: ['blue'] }),
  runRecord({ id: 'e5f6a7b8', metrics: { loss: 0.4 } }),
  runRecord({ id: 'c9', name: 'other', status: 'failed', reason: 'ValueError: no' })
];

async function open(runs: readonly IRun[] = RUNS) {
  const { api, requests, routes } = served({
    'GET runs': { items: runs, next_cursor: null },
    ...Object.fromEntries(runs.map(run => [`GET runs/${run.id}`, run])),
    ...Object.fromEntries(runs.map(run => [`GET runs/${run.id}/metrics`, { items: [] }]))
  });
  const page = new RunsPage(api);
  page.isWatched = () => false;
  const columns = { read: () => ({}), write: jest.fn() };
  const run = jest.fn();
  await act(() => page.refresh());
  const view = render(<RunsContent {...{ page, columns, trans, run }} />);
  return { page, run, requests, routes, columns, view };
}

describe('the page of the runs', () => {
  it('has a column for each metric and param, and marks the best', async () => {
    await open();
    const heads = screen.getAllByRole('columnheader').map(head => head.textContent);
    expect(heads).toEqual(expect.arrayContaining(['Name', 'Duration', 'loss', 'C']));
    const best = document.querySelectorAll('[data-best=true]');
    expect([...best].map(({ textContent }) => textContent)).toEqual(['0.2']);
  });

  it('sorts by a metric, those without it last', async () => {
    await open();
    const loss = screen.getByRole('button', { name: 'loss' });
    const names = () =>
      screen
        .getAllByRole('row')
        .slice(1)
        .map(row => row.textContent);
    fireEvent.click(loss);
    fireEvent.click(loss);
    expect(names()[0]).toContain('0.2');
    expect(names()[2]).toContain('other');
  });

  it('shows one run in detail and draws it', async () => {
    const { page, requests } = await open();
    await act(async () => fireEvent.click(screen.getByRole('row', { name: /other/ })));
    const details = await screen.findByRole('complementary', { name: 'Run other' });
    expect(within(details).getByText('ValueError: no')).toBeTruthy();
    expect(page.picked).toEqual(['c9']);
    expect(requests.some(({ path }) => path === 'runs/c9/metrics')).toBe(true);
  });

  it('opens the version that a run gave, and nothing else', async () => {
    const { page, run } = await open();
    fireEvent.click(screen.getByRole('button', { name: 'm@1.0.0' }));
    expect(run).toHaveBeenCalledWith(CommandIDs.openModel, {
      model: 'm',
      version: '1.0.0',
      tab: 'card'
    });
    expect(page.chosen).toBeNull();
  });

  it('asks the server for a name, a status and a tag', async () => {
    const { page, requests } = await open();
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'tr' } });
    fireEvent.change(screen.getByRole('combobox'), { target: { value: 'failed' } });
    fireEvent.click(screen.getByRole('button', { name: 'blue' }));
    expect(page.filter).toEqual({ name: 'tr', status: 'failed', tag: 'blue' });
    await waitFor(() =>
      expect(requests.map(({ query }) => query)).toContain(
        'name=tr&status=failed&tag=blue&limit=100'
      )
    );
    fireEvent.click(screen.getByRole('button', { name: /without the tag blue/ }));
    expect(page.filter.tag).toBe('');
  });

  it('says how to begin, and how to see more', async () => {
    const { page, view } = await open([]);
    expect(screen.getByText('No runs yet')).toBeTruthy();
    view.unmount();
    page.filter = { name: 'x' };
    render(
      <RunsContent
        page={page}
        columns={{ read: () => ({}), write: jest.fn() }}
        trans={trans}
        run={jest.fn()}
      />
    );
    fireEvent.click(screen.getByRole('button', { name: 'Show all runs' }));
    expect(page.filter).toEqual({});
  });

  it('offers the end of a run that goes on', async () => {
    const { run } = await open([runRecord({ status: 'running', ended_at: null })]);
    await act(async () => fireEvent.click(screen.getByRole('row', { name: /train/ })));
    fireEvent.click(await screen.findByRole('button', { name: 'End run…' }));
    expect(run).toHaveBeenCalledWith(CommandIDs.endRun, { run: 'a1b2c3d4', name: 'train' });
  });

  it('remembers which columns were hidden', async () => {
    const { columns } = await open();
    fireEvent.click(screen.getByRole('checkbox', { name: 'Tags' }));
    expect(columns.write).toHaveBeenCalledWith('runs', { tags: false });
    expect(screen.queryByRole('columnheader', { name: 'Tags' })).toBeNull();
  });
});

describe('a run', () => {
  it('is told from others of its name in charts', () => {
    expect(RUNS.map(run => lineName(run, RUNS))).toEqual(['train a1b2', 'train e5f6', 'other']);
  });

  it('takes time until it ends', () => {
    expect(durationOf(RUNS[0]!, 0)).toBe(90_000);
    const now = Date.parse(AT) + 5000;
    expect(durationOf(runRecord({ ended_at: null }), now)).toBe(5000);
  });

  it.each([
    [400, '400 ms'],
    [4200, '4.2 s'],
    [59_400, '59 s'],
    [90_000, '1 min 30 s'],
    [3_600_000, '1 h 0 min'],
    [7_199_000, '2 h 0 min'],
    [200_000_000, '2 d 8 h']
  ])('of %d ms is told as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
