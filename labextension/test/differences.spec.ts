import { readFileSync } from 'fs';
import { join } from 'path';

import { type IAnswerDifference, agree, answerDifferences, inShort } from '../src/differences';
import { type IInference, type IPrediction } from '../src/types';
import { predictionRecord } from './records';

interface ICase {
  readonly name: string;
  readonly answers: readonly (Partial<IPrediction> | null)[];
  readonly agree: boolean | null;
  readonly short: readonly (string | null)[];
  readonly differences: readonly IAnswerDifference[];
}

/** The same as `tests/domain/test_side_by_side.py` asks of the kernel. */
const CASES: readonly ICase[] = JSON.parse(
  readFileSync(join(__dirname, '../../tests/domain/side_by_side.json'), 'utf-8')
);

describe('answers side by side', () => {
  it.each(CASES.map(one => [one.name, one] as const))('%s', (_name, { answers, ...expected }) => {
    const said = answers.map(fields => fields && predictionRecord(fields));
    expect(agree(said)).toBe(expected.agree);
    expect(said.map(one => one && inShort(one))).toEqual(expected.short);
    expect(answerDifferences(said)).toEqual(expected.differences);
  });

  it('are judged the same as tensors that came without a prediction', () => {
    const found = CASES.filter(({ answers }) => answers.every(isTensors));
    expect(found.length).toBeGreaterThan(5);
    for (const { answers, ...expected } of found) {
      const said = answers.map(
        one => ({ model_version: '', outputs: one!.outputs }) as unknown as IInference
      );
      expect([agree(said), said.map(inShort), answerDifferences(said)]).toEqual([
        expected.agree,
        expected.short,
        expected.differences
      ]);
    }
  });
});

function isTensors(answer: Partial<IPrediction> | null): boolean {
  const outputs = answer?.outputs;
  return Array.isArray(outputs) && outputs.some(one => 'data' in Object(one));
}
