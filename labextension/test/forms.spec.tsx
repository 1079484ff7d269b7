import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import React from 'react';

import { checkConfirm, ConfirmForm } from '../src/components/forms/confirm';
import { DeployForm } from '../src/components/forms/deploy';
import { checkDeploy } from '../src/components/forms/deploycheck';
import { deployValues, newDeployment, redeployment } from '../src/components/forms/deployvalues';
import { EditForm, edits, editValues } from '../src/components/forms/edit';
import { newVersion, RegisterForm, registerValues } from '../src/components/forms/register';
import { checkVersion, type LatestOf } from '../src/components/forms/version';
import { deploymentRecord, versionRecord } from './records';
import { trans } from './trans';

const memory = {
  variable: 'my_clf',
  class_name: 'LogisticRegression',
  framework: 'scikit-learn',
  task: 'classification' as const,
  flavor: 'sklearn',
  problem: ''
};

describe('register', () => {
  function show(latestOf: LatestOf) {
    const onChange = jest.fn();
    const values = registerValues(memory, 'Ada');
    render(
      <RegisterForm
        values={values}
        errors={{}}
        trans={trans}
        onChange={onChange}
        latestOf={latestOf}
      />
    );
    return onChange;
  }

  it('begins with what the object says of itself', () => {
    expect(registerValues(memory, 'Ada')).toMatchObject({
      name: 'my-clf',
      framework: 'scikit-learn',
      task: 'classification',
      author: 'Ada'
    });
  });

  it('says which version each choice leads to', async () => {
    show(async () => '1.2.3');
    await waitFor(() => screen.getByText('The latest version is 1.2.3'));
    expect(screen.getByLabelText(/^2\.0\.0, major/)).toBeTruthy();
    expect((screen.getByLabelText(/^1\.3\.0, minor/) as HTMLInputElement).checked).toBe(true);
    expect(screen.getByLabelText(/^1\.2\.4, patch/)).toBeTruthy();
  });

  it('begins a new model with its first version', async () => {
    const onChange = show(async () => undefined);
    expect(screen.getByText('A new model')).toBeTruthy();
    expect(screen.getByLabelText('1.0.0, the first')).toBeTruthy();
    fireEvent.click(screen.getByLabelText('Exact version'));
    expect(onChange).toHaveBeenCalledWith({ how: 'exact' });
  });

  it('sends a version or a bump, never both', () => {
    const values = registerValues(memory, '');
    expect(newVersion(values)).toMatchObject({ name: 'my-clf', bump: 'minor', tags: [] });
    expect(newVersion(values)).not.toHaveProperty('version');
    const exact = newVersion({ ...values, how: 'exact', version: '3.0.0', tags: 'a, b' });
    expect(exact).toMatchObject({ version: '3.0.0', tags: ['a', 'b'] });
    expect(exact).not.toHaveProperty('bump');
  });

  it('refuses names and versions before the server must', () => {
    expect(checkVersion({ name: 'a b', how: 'exact', version: '1.2' }, trans)).toEqual({
      name: expect.stringContaining('letters'),
      version: expect.stringContaining('1.2.0')
    });
    expect(checkVersion({ name: 'ok', how: 'minor', version: 'nonsense' }, trans)).toEqual({});
  });
});

describe('edit', () => {
  const version = versionRecord({ tags: ['a'], description: 'old' });

  it('sends only what changed', () => {
    const values = { ...editValues(version), description: 'new', tags: 'a, b' };
    expect(edits(version, values)).toEqual({ description: 'new', tags: ['a', 'b'] });
    expect(edits(version, editValues(version))).toEqual({});
  });

  it.each([
    ['without a deployment', [], { deployed: true, draft: false }],
    [
      'with a running deployment',
      [{ name: 'd', state: 'Deployed', version: '1.0.0' }],
      { deployed: false, draft: true }
    ]
  ] as const)(
    'the status that follows from deployments cannot be chosen, %s',
    (_, deployments, disabled) => {
      const record = versionRecord({ deployments });
      render(
        <EditForm
          values={editValues(record)}
          errors={{}}
          trans={trans}
          onChange={jest.fn()}
          version={record}
        />
      );
      const isDisabled = (name: string) =>
        (screen.getByRole('option', { name }) as HTMLOptionElement).disabled;
      expect({ deployed: isDisabled('Deployed'), draft: isDisabled('Draft') }).toEqual(disabled);
    }
  );
});

