import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import React from 'react';

import { checkConfirm, ConfirmForm } from '../src/components/forms/confirm';
import { EditForm, edits, editValues } from '../src/components/forms/edit';
import { newVersion, RegisterForm, registerValues } from '../src/components/forms/register';
import { checkVersion, type LatestOf } from '../src/components/forms/version';
import { versionRecord } from './records';
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
        adviceOf={() => Promise.resolve(null)}
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
