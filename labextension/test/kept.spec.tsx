import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import React from 'react';

import { CommandIDs } from '../src/commands/ids';
import { KeepTest } from '../src/components/kept/keep';
import { KeptSection } from '../src/components/kept/tests';
import { proposedName, standingOf } from '../src/kept';
import { Kept } from '../src/model/kept';
import { type ITrialState, Trial } from '../src/model/trial';
import { type IKeptResult, type IKeptTest, type IPrediction } from '../src/types';
import { predictionRecord } from './records';
import { Answer, served } from './server';
import { trans } from './trans';

const AT = '2026-11-20T10:00:00Z';
const TESTS = 'models/digits/tests';
const RESULTS = 'models/digits/versions/1.1.0/tests';
const RUN = `POST ${RESULTS}/run`;
const image = new File(['pixels'], 'seven.png', { type: 'image/png' });

function seven(): IPrediction {
  return predictionRecord({ classes: [{ label: '7', score: 0.9 }], boxes: null });
}

function testRecord(changes: Partial<IKeptTest> = {}): IKeptTest {
  return {
    model: 'digits',
    name: 'seven.png',
    media: 'image/png',
    digest: 'blake3:00',
    size: 6,
    expected: seven(),
    tolerance: 0.1,
    threshold: 0,
    created_at: AT,
    created_by: 'ada',
    ...changes
  };
}

function resultRecord(changes: Partial<IKeptResult> = {}): IKeptResult {
  const told = { test: 'seven.png', version: '1.1.0', state: 'failed', latency_ms: 3 } as const;
  return { ...told, difference: 'expected 7 (0.90), got 1 (0.50)', at: AT, by: 'bo', ...changes };
}

function keptOf(routes: Record<string, unknown>) {
  const { api, requests } = served(routes);
  return { api, requests, kept: new Kept(api, () => ({ model: 'digits', version: '1.1.0' })) };
}

const LISTED = {
  [`GET ${TESTS}`]: {
    items: [testRecord(), testRecord({ name: 'eight', media: 'application/json' })],
    tallies: [
      { version: '1.1.0', passed: 0, failed: 1 },
      { version: '1.0.0', passed: 2, failed: 0 }
    ]
  },
  [`GET ${RESULTS}`]: { items: [resultRecord()] }
};

async function shown(routes: Record<string, unknown>) {
  const made = keptOf(routes);
  await made.kept.refresh();
  const run = jest.fn();
  const view = render(<KeptSection kept={made.kept} trans={trans} run={run} />);
  const again = () => view.rerender(<KeptSection kept={made.kept} trans={trans} run={run} />);
  return { ...made, run, again };
}

describe('what is said of kept tests', () => {
  it('proposes the name of the file, or a number that is free', () => {
    const taken = [testRecord(), testRecord({ name: 'Test 1' })];
    expect(proposedName(image, [])).toBe('seven.png');
    expect(proposedName(image, taken)).toBe('seven.png 2');
    expect(proposedName(null, taken)).toBe('test 2');
  });

  it('counts what a version passed of all that is kept', () => {
    const tests = LISTED[`GET ${TESTS}`] as never;
    expect(standingOf(tests, '1.0.0')).toEqual({ passed: 2, failed: 0, total: 2, state: 'same' });
    expect(standingOf(tests, '1.1.0')?.state).toBe('failed');
    expect(standingOf(tests, '2.0.0')?.state).toBe('unrun');
    expect(standingOf({ items: [], tallies: [] }, '1.0.0')).toBeNull();
  });
});

