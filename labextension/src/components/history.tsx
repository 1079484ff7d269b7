import { Button } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { changesOf, eventText, type IChange } from '../history';
import { type IListPart } from '../model/list';
import { type IRegistryEvent } from '../types';
import { type ITranslate } from './props';
import { Empty } from './states';
import { RelativeTime } from './versioncolumns';
import { actionLabel } from './words';

/** Who did what to a model, when, with old and new values, the last first. */
export function History(props: {
  readonly part: IListPart<IRegistryEvent>;
  readonly trans: ITranslate;
  onMore: () => void;
}): JSX.Element {
  const { part, trans } = props;
  const [filter, setFilter] = useState('');
  const [action, setAction] = useState('');
  const words = filter.toLowerCase().split(/\s+/);
  const shown = part.items.filter(
    event =>
      (!action || event.action === action) && words.every(word => eventText(event).includes(word))
  );
  return (
    <section aria-label={trans.__('History')}>
      <div className="jp-modelmgmt-Tools">
        <input
          type="search"
          className="jp-mod-styled"
          aria-label={trans.__('Filter the history')}
          placeholder={trans.__('Filter by person, version or value')}
          value={filter}
          onChange={event => setFilter(event.target.value)}
        />
        <select
          className="jp-modelmgmt-Select"
          aria-label={trans.__('Kind of change')}
          value={action}
          onChange={event => setAction(event.target.value)}
        >
          <option value="">{trans.__('All changes')}</option>
          {[...new Set(part.items.map(event => event.action))].sort().map(one => (
            <option key={one} value={one}>
              {actionLabel(one, trans)}
            </option>
          ))}
        </select>
        <span className="jp-modelmgmt-muted" role="status">
          {trans._n('%1 change', '%1 changes', shown.length)}
        </span>
      </div>
      {shown.length ? (
        <EventTable events={shown} trans={trans} />
      ) : (
        <Empty title={trans.__('No change matches')} />
      )}
      {part.hasMore && (
        <div className="jp-modelmgmt-VersionTable-more">
          <Button minimal small onClick={props.onMore}>
            {trans.__('Show older changes')}
          </Button>
        </div>
      )}
    </section>
  );
}

function EventTable(props: {
  readonly events: readonly IRegistryEvent[];
  readonly trans: ITranslate;
}): JSX.Element {
  const { events, trans } = props;
  return (
    <div className="jp-modelmgmt-scroll" tabIndex={0}>
      <table className="jp-modelmgmt-Table jp-modelmgmt-History" aria-label={trans.__('Changes')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('When')}</th>
            <th scope="col">{trans.__('Who')}</th>
            <th scope="col">{trans.__('What')}</th>
            <th scope="col">{trans.__('Version')}</th>
            <th scope="col">{trans.__('Old and new')}</th>
          </tr>
        </thead>
        <tbody>
          {events.map(event => (
            <tr key={event.id} data-action={event.action}>
              <td>
                <RelativeTime iso={event.at} />
              </td>
              <td>{event.actor}</td>
              <td>{actionLabel(event.action, trans)}</td>
              <td>{[event.version, event.deployment].filter(name => name).join(', ') || '–'}</td>
              <td className="jp-modelmgmt-History-changes">
                {changesOf(event).map(change => (
                  <Change key={change.name} change={change} trans={trans} />
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Change(props: { readonly change: IChange; readonly trans: ITranslate }): JSX.Element {
  const { name, before, after } = props.change;
  return (
    <div>
      <span className="jp-modelmgmt-muted">{name}: </span>
      {before && (
        <>
          <del>{before}</del>
          <span aria-hidden="true"> → </span>
        </>
      )}
      <ins>{after}</ins>
    </div>
  );
}
