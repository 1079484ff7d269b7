import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { formatSize } from '../format';
import { type ILibraryEntry } from '../types';
import { type ITranslate, type OpenMenu, type Run } from './props';
import { Empty } from './states';
import { taskLabel } from './words';

export interface ILibraryViewProps {
  readonly entries: readonly ILibraryEntry[];
  readonly isNarrowed?: boolean;
  readonly trans: ITranslate;
  run: Run;
  onMenu?: OpenMenu<ILibraryEntry>;
}

/** The models that are ready to be cloned, a card for each. */
export function LibraryView(props: ILibraryViewProps): JSX.Element {
  const { entries, trans } = props;
  if (!entries.length) {
    return (
      <Empty
        title={
          props.isNarrowed ? trans.__('No library model matches') : trans.__('The library is empty')
        }
      />
    );
  }
  return (
    <ul className="jp-modelmgmt-List" aria-label={trans.__('Library')}>
      {entries.map(entry => (
        <LibraryCard key={entry.name} {...props} entry={entry} />
      ))}
    </ul>
  );
}

function LibraryCard(props: ILibraryViewProps & { readonly entry: ILibraryEntry }): JSX.Element {
  const { entry, trans, run } = props;
  const title = entry.title || entry.name;
  return (
    <li
      className="jp-modelmgmt-Entry"
      data-entry={entry.name}
      onContextMenu={event => {
        event.preventDefault();
        event.stopPropagation();
        props.onMenu?.(entry, event.clientX, event.clientY);
      }}
    >
      <span className="jp-modelmgmt-Item-name">{title}</span>
      <span className="jp-modelmgmt-Entry-text" title={entry.description}>
        {entry.description}
      </span>
      <span className="jp-modelmgmt-Entry-facts">
        {facts(entry, trans).map(fact => (
          <span key={fact} className="jp-modelmgmt-Badge">
            {fact}
          </span>
        ))}
      </span>
      <span className="jp-modelmgmt-Entry-buttons">
        <Button
          minimal
          small
          title={trans.__('Clone %1 into your models', title)}
          onClick={() => run(CommandIDs.clone, { entry: entry.name })}
        >
          {trans.__('Clone')}
        </Button>
        <Button
          minimal
          small
          title={trans.__('Clone %1 and let it answer predictions', title)}
          onClick={() => run(CommandIDs.clone, { entry: entry.name, deploy: true })}
        >
          {trans.__('Clone and deploy')}
        </Button>
      </span>
    </li>
  );
}

function facts(entry: ILibraryEntry, trans: ITranslate): string[] {
  return [
    taskLabel(entry.task, trans),
    entry.label_count ? trans._n('%1 label', '%1 labels', entry.label_count) : '',
    entry.size ? formatSize(entry.size) : '',
    entry.license,
    entry.cached ? trans.__('on this machine') : ''
  ].filter(fact => fact);
}
