import React from 'react';

import { type IStanding } from '../../kept';
import { type ITranslate } from '../props';

/** How many of the kept tests a version passed: 12/12 (N10). */
export function TestsBadge(props: {
  readonly standing: IStanding;
  readonly trans: ITranslate;
  /** Says what the numbers are, where nothing beside them does. */
  readonly isNamed?: boolean;
}): JSX.Element {
  const { standing, trans, isNamed } = props;
  const { passed, failed, total, state } = standing;
  const told =
    passed + failed
      ? trans.__('%1 of %2 kept tests passed, %3 failed', passed, total, failed)
      : trans.__('None of the %1 kept tests was run with this version', total);
  return (
    <span
      className="jp-modelmgmt-Badge jp-modelmgmt-Kept-tally"
      data-standing={state}
      role="img"
      aria-label={told}
      title={told}
    >
      {isNamed && trans.__('Kept tests')}{' '}
      {passed + failed ? `${passed}/${total}` : trans.__('not run')}
    </span>
  );
}