describe('the section of kept tests', () => {
  it('shows each test, what became of it, and how other versions stand', async () => {
    const { run } = await shown(LISTED);
    const row = screen.getByRole('row', { name: /seven\.png/ });
    expect(within(row).getByText('Failed')).toBeTruthy();
    expect(within(row).getByText('expected 7 (0.90), got 1 (0.50)')).toBeTruthy();
    expect(within(screen.getByRole('row', { name: /eight/ })).getByText('not run')).toBeTruthy();
    expect(screen.getByRole('img', { name: '0 of 2 kept tests passed, 1 failed' })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: '1.0.0' }));
    expect(run).toHaveBeenCalledWith(CommandIDs.testVersion, { model: 'digits', version: '1.0.0' });
    fireEvent.click(screen.getByRole('button', { name: 'Remove eight' }));
    expect(run).toHaveBeenCalledWith(CommandIDs.removeTest, { model: 'digits', test: 'eight' });
  });

  it('says what to do where nothing is kept, and what is wrong where nothing can be read', async () => {
    const empty = { items: [], tallies: [] };
    await shown({ [`GET ${TESTS}`]: empty, [`GET ${RESULTS}`]: { items: [] } });
    expect(screen.getByText(/Nothing is kept yet/)).toBeTruthy();
    const error = new Answer(503, { code: 'store_unavailable', message: 'The store is away.' });
    await shown({ [`GET ${TESTS}`]: error, [`GET ${RESULTS}`]: error });
    expect(screen.getByRole('alert').textContent).toContain('The store is away.');
  });

  it('tells how far a run is, and is cancelled', async () => {
    let end = () => undefined as void;
    const running = () => new Promise(resolve => (end = () => resolve({ items: [] })));
    const { kept, again, requests } = await shown({ ...LISTED, [RUN]: running });
    fireEvent.click(screen.getByRole('button', { name: 'Run all with 1.1.0' }));
    const details = { entry: 'digits@1.1.0', done: 1, total: 2 };
    kept.hear({ action: 'tests.progress', details } as never);
    again();
    expect(screen.getByRole('status').textContent).toBe('1 of 2 with 1.1.0');
    await waitFor(() => expect(requests.some(({ path }) => path.endsWith('run'))).toBe(true));
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    end();
    await waitFor(() => expect(kept.run).toBeNull());
    expect(kept.problem).toBe('');
    expect(requests.filter(({ path }) => path.endsWith('run'))).toHaveLength(1);
  });

  it('tells why a run was refused', async () => {
    const refused = new Answer(409, { code: 'conflict', message: 'Nothing loads it.' });
    const { kept, again } = await shown({ ...LISTED, [RUN]: refused });
    await kept.start(['eight']);
    again();
    expect(screen.getByRole('alert').textContent).toContain('Nothing loads it.');
  });
});

describe('keeping a test', () => {
  const prediction = seven();
  const trial: ITrialState = {
    ...new Trial(served({}).api).state,
    image,
    outcome: { kind: 'ready', prediction, roundTripMs: 5 }
  };

  it('offers nothing before there is an answer, or where no version gave it', () => {
    const props = { threshold: 0, tests: [], trans, onKeep: jest.fn() };
    const { container, rerender } = render(
      <KeepTest {...props} trial={{ ...trial, outcome: { kind: 'none' } }} />
    );
    expect(container.innerHTML).toBe('');
    const unknown = {
      kind: 'ready',
      prediction: { ...prediction, version: 'in memory' },
      roundTripMs: 5
    };
    rerender(<KeepTest {...props} trial={{ ...trial, outcome: unknown as never }} />);
    expect(container.innerHTML).toBe('');
  });

  it('asks for a name and keeps what is shown', async () => {
    const onKeep = jest.fn(async () => true);
    render(<KeepTest trial={trial} threshold={0.5} tests={[]} trans={trans} onKeep={onKeep} />);
    fireEvent.click(screen.getByRole('button', { name: 'Keep this test…' }));
    const form = screen.getByRole('form', { name: 'Keep this test' });
    expect(within(form).getByText('7')).toBeTruthy();
    fireEvent.change(within(form).getByLabelText('Name'), { target: { value: 'a seven' } });
    fireEvent.change(within(form).getByLabelText('Tolerance'), { target: { value: '0.2' } });
    fireEvent.click(within(form).getByRole('button', { name: 'Keep' }));
    await waitFor(() => expect(screen.getByRole('status').textContent).toContain('Kept.'));
    expect(onKeep).toHaveBeenCalledWith({ name: 'a seven', threshold: 0.5, tolerance: 0.2 });
  });

  it('uploads the input first, and tells why it was not kept', async () => {
    const routes: Record<string, unknown> = {
      ...LISTED,
      'POST uploads': { id: 'u', offset: 0, limit: 10 },
      'PATCH uploads/u': { id: 'u', offset: image.size, limit: 10 },
      'PUT uploads/u': { path: 'u', digest: 'blake3:11', size: image.size },
      [`POST ${TESTS}`]: testRecord()
    };
    const { kept, requests } = keptOf(routes);
    const keeping = { name: 'a', threshold: 0, tolerance: null };
    expect(await kept.keep(trial, keeping)).toBe(true);
    const { text } = requests.find(({ method, path }) => method === 'POST' && path === TESTS)!;
    expect(JSON.parse(text)).toMatchObject({ digest: 'blake3:11', media: 'image/png', name: 'a' });
    routes[`POST ${TESTS}`] = new Answer(409, {
      code: 'conflict',
      message: 'It is there already.'
    });
    expect(await kept.keep(trial, keeping)).toBe(false);
    expect(kept.problem).toBe('It is there already.');
  });
});
