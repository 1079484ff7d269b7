import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { formatSize } from '../format';
import { type ILibraryEntry } from '../types';
import { type ITranslate, type Run } from './props';
import { Empty } from './states';
import { taskLabel } from './words';

/** The models that are ready to be cloned. */
export function LibraryView(props: {
  readonly entries: readonly ILibraryEntry[];
  readonly trans: ITranslate;
  run: Run;
}): JSX.Element {
  const { entries, trans, run } = props;
  if (!entries.length) {
    return <Empty title={trans.__('The library is empty')} />;
  }
  return (
    <ul className="jp-modelmgmt-List" aria-label={trans.__('Library')}>
      {entries.map(entry => (
        <li key={entry.name} className="jp-modelmgmt-Item" title={entry.description}>
          <div className="jp-modelmgmt-Item-text">
            <span className="jp-modelmgmt-Item-name">{entry.title || entry.name}</span>
            <span className="jp-modelmgmt-Item-detail">{details(entry, trans)}</span>
          </div>
          <Button
            minimal
            small
            title={trans.__('Clone %1 into your models', entry.title || entry.name)}
            onClick={() => run(CommandIDs.clone, { entry: entry.name })}
          >
            {trans.__('Clone')}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function details(entry: ILibraryEntry, trans: ITranslate): string {
  const parts = [taskLabel(entry.task, trans)];
  if (entry.label_count) {
    parts.push(trans._n('%1 label', '%1 labels', entry.label_count));
  }
  if (entry.size) {
    parts.push(formatSize(entry.size));
  }
  return [...parts, entry.license].filter(part => part).join(' · ');
}