describe('deploy (P6, P7)', () => {
  const target = deploymentRecord({
    replicas: 2,
    secrets: { KEY: '***' },
    variables: { MODE: 'fast', OLD: '1' }
  });
  const fresh = deployValues('1.1.0');
  const update = deployValues('1.1.0', target);

  it.each([
    [{}, []],
    [{ name: 'A!' }, ['name']],
    [{ replicas: '129' }, ['replicas']],
    [{ replicas: 'two' }, ['replicas']],
    [{ environment: 'path', interpreter: 'python' }, ['interpreter']],
    [{ variables: [{ name: '1x', value: '' }] }, ['variables']],
    [{ metadata: [1, 2].map(() => ({ name: 'a', value: '' })) }, ['metadata']],
    [{ cpu: '0.5', memory: '2 GB', queue: '0' }, ['memory', 'queue']],
    [{ engine: 'ray' }, ['address']]
  ] as const)('a new one with %j is wrong in %j', (changes, fields) => {
    expect(Object.keys(checkDeploy({ ...fresh, ...changes }, trans))).toEqual(fields);
  });

  it('a name is asked of new ones only, and weights that sum to 100 of a split', () => {
    expect(checkDeploy({ ...update, name: 'A!' }, trans)).toEqual({});
    const shares = ['60', '30'].map((weight, i) => ({
      version: `1.${i}.0`,
      weight,
      shadow: false
    }));
    expect(checkDeploy({ ...update, traffic: 'split', shares }, trans)).toEqual({
      shares: expect.stringContaining('sum to 90')
    });
    const shadow = { version: '1.2.0', weight: '', shadow: true };
    const whole = [{ ...shares[0]!, weight: '100' }, shadow];
    expect(checkDeploy({ ...update, traffic: 'split', shares: whole }, trans)).toEqual({});
  });

  it('an update says only what differs, and takes away what was taken away', () => {
    expect(redeployment(update, 'digits@1.1.0', target)).toEqual({
      selector: 'digits@1.1.0',
      message: ''
    });
    const variables = update.variables.filter(({ name }) => name !== 'OLD');
    const changes = { variables, autoStop: '1.5', cpu: '2', message: 'Less' };
    expect(redeployment({ ...update, ...changes }, 'digits@1.1.0', target)).toEqual({
      selector: 'digits@1.1.0',
      message: 'Less',
      variables: { MODE: 'fast', OLD: null },
      resources: { cpu: 2, memory_mb: 0, gpus: 0 },
      auto_stop_s: 90
    });
  });

  it('a split names versions instead of one', () => {
    const shares = update.shares.map(share => ({ ...share, weight: '50' }));
    expect(redeployment({ ...update, traffic: 'split', shares }, 'digits@1.1.0', target)).toEqual({
      versions: [
        { version: '1.0.0', weight: 50, shadow: false },
        { version: '1.1.0', weight: 50, shadow: false }
      ],
      message: ''
    });
  });

  it('a new one leaves the engine to its version unless one is chosen', () => {
    expect(newDeployment(fresh, 'digits@1.1.0')).not.toHaveProperty('engine');
    const ray = { ...fresh, engine: 'ray', address: 'http://head:8265' };
    expect(newDeployment(ray, 'digits@1.1.0')).toMatchObject({
      engine: 'ray',
      engine_address: 'http://head:8265'
    });
  });

  it('choosing a deployment fills the form with how it is', () => {
    const onChange = jest.fn();
    render(
      <DeployForm
        values={fresh}
        errors={{ variables: 'Wrong.' }}
        trans={trans}
        onChange={onChange}
        version="1.1.0"
        versions={['1.1.0', '1.0.0']}
        deployments={[target]}
      />
    );
    fireEvent.change(screen.getByLabelText('Deployment'), { target: { value: target.name } });
    expect(onChange).toHaveBeenCalledWith({ ...update, message: '' });
    // What is wrong below "Advanced" is seen.
    expect(screen.getByText('Advanced').closest('details')!.open).toBe(true);
  });
});

it('what goes for ever asks for its name, exactly', () => {
  const onChange = jest.fn();
  const values = { typed: 'Parcels' };
  const errors = checkConfirm(values, 'parcels', trans);
  render(
    <ConfirmForm
      values={values}
      errors={errors}
      trans={trans}
      onChange={onChange}
      name="parcels"
      loss="All goes."
    />
  );
  expect(screen.getByRole('alert').textContent).toBe('Type parcels, exactly.');
  const field = screen.getByLabelText('Type parcels to confirm');
  fireEvent.change(field, { target: { value: 'parcels' } });
  expect(onChange).toHaveBeenCalledWith({ typed: 'parcels' });
  expect(checkConfirm({ typed: 'parcels' }, 'parcels', trans)).toEqual({});
});
