import React from 'react';

import { agree, inShort } from '../differences';
import { type Outcome, saidOf } from '../model/trial';
import { AnswerDifferences } from './answerdifferences';
import { ImageView } from './imageview';
import { PredictionOverlay } from './overlay';
import { PredictionView } from './prediction';
import { type ITranslate } from './props';
import { Failed } from './states';
import { InferenceView } from './tensors';

/** What one of several says, and what it is called. */
export interface IShownAnswer {
  /** Tells answers apart, and heads its column of differences. */
  readonly name: string;
  readonly title: string;
  readonly where: string;
  /** Why it may take a while; empty where it should not. */
  readonly waitingFor: string;
  readonly outcome: Outcome;
}

interface IAnswersProps {
  readonly answers: readonly IShownAnswer[];
  readonly trans: ITranslate;
}

/** The answers of several to the same input, each with its times, and where they differ (N4). */
export function Answers(props: IAnswersProps & { readonly image: File | null }): JSX.Element {
  const { answers, trans } = props;
  return (
    <>
      <div className="jp-modelmgmt-Answers">
        {answers.map(answer => (
          <Answer key={answer.name} {...props} answer={answer} />
        ))}
      </div>
      <AnswerDifferences answers={answers} trans={trans} />
    </>
  );
}

/** Whether all say the same; nothing while one has not answered. */
export function Agreement({ answers, trans }: IAnswersProps): JSX.Element | null {
  const said = answers.map(({ outcome }) => saidOf(outcome));
  const doesAgree = agree(said);
  if (doesAgree === null) {
    return null;
  }
  return (
    <span
      className="jp-modelmgmt-Badge"
      role="status"
      data-standing={doesAgree ? 'same' : 'differs'}
    >
      {doesAgree ? trans.__('All agree: %1', inShort(said[0]!)) : trans.__('They differ')}
    </span>
  );
}

function Answer(props: {
  readonly answer: IShownAnswer;
  readonly image: File | null;
  readonly trans: ITranslate;
}): JSX.Element {
  const { answer, image, trans } = props;
  const { name, title, where, waitingFor, outcome } = answer;
  return (
    <section aria-label={name}>
      <h3>
        {title} <span className="jp-modelmgmt-muted">{where}</span>
      </h3>
      {outcome.kind === 'predicting' && (
        <>
          <progress aria-label={trans.__('Predicting')} />
          <p className="jp-modelmgmt-muted">{waitingFor}</p>
        </>
      )}
      {outcome.kind === 'failed' && <Failed message={outcome.message} trans={trans} />}
      {outcome.kind === 'inferred' && <InferenceView {...outcome} trans={trans} />}
      {outcome.kind === 'ready' && (
        <>
          {image && (outcome.prediction.boxes || outcome.prediction.mask) && (
            <ImageView image={image} trans={trans}>
              <PredictionOverlay prediction={outcome.prediction} opacity={0.6} />
            </ImageView>
          )}
          <PredictionView {...outcome} trans={trans} />
        </>
      )}
    </section>
  );
}
