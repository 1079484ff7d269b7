import { Button } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { type IAnswer, type ITarget, type ITrialState } from '../model/trial';
import { type IAnswerer } from './answerers';
import { Agreement, Answers, type IShownAnswer } from './answers';
import { type ITranslate } from './props';
import { Tick } from './tick';

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
  const answers = trial.answers.map(answer => shown(answer, trans));
  const isBusy = trial.answers.some(({ outcome }) => outcome.kind === 'predicting');
  return (
    <section className="jp-modelmgmt-SideBySide" aria-label={trans.__('Side by side')}>
      <div className="jp-modelmgmt-Tools">
        <h2>{trans.__('Side by side')}</h2>
        {all.map(answerer => (
          <Tick
            key={answerer.key}
            label={answerer.label}
            value={isTicked(answerer)}
            onChange={() => setTurned(toggled(turned, answerer.key))}
          />
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
        <Agreement answers={answers} trans={trans} />
      </div>
      <Answers answers={answers} image={trial.image} trans={trans} />
    </section>
  );
}

function shown({ target, outcome }: IAnswer, trans: ITranslate): IShownAnswer {
  return {
    name: keyOf(target),
    title: target.variable ?? target.version,
    where: whereOf(target, trans),
    waitingFor: waitingFor(target, trans),
    outcome
  };
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
