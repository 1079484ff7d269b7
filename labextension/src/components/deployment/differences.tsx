import React from 'react';

import { type IDifference } from '../../types';
import { type ITranslate } from '../props';

/** What differs between two revisions, old and new. */
export function Differences(props: {
  readonly differences: readonly IDifference[];
  readonly trans: ITranslate;
}): JSX.Element {
  const { differences, trans } = props;
  if (!differences.length) {
    return (
      <p className="jp-modelmgmt-muted">{trans.__('Nothing that is wanted of it changes.')}</p>
    );
  }
  return (
    <ul className="jp-modelmgmt-Differences" aria-label={trans.__('Differences')}>
      {differences.map(({ field, before, after }) => (
        <li key={field}>
          <span className="jp-modelmgmt-muted">{field}: </span>
          {before && (
            <>
              <del>{before}</del>
              <span aria-hidden="true"> → </span>
            </>
          )}
          <ins>{after || '–'}</ins>
        </li>
      ))}
    </ul>
  );
}
