import React from 'react';

import { Agreement, Answers, type IShownAnswer } from '../components/answers';
import { type Outcome } from '../model/trial';
import { type IPrediction } from '../types';
import { answered } from './answered';
import { type IWidgetModel, untranslated as trans, useTrait } from './live';
import { TrialInput, useTrialInput } from './trialinput';

/** Who is asked, as the kernel calls it. */
export interface ITargetName {
  readonly name: string;
  readonly where: 'deployment' | 'version' | 'memory';
}

interface IAnswer extends ITargetName {
  readonly prediction: IPrediction | null;
  readonly problem: string;
  readonly round_trip_ms: number;
}

/** The same input through deployments, versions and objects in memory (N4). */
export function Several(props: {
  readonly model: IWidgetModel;
  readonly targets: readonly ITargetName[];
}): JSX.Element {
  const { model, targets } = props;
  const [answers] = useTrait<readonly IAnswer[]>(model, 'answers');
  const [isBusy] = useTrait<boolean>(model, 'is_busy');
  const input = useTrialInput(model, 'ask_all');
  const label = targets.length > 1 ? trans.__('Ask all') : trans.__('Predict');
  const found: readonly IShownAnswer[] = isBusy ? targets.map(waiting) : answers.map(shown);
  return (
    <div className="jp-modelmgmt-Trial">
      <TrialInput
        {...input}
        title={targets.map(({ name }) => name).join(', ')}
        label={isBusy ? trans.__('Asking…') : label}
        isBusy={isBusy}
      >
        <aside className="jp-modelmgmt-Trial-outcome" aria-live="polite">
          {found.length ? (
            <Agreement answers={found} trans={trans} />
          ) : (
            <p className="jp-modelmgmt-muted">{trans.__('The answers appear below.')}</p>
          )}
        </aside>
      </TrialInput>
      <Answers answers={found} image={input.image} trans={trans} />
    </div>
  );
}

function waiting({ name, where }: ITargetName): IShownAnswer {
  return {
    name,
    title: name,
    where: whereText(where),
    waitingFor:
      where === 'version' ? trans.__('The first answer waits until a worker has loaded it.') : '',
    outcome: { kind: 'predicting' }
  };
}

function shown(answer: IAnswer): IShownAnswer {
  return { ...waiting(answer), outcome: outcomeOf(answer) };
}

function outcomeOf({ prediction, problem, round_trip_ms: roundTripMs }: IAnswer): Outcome {
  if (!prediction) {
    return { kind: 'failed', message: problem };
  }
  return answered(prediction, roundTripMs);
}

function whereText(where: ITargetName['where']): string {
  return {
    deployment: trans.__('deployed'),
    version: trans.__('registered'),
    memory: trans.__('in memory')
  }[where];
}
