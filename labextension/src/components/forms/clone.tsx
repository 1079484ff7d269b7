import React from 'react';

import { type IFormProps } from './form';
import { type IVersionValues, type LatestOf, VersionFields } from './version';

/** Under which name and version a library entry becomes one's own. */
export type ICloneValues = IVersionValues;

export function CloneForm(
  props: IFormProps<ICloneValues> & { readonly latestOf: LatestOf }
): JSX.Element {
  const { trans } = props;
  return (
    <>
      <p className="jp-modelmgmt-muted">
        {trans.__('The files are fetched once and checked; this may take a minute.')}
      </p>
      <VersionFields {...props} />
    </>
  );
}
