import { fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';

import { AnswerDifferences } from '../src/components/answerdifferences';
import { inMemory, tried } from '../src/components/answerers';
import { MemoryPictures } from '../src/components/memorypictures';
import { type IMemoryModel } from '../src/types';
import { predictionRecord, versionRecord } from './records';
import { trans } from './trans';

const clf: IMemoryModel = {
  variable: 'clf',
  class_name: 'SVC',
  framework: 'scikit-learn',
  task: 'classification',
  flavor: 'sklearn',
  problem: ''
};

describe('what is in memory', () => {
  it('is asked as the version that is looked at, unless it cannot answer', () => {
    const memory = {
      notebook: 'a.ipynb',
      models: [clf, { ...clf, variable: 'raw', problem: 'Not fitted.' }]
    };
    const shown = versionRecord({ adapter: 'image_classifier' });
    expect(inMemory(memory, shown, trans)).toEqual([
      {
        key: 'memory clf',
        label: 'clf, in memory',
        target: {
          deployment: '',
          model: 'digits',
          version: '1.0.0',
          variable: 'clf',
          takesImages: true
        }
      }
    ]);
    expect(inMemory(undefined, shown, trans)).toEqual([]);
  });

  it('takes an image only where the version does', () => {
    const takes = (adapter: string, said = '') => {
      const shown = versionRecord({ adapter, signature: { inputs: [], outputs: [], takes: said } });
      return tried(shown, [], trans)[0]!.target.takesImages;
    };
    expect(takes('image_classifier')).toBe(true);
    expect(takes('tabular')).toBe(false);
    expect(takes('adapter.py:Spotter', 'text')).toBe(false);
    expect(takes('')).toBe(false);
  });

  it('gives its images, or says why not', async () => {
    const image = new File(['x'], 'photo.png', { type: 'image/png' });
    const picture = jest
      .fn()
      .mockResolvedValueOnce(image)
      .mockRejectedValueOnce(new Error('It is gone.'));
    const onImage = jest.fn();
    const pictures = [{ variable: 'photo', width: 30, height: 20 }];
    render(<MemoryPictures {...{ pictures, picture, onImage, trans }} />);
    const select = screen.getByLabelText('Image in memory');
    expect(within(select).getByText('photo, 30 × 20')).toBeTruthy();
    fireEvent.change(select, { target: { value: 'photo' } });
    fireEvent.change(select, { target: { value: 'photo' } });
    expect((await screen.findByRole('alert')).textContent).toBe('It is gone.');
    expect(onImage.mock.calls).toEqual([[image]]);
  });
});

describe('differences', () => {
  it('stand in a table, but not before two have answered', () => {
    const answer = (name: string, value: number) => ({
      name,
      outcome: { kind: 'ready' as const, prediction: predictionRecord({ value }), roundTripMs: 1 }
    });
    const waiting = { name: 'b', outcome: { kind: 'predicting' as const } };
    const shown = (answers: React.ComponentProps<typeof AnswerDifferences>['answers']) => (
      <AnswerDifferences answers={answers} trans={trans} />
    );
    const { rerender } = render(shown([answer('a', 1), waiting]));
    expect(screen.queryByRole('table')).toBeNull();
    rerender(shown([answer('a', 1), answer('b', 1.5)]));
    expect(screen.getByRole('row', { name: 'answer 1 1.5 0.5' })).toBeTruthy();
  });
});
