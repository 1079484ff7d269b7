import { Button } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { type IAnswer, type ITarget, type ITrialState } from '../model/trial';
import { shortAnswer } from '../predictions';
import { type IDeployment } from '../types';
import { ImageView } from './imageview';
import { PredictionOverlay } from './overlay';
import { PredictionView } from './prediction';
import { type ITranslate } from './props';
import { Failed } from './states';

export interface ISideBySideProps {
  /** Those that answer and take images. */
  readonly deployments: readonly IDeployment[];
  readonly trial: ITrialState;
  readonly trans: ITranslate;
  onCompare: (targets: readonly ITarget[]) => void;
}

/** The same image through several versions: answers, times, and whether they agree (N4). */
export function SideBySide(props: ISideBySideProps): JSX.Element | null {
  const { deployments, trial, trans } = props;
  const targets = targetsOf(deployments);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  if (targets.length < 2) {
    return null;
  }
  const chosen = targets.filter(target => !left.has(keyOf(target)));
  const isBusy = trial.answers.some(({ outcome }) => outcome.kind === 'predicting');
  return (
    <section className="jp-modelmgmt-SideBySide" aria-label={trans.__('Side by side')}>
      <div className="jp-modelmgmt-Tools">
        <h2>{trans.__('Side by side')}</h2>
        {targets.map(target => (
          <label key={keyOf(target)}>
            <input
              type="checkbox"
              checked={!left.has(keyOf(target))}
              onChange={() => setLeft(toggled(left, keyOf(target)))}
            />
            {keyOf(target)}
          </label>
        ))}
        <Button
          className="jp-mod-styled"
          disabled={!trial.image || chosen.length < 2 || isBusy}
          onClick={() => props.onCompare(chosen)}
        >
          {trans.__('Ask all')}
        </Button>
        <Agreement answers={trial.answers} trans={trans} />
      </div>
      <div className="jp-modelmgmt-Figures">
        {trial.answers.map(answer => (
          <Answer key={keyOf(answer.target)} {...props} answer={answer} />
        ))}
      </div>
    </section>
  );
}

/** Each version that a deployment answers with; a shadow's answers reach nobody. */
function targetsOf(deployments: readonly IDeployment[]): ITarget[] {
  return deployments.flatMap(({ name, versions }) =>
    versions.filter(({ shadow }) => !shadow).map(({ version }) => ({ deployment: name, version }))
  );
}

function keyOf({ deployment, version }: ITarget): string {
  return `${deployment} ${version}`;
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const rest = [...keys].filter(one => one !== key);
  return new Set(keys.has(key) ? rest : [...rest, key]);
}

function Agreement(props: {
  readonly answers: readonly IAnswer[];
  readonly trans: ITranslate;
}): JSX.Element | null {
  const { answers, trans } = props;
  const given = answers.flatMap(({ outcome }) =>
    outcome.kind === 'ready' ? [shortAnswer(outcome.prediction)] : []
  );
  if (given.length < 2 || given.length < answers.length) {
    return null;
  }
  const doesAgree = new Set(given).size === 1;
  return (
    <span
      className="jp-modelmgmt-Badge"
      role="status"
      data-standing={doesAgree ? 'same' : 'differs'}
    >
      {doesAgree ? trans.__('All agree: %1', given[0]!) : trans.__('They differ')}
    </span>
  );
}

function Answer(props: ISideBySideProps & { readonly answer: IAnswer }): JSX.Element {
  const { answer, trial, trans } = props;
  const { target, outcome } = answer;
  return (
    <section aria-label={keyOf(target)}>
      <h3>
        {target.version} <span className="jp-modelmgmt-muted">{target.deployment}</span>
      </h3>
      {outcome.kind === 'predicting' && <progress aria-label={trans.__('Predicting')} />}
      {outcome.kind === 'failed' && <Failed message={outcome.message} trans={trans} />}
      {outcome.kind === 'ready' && (
        <>
          {trial.image && (outcome.prediction.boxes || outcome.prediction.mask) && (
            <ImageView image={trial.image} trans={trans}>
              <PredictionOverlay prediction={outcome.prediction} opacity={0.6} />
            </ImageView>
          )}
          <PredictionView {...outcome} trans={trans} />
        </>
      )}
    </section>
  );
}
