import { Button } from '@jupyterlab/ui-components';
import React, { useEffect, useState } from 'react';

import { BUMPS, isModelName, isVersion } from '../../rules';
import { type Bump, type IAdvice } from '../../types';
import { type ITranslate } from '../props';
import { type IVersionValues } from './version';

/** The kernel compares signatures, settings and weights: it is not asked at every key press. */
const TYPING_MS = 400;
const SHOWN = 5;

/** What the version should be, from what changed; null for the first version of a model. */
export type AdviceOf = (values: IVersionValues) => Promise<IAdvice | null>;

/** The advice on what is typed; undefined while nobody knows. Source: N5. */
export function useAdvice(values: IVersionValues, adviceOf: AdviceOf): IAdvice | null | undefined {
  const { name, how, version } = values;
  const [advice, setAdvice] = useState<IAdvice | null | undefined>(undefined);
  useEffect(() => {
    let current = true;
    const isReady = isModelName(name) && (how !== 'exact' || isVersion(version));
    const timer = setTimeout(() => {
      const asked = isReady ? adviceOf({ name, how, version }) : Promise.resolve(undefined);
      asked.then(
        found => current && setAdvice(found),
        // Advice is help; registering says what is wrong.
        () => current && setAdvice(undefined)
      );
    }, TYPING_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [name, how, version, adviceOf]);
  return advice;
}

/** Whether the chosen number hides a change that those who use the model notice. */
export function needsReason(advice: IAdvice | null | undefined, how: Bump | 'exact'): boolean {
  return !!advice?.reasons.some(({ breaking }) => breaking) && how !== 'major' && how !== 'exact';
}

export function AdviceNote(props: {
  readonly advice: IAdvice | null | undefined;
  readonly how: Bump | 'exact';
  readonly trans: ITranslate;
  onBump: (bump: Bump) => void;
}): JSX.Element | null {
  const { advice, how, trans } = props;
  if (!advice) {
    return null;
  }
  const bump = BUMPS.find(one => one === advice.bump);
  const title = bump
    ? trans.__('Advice: %1, since %2', advice.bump, advice.base)
    : trans.__('Nothing changed since %1: no new version is needed', advice.base);
  return (
    <div className="jp-modelmgmt-Advice" role="status" data-bump={advice.bump}>
      <div className="jp-modelmgmt-Advice-title">
        <strong>{title}</strong>
        {bump && bump !== how && (
          <Button minimal small onClick={() => props.onBump(bump)}>
            {trans.__('Use %1', bump)}
          </Button>
        )}
      </div>
      {bump && (
        <ul>
          {advice.reasons.slice(0, SHOWN).map(({ text, bump: weight }) => (
            <li key={text}>
              <span className="jp-modelmgmt-muted">{weight}</span> {text}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
