import React from 'react';

import { CommandIDs } from '../commands/ids';
import { type ITranslate, type Run } from './props';

/** The name of a version, which opens its card. */
export function VersionLink(props: {
  readonly selector: string;
  readonly trans: ITranslate;
  run: Run;
}): JSX.Element {
  const { selector, trans, run } = props;
  const [model = '', version = ''] = selector.split('@');
  return (
    <button
      type="button"
      className="jp-modelmgmt-Link"
      title={trans.__('Open %1', selector)}
      onClick={event => {
        // The row that it stands in may mean something else by a click.
        event.stopPropagation();
        run(CommandIDs.openModel, { model, version, tab: 'card' });
      }}
    >
      {selector}
    </button>
  );
}
