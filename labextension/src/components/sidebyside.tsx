import { Button } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { type IAnswer, type ITarget, type ITrialState, type Outcome } from '../model/trial';
import { shortAnswer, shortInference } from '../predictions';
import { AnswerDifferences } from './answerdifferences';
import { type IAnswerer } from './answerers';
import { ImageView } from './imageview';
import { PredictionOverlay } from './overlay';
import { PredictionView } from './prediction';
import { type ITranslate } from './props';
import { Failed } from './states';
import { InferenceView } from './tensors';

export interface ISideBySideProps {
  /** Those that answer at once. */
  readonly deployed: readonly IAnswerer[];
  /** Those for which a worker starts, and objects in memory: asked only when they are ticked. */
  readonly tried: readonly IAnswerer[];
  readonly trial: ITrialState;
  /** Whether there is something to ask. */
  readonly isReady: boolean;
  readonly trans: ITranslate;
  onCompare: (targets: readonly ITarget[]) => void;
  onCancel: () => void;
}

/** The same input through several versions: answers, times, and whether they agree (N4). */
export function SideBySide(props: ISideBySideProps): JSX.Element | null {
  const { deployed, tried, trial, trans } = props;
  const all = [...deployed, ...tried];
  // What was ticked or unticked by hand; deployed ones are ticked at first.
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set());
  if (all.length < 2) {
    return null;
  }
  const isTicked = (answerer: IAnswerer) =>
    turned.has(answerer.key) !== deployed.includes(answerer);
  const chosen = all.filter(isTicked);
  const isBusy = trial.answers.some(({ outcome }) => outcome.kind === 'predicting');
  return (
    <section className="jp-modelmgmt-SideBySide" aria-label={trans.__('Side by side')}>
      <div className="jp-modelmgmt-Tools">
        <h2>{trans.__('Side by side')}</h2>
        {all.map(answerer => (
          <label key={answerer.key}>
            <input
              type="checkbox"
              checked={isTicked(answerer)}
              onChange={() => setTurned(toggled(turned, answerer.key))}
            />
            {answerer.label}
          </label>
        ))}
        <Button
          className="jp-mod-styled"
          disabled={!props.isReady || chosen.length < 2 || isBusy}
          onClick={() => props.onCompare(chosen.map(({ target }) => target))}
        >
          {trans.__('Ask all')}
        </Button>
        {isBusy && (
          <Button className="jp-mod-styled jp-mod-reject" onClick={props.onCancel}>
            {trans.__('Cancel')}
          </Button>
        )}
        <Agreement answers={trial.answers} trans={trans} />
      </div>
      <div className="jp-modelmgmt-Figures">
        {trial.answers.map(answer => (
          <Answer key={keyOf(answer.target)} {...props} answer={answer} />
        ))}
      </div>
      <AnswerDifferences
        answers={trial.answers}
        trans={trans}
        nameOf={({ target }) => keyOf(target)}
      />
    </section>
  );
}

function keyOf({ deployment, version, variable }: ITarget): string {
  return variable ?? `${deployment} ${version}`.trim();
}

/** Why an answer may take a while; empty for one that should come at once. */
export function waitingFor(target: ITarget, trans: ITranslate): string {
  const { deployment, version, variable } = target;
  if (variable) {
    return trans.__('%1 answers when its kernel is free.', variable);
  }
  return deployment
    ? ''
    : trans.__('The first answer waits until a worker has loaded %1.', version);
}

function whereOf({ deployment, variable }: ITarget, trans: ITranslate): string {
  if (variable) {
    return trans.__('in memory');
  }
  return deployment || trans.__('not deployed');
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
  const given = answers.flatMap(({ outcome }) => shortOutcome(outcome));
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

function shortOutcome(outcome: Outcome): string[] {
  switch (outcome.kind) {
    case 'ready':
      return [shortAnswer(outcome.prediction)];
    case 'inferred':
      return [shortInference(outcome.inference)];
    default:
      return [];
  }
}

function Answer(props: ISideBySideProps & { readonly answer: IAnswer }): JSX.Element {
  const { answer, trial, trans } = props;
  const { target, outcome } = answer;
  return (
    <section aria-label={keyOf(target)}>
      <h3>
        {target.variable ?? target.version}{' '}
        <span className="jp-modelmgmt-muted">{whereOf(target, trans)}</span>
      </h3>
      {outcome.kind === 'predicting' && (
        <>
          <progress aria-label={trans.__('Predicting')} />
          <p className="jp-modelmgmt-muted">{waitingFor(target, trans)}</p>
        </>
      )}
      {outcome.kind === 'failed' && <Failed message={outcome.message} trans={trans} />}
      {outcome.kind === 'inferred' && <InferenceView {...outcome} trans={trans} />}
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
