import { act, fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';

import { CommandIDs } from '../src/commands/ids';
import { DeploymentContent } from '../src/components/deployment/page';
import { DeploymentPage, type DeploymentTab } from '../src/model/deploymentpage';
import { MemoryList } from '../src/model/memory';
import { Remembered } from '../src/model/remembered';
import { type IDeployment, type IVersionMetrics } from '../src/types';
import { type ISample, usageFigures } from '../src/usage';
import { deploymentRecord } from './records';
import { type ISeenRequest, served } from './server';
import { trans } from './trans';

const AT = '2026-11-20T10:00:00Z';

const shares = [
  { version: '1.0.0', weight: 80, shadow: false },
  { version: '1.1.0', weight: 20, shadow: false }
];

function revision(number: number, changes: object = {}) {
  const spec = { versions: shares.slice(0, 1) };
  return {
    revision: number,
    at: AT,
    actor: 'ada',
    message: '',
    running: true,
    spec,
    outcome: 'replaced',
    reason: '',
    ...changes
  };
}

async function open(tab: DeploymentTab, changes: Partial<IDeployment> = {}) {
  const { api, requests } = served({
    'GET deployments/d': deploymentRecord({
      name: 'd',
      revision: 3,
      versions: shares,
      ...changes
    }),
    'GET deployments/d/history': {
      items: [
        revision(3, {
          message: 'A fifth',
          spec: { versions: shares },
          outcome: 'deployed'
        }),
        revision(2, { outcome: 'failed', reason: 'It fell over.' }),
        revision(1)
      ]
    },
    'GET deployments/d/diff': {
      items: [{ field: 'replicas', before: '1', after: '2' }]
    },
    'GET deployments/d/clients': {
      items: [{ name: 'mail', created_at: AT, created_by: 'ada' }]
    },
    'GET deployments/d/logs': ({ query }: ISeenRequest) => ({
      text: query.includes('filter=') ? '' : 'Loading\nReady',
      replicas: ['1.0.0-0', '1.1.0-0']
    }),
    'GET deployments/d/example': { curl: 'curl -sS', python: 'import json' }
  });
  const page = new DeploymentPage(api, 'd');
  page.isWatched = () => false;
  const run = jest.fn();
  page.tab = tab;
  await page.refresh();
  const remembered = new Remembered(new MemoryList(null));
  render(<DeploymentContent {...{ page, remembered, trans, run }} />);
  return { page, run, requests };
}

async function settle(): Promise<void> {
  await act(() => new Promise(resolve => setTimeout(resolve, 20)));
}

describe('the page of a deployment', () => {
  it('tells state, shares and who may ask', async () => {
    const { run, page } = await open('information', {
      private: true,
      message: 'Fine.'
    });
    const items = within(screen.getByRole('list', { name: 'Shares of the versions' }));
    expect(items.getAllByRole('listitem').map(item => item.textContent)).toEqual([
      '1.0.080 %',
      '1.1.020 %'
    ]);
    expect(screen.getByText('clients with tokens, and you')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Stop…' }));
    expect(run).toHaveBeenCalledWith(CommandIDs.stopDeployment, {
      deployment: 'd'
    });
    page.dispose();
  });

  it('a failed one says why, and can be started and deleted', async () => {
    const { page } = await open('information', {
      state: 'Failed',
      message: 'No memory.'
    });
    expect(screen.getByRole('alert').textContent).toBe('No memory.');
    for (const name of ['Start', 'Delete…']) {
      expect(screen.getByRole('button', { name })).toBeTruthy();
    }
    page.dispose();
  });

  it('shows what a revision changed and the way back', async () => {
    const { page, run, requests } = await open('history');
    expect(screen.getByText('It fell over.')).toBeTruthy();
    expect(screen.getByText('1.0.0 (80 %), 1.1.0 (20 %)')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'What revision 3 changed' }));
    await settle();
    expect(requests.at(-1)!.query).toBe('before=2&after=3');
    expect(screen.getByRole('list', { name: 'Differences' }).textContent).toBe('replicas: 1 → 2');
    expect(screen.queryByRole('button', { name: 'Roll back to revision 3' })).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Roll back to revision 1' }));
    expect(run).toHaveBeenCalledWith(CommandIDs.rollbackDeployment, {
      deployment: 'd',
      to: 1
    });
    page.dispose();
  });

  it('asks for lines with a text, of one replica, and downloads them all', async () => {
    const { page, run, requests } = await open('logs');
    expect(screen.getByLabelText('Logs of d').textContent).toBe('Loading\nReady');
    fireEvent.change(screen.getByLabelText('Replica'), {
      target: { value: '1.1.0-0' }
    });
    fireEvent.change(screen.getByLabelText('Filter the logs'), {
      target: { value: 'trace' }
    });
    await settle();
    expect(requests.at(-1)!.query).toBe('lines=200&replica=1.1.0-0&filter=trace');
    expect(screen.getByText('No line has this text.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Download' }));
    const args = { deployment: 'd', filter: 'trace', replica: '1.1.0-0' };
    expect(run).toHaveBeenCalledWith(CommandIDs.downloadLogs, args);
    page.dispose();
  });

  it('lets in only who is let in', async () => {
    const { page, run } = await open('clients');
    fireEvent.click(screen.getByRole('button', { name: 'Let clients in…' }));
    expect(run).toHaveBeenCalledWith(CommandIDs.shareDeployment, {
      deployment: 'd'
    });
    page.dispose();
  });

  it('adds and removes clients', async () => {
    const { page, run } = await open('clients', { private: true });
    const add = screen.getByRole<HTMLButtonElement>('button', { name: 'Add' });
    fireEvent.change(screen.getByLabelText('New client'), {
      target: { value: 'Not So' }
    });
    expect(add.disabled).toBe(true);
    fireEvent.change(screen.getByLabelText('New client'), {
      target: { value: 'shop' }
    });
    fireEvent.click(add);
    fireEvent.click(screen.getByRole('button', { name: 'Remove mail' }));
    expect(run.mock.calls).toEqual([
      [CommandIDs.addClient, { deployment: 'd', client: 'shop' }],
      [CommandIDs.removeClient, { deployment: 'd', client: 'mail' }]
    ]);
    page.dispose();
  });

  it('says how to ask it, as oneself and as a client', async () => {
    const { page, requests } = await open('example', { private: true });
    fireEvent.change(screen.getByLabelText('Asked by'), {
      target: { value: 'mail' }
    });
    await settle();
    expect(requests.at(-1)!.query).toBe('client=mail');
    expect(screen.getByRole('region', { name: 'In Python' }).textContent).toContain('import json');
    page.dispose();
  });
});

