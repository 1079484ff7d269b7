import { act, fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';

import { CommandIDs } from '../src/commands/ids';
import { checkStage, StageForm, stageRule, stageValues } from '../src/components/forms/stage';
import { RegistryContent } from '../src/components/registry/page';
import { RegistryPage, type RegistryTab } from '../src/model/registrypage';
import { type IApproval, type IStageRule } from '../src/types';
import { served } from './server';
import { trans } from './trans';

const AT = '2026-11-20T10:00:00Z';

const approval: IApproval = {
  id: 7,
  model: 'digits',
  version: '1.0.0',
  stage: 'production',
  state: 'requested',
  asked_by: 'ada',
  asked_at: AT,
  comment: 'It is better.',
  decided_by: '',
  decided_at: null,
  answer: ''
};

const rule: IStageRule = {
  name: 'production',
  exclusive: true,
  protected: true,
  approval: true,
  transitions: ['archived'],
  gates: ['metrics.accuracy >= 0.95']
};

async function open(tab: RegistryTab, changes: Record<string, unknown> = {}) {
  const { api, requests } = served({
    'GET approvals': { items: [approval], next_cursor: null },
    'GET stages': { items: [{ ...rule, name: 'development', transitions: null }, rule] },
    'GET trash': {
      items: [{ model: 'digits', version: '1.0.0', deleted_at: AT, size: 2000 }],
      next_cursor: null
    },
    ...changes
  });
  const page = new RegistryPage(api);
  page.tab = tab;
  await act(() => page.refresh());
  const run = jest.fn();
  render(<RegistryContent page={page} trans={trans} run={run} />);
  return { page, run, requests };
}

describe('the page of the registry', () => {
  it('lets one answer who waits for an approval', async () => {
    const { run, requests } = await open('approvals');
    expect(requests.map(({ query }) => query)).toContain('state=requested&limit=100');
    fireEvent.click(screen.getByRole('button', { name: 'Approve digits@1.0.0' }));
    const args = { request: 7, selector: 'digits@1.0.0', stage: 'production' };
    expect(run).toHaveBeenCalledWith(CommandIDs.approve, args);
    fireEvent.click(screen.getByRole('button', { name: 'Reject digits@1.0.0' }));
    expect(run).toHaveBeenCalledWith(CommandIDs.reject, args);
  });

  it('says who decided, and why', async () => {
    const decided = { ...approval, state: 'rejected', decided_by: 'bob', answer: 'Too slow.' };
    await open('approvals', { 'GET approvals': { items: [decided], next_cursor: null } });
    expect(document.querySelector('[data-state=rejected]')?.textContent).toContain(
      'Rejected by bob: Too slow.'
    );
    expect(screen.queryByRole('button', { name: /Approve/ })).toBeNull();
  });

  it('asks for the requests that one wants to see', async () => {
    const { page, requests } = await open('approvals', {
      'GET approvals': { items: [], next_cursor: null }
    });
    expect(screen.getByText('Nobody waits for an approval')).toBeTruthy();
    await act(async () => {
      fireEvent.change(screen.getByRole('combobox'), { target: { value: '' } });
    });
    expect(page.state).toBeUndefined();
    expect(requests.at(-1)?.query).toBe('limit=100');
    expect(await screen.findByText('No such request')).toBeTruthy();
  });

  it('tells what each stage asks', async () => {
    const { run } = await open('stages');
    const row = screen.getByRole('row', { name: /^Production/ });
    for (const text of ['one version of a model', 'an approval', 'metrics.accuracy >= 0.95']) {
      expect(row.textContent).toContain(text);
    }
    expect(within(row).getByText('Archived')).toBeTruthy();
    fireEvent.click(within(row).getByRole('button', { name: 'Remove Production' }));
    expect(run).toHaveBeenCalledWith(CommandIDs.removeStage, { stage: 'production' });
    expect(screen.queryByRole('button', { name: 'Remove Development' })).toBeNull();
  });

  it('gives back what was deleted, or forgets it', async () => {
    const { run } = await open('trash');
    const args = { model: 'digits', version: '1.0.0' };
    fireEvent.click(screen.getByRole('button', { name: 'Restore digits@1.0.0' }));
    expect(run).toHaveBeenCalledWith(CommandIDs.restoreVersion, args);
    fireEvent.click(screen.getByRole('button', { name: 'Delete digits@1.0.0 for ever' }));
    expect(run).toHaveBeenCalledWith(CommandIDs.purgeVersion, args);
  });

  it('says so when the trash is empty', async () => {
    await open('trash', { 'GET trash': { items: [], next_cursor: null } });
    expect(screen.getByText('The trash is empty')).toBeTruthy();
  });
});

describe('the form of a stage', () => {
  it('writes down what it was given', () => {
    const { name, ...asked } = rule;
    expect(name).toBe('production');
    expect(stageRule(stageValues(rule))).toEqual(asked);
  });

  it('takes a gate of each line, and any follower unless one is chosen', () => {
    const values = { ...stageValues(), gates: ' a = 1 \n\nb = 2', transitions: ['x'] };
    expect(stageRule(values)).toMatchObject({ gates: ['a = 1', 'b = 2'], transitions: null });
    expect(checkStage(values, trans)).toEqual({ name: 'Give the stage a name.' });
  });

  it('offers the other stages as followers', () => {
    const onChange = jest.fn();
    const props = {
      trans,
      errors: {},
      onChange,
      isNew: false,
      stages: ['development', 'production', 'archived']
    };
    render(<StageForm {...props} values={stageValues(rule)} />);
    fireEvent.click(screen.getByRole('checkbox', { name: 'Development' }));
    expect(onChange).toHaveBeenCalledWith({ transitions: ['archived', 'development'] });
    expect(screen.queryByRole('checkbox', { name: 'Production' })).toBeNull();
  });
});
