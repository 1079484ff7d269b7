import React from 'react';

import { type ITrialState, type Outcome } from '../model/trial';
import { atLeast } from '../predictions';
import { type ITranslate } from './props';

/** The trial without what is less sure than `threshold`. */
export function surer(trial: ITrialState, threshold: number): ITrialState {
  const cut = (outcome: Outcome): Outcome =>
    outcome.kind === 'ready'
      ? { ...outcome, prediction: atLeast(outcome.prediction, threshold) }
      : outcome;
  const answers = trial.answers.map(answer => ({
    ...answer,
    outcome: cut(answer.outcome)
  }));
  return { ...trial, outcome: cut(trial.outcome), answers };
}

/** Whether anything of it is more or less sure. */
export function hasScores({ outcome, answers }: ITrialState): boolean {
  return [outcome, ...answers.map(answer => answer.outcome)].some(
    one => one.kind === 'ready' && (one.prediction.boxes ?? one.prediction.classes)
  );
}

/** Hides what the model is not sure of. */
export function Threshold(props: {
  readonly value: number;
  readonly trans: ITranslate;
  onChange: (value: number) => void;
}): JSX.Element {
  const { value, trans } = props;
  return (
    <label className="jp-modelmgmt-Image-opacity jp-modelmgmt-Threshold">
      {trans.__('At least %1 %', Math.round(100 * value))}
      <input
        type="range"
        aria-label={trans.__('Threshold')}
        min={0}
        max={1}
        step={0.01}
        value={value}
        onChange={event => props.onChange(Number(event.target.value))}
      />
    </label>
  );
}