const TITLES = { requests: 'Requests', time: 'Time', cpu: 'CPU', memory: 'Memory' };

it('live charts count per second, and begin anew with a new host', () => {
  const version = (calls: number): IVersionMetrics => ({
    version: '1.0.0',
    weight: 100,
    shadow: false,
    replicas: 1,
    calls,
    failures: 0,
    p50_ms: calls ? 2 : null,
    p99_ms: null,
    cpu_percent: 50,
    memory_bytes: 2e6,
    compared: 0,
    agreed: 0
  });
  const samples: ISample[] = [0, 10, 30, 5].map((calls, position) => ({
    at: 1000 + 2000 * position,
    metrics: { name: 'd', waiting: 0, versions: [version(calls)] }
  }));
  const figures = new Map(usageFigures(samples, TITLES).map(figure => [figure.figure, figure]));
  const calls = figures.get('Requests')!.points.filter(({ line }) => /calls/.test(line));
  expect(calls.map(({ x, y }) => [x, y])).toEqual([
    [-4, 5],
    [-2, 10]
  ]);
  expect(figures.get('Time')!.lines).toEqual(['1.0.0 p50']);
  expect(figures.get('Memory')!.points.at(-1)).toEqual({
    line: '1.0.0',
    x: 0,
    y: 2
  });
});
