import React from 'react';

import { type Kept } from '../../model/kept';
import { type Trial } from '../../model/trial';
import { type ITranslate } from '../props';
import { KeepTest } from './keep';

/** The button below an answer that keeps it, on the page of a model or of a deployment. */
export function KeptTrial(props: {
  readonly page: { readonly kept: Kept; readonly trial: Trial };
  readonly threshold: number;
  readonly trans: ITranslate;
}): JSX.Element {
  const { kept, trial } = props.page;
  return (
    <KeepTest
      trial={trial.state}
      threshold={props.threshold}
      tests={kept.tests.value?.items ?? []}
      trans={props.trans}
      onKeep={keeping => kept.keep(trial.state, keeping)}
    />
  );
}
