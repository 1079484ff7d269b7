import { fireEvent, render, screen } from '@testing-library/react';
import React from 'react';

import { DeployForm } from '../src/components/forms/deploy';
import { checkDeploy } from '../src/components/forms/deploycheck';
import {
  deployValues,
  type IDeployValues,
  newDeployment,
  redeployment
} from '../src/components/forms/deployvalues';
import { deploymentRecord } from './records';
import { trans } from './trans';

describe('deploy (P6, P7)', () => {
  const target = deploymentRecord({
    replicas: 2,
    secrets: { KEY: '***' },
    variables: { MODE: 'fast', OLD: '1' }
  });
  const fresh = deployValues('1.1.0');
  const update = deployValues('1.1.0', target);
  const onRay = { engine: 'ray', address: 'http://head:8265' };

  it.each([
    [{}, []],
    [{ name: 'A!' }, ['name']],
    [{ replicas: '129' }, ['replicas']],
    [{ replicas: 'two' }, ['replicas']],
    [{ environment: 'path', interpreter: 'python' }, ['interpreter']],
    [{ variables: [{ name: '1x', value: '' }] }, ['variables']],
    [{ metadata: [1, 2].map(() => ({ name: 'a', value: '' })) }, ['metadata']],
    [{ cpu: '0.5', memory: '2 GB', queue: '0' }, ['memory', 'queue']],
    [{ engine: 'ray' }, ['address']],
    [{ ...onRay, scales: true }, []],
    [{ ...onRay, scales: true, scaleMin: '5', scaleTarget: '0' }, ['scaleMin', 'scaleTarget']],
    [{ ...onRay, scales: true, scaleMin: '', scaleMax: '129' }, ['scaleMax', 'scaleMin']],
    [{ scales: true, scaleMax: 'many' }, []],
    [{ traffic: 'split', shares: [{ version: '1.0.0', weight: '10', shadow: false }] }, ['shares']]
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

  it('a new one may begin with several versions', () => {
    const shares = ['0.9.0', '1.0.0'].map(version => ({ version, weight: '50', shadow: false }));
    const split = { ...fresh, traffic: 'split' as const, shares };
    expect(newDeployment(split, 'digits@1.1.0')).toMatchObject({
      selector: 'digits@0.9.0',
      versions: shares.map(share => ({ ...share, weight: 50 }))
    });
    expect(newDeployment(fresh, 'digits@1.1.0')).not.toHaveProperty('versions');
  });

  it('scales on a cluster only, and stops scaling elsewhere', () => {
    const autoscale = { min: 0, max: 8, target_ongoing: 2.5 };
    const scaled = { scaleMin: '0', scaleMax: '8', scaleTarget: '2.5', scales: true };
    expect(newDeployment({ ...fresh, ...onRay, ...scaled }, 'digits@1.1.0')).toMatchObject({
      autoscale
    });
    const scaling = deploymentRecord({ ...target, engine: 'ray', autoscale });
    const values = deployValues('1.1.0', scaling);
    expect(values).toMatchObject(scaled);
    expect(redeployment(values, 'digits@1.1.0', scaling)).not.toHaveProperty('autoscale');
    expect(redeployment({ ...values, engine: 'local' }, 'digits@1.1.0', scaling)).toMatchObject({
      engine: 'local',
      autoscale: null
    });
  });

  it('asks how far to scale where that was chosen', () => {
    const onChange = jest.fn();
    const form = (values: IDeployValues) => (
      <DeployForm
        {...{ values, trans, onChange }}
        errors={{}}
        version="1.1.0"
        versions={['1.1.0', '1.0.0']}
        deployments={[]}
      />
    );
    const { rerender } = render(form({ ...fresh, ...onRay }));
    expect(screen.queryByLabelText('Most replicas')).toBeNull();
    fireEvent.click(screen.getByLabelText('Scale with the requests'));
    expect(onChange).toHaveBeenCalledWith({ scales: true });
    rerender(form({ ...fresh, ...onRay, scales: true }));
    fireEvent.change(screen.getByLabelText(/^Most replicas/), { target: { value: '6' } });
    expect(onChange).toHaveBeenCalledWith({ scaleMax: '6' });
    // Several versions are offered from the start.
    fireEvent.click(screen.getByLabelText('Split them over versions'));
    expect(onChange).toHaveBeenCalledWith({ traffic: 'split' });
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
