import { Button } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { CommandIDs } from '../../commands/ids';
import { isClientName } from '../../rules';
import { type IClient } from '../../types';
import { useUniqueId } from '../id';
import { Empty, FetchedView } from '../states';
import { RelativeTime } from '../versioncolumns';
import { type IDeploymentTabProps } from './pageprops';

/** Who else may ask a private deployment. Source: P15. */
export function Clients(props: IDeploymentTabProps): JSX.Element {
  const { page, deployment, trans, run } = props;
  if (!deployment.private) {
    return (
      <Empty title={trans.__('Only you may ask this deployment')}>
        <p>{trans.__('Let clients in, and give each a token of its own.')}</p>
        <Button
          className="jp-mod-styled jp-mod-accept"
          onClick={() => run(CommandIDs.shareDeployment, { deployment: page.name })}
        >
          {trans.__('Let clients in…')}
        </Button>
      </Empty>
    );
  }
  return (
    <section aria-label={trans.__('Clients')}>
      <NewClient {...props} />
      <FetchedView
        state={page.clients.state}
        trans={trans}
        onRetry={() => void page.clients.refresh()}
      >
        {clients =>
          clients.length ? (
            <ClientTable {...props} clients={clients} />
          ) : (
            <Empty title={trans.__('No client yet')} />
          )
        }
      </FetchedView>
    </section>
  );
}

function NewClient({ page, trans, run }: IDeploymentTabProps): JSX.Element {
  const [name, setName] = useState('');
  const id = useUniqueId();
  const isWrong = name !== '' && !isClientName(name);
  return (
    <form
      className="jp-modelmgmt-Tools"
      onSubmit={event => {
        event.preventDefault();
        run(CommandIDs.addClient, { deployment: page.name, client: name });
        setName('');
      }}
    >
      <label htmlFor={id}>{trans.__('New client')}</label>
      <input
        id={id}
        className="jp-mod-styled"
        value={name}
        aria-invalid={isWrong}
        aria-describedby={`${id}-note`}
        onChange={event => setName(event.target.value)}
      />
      <Button type="submit" minimal small disabled={!isClientName(name)}>
        {trans.__('Add')}
      </Button>
      <span id={`${id}-note`} className="jp-modelmgmt-muted">
        {isWrong
          ? trans.__('Lower-case letters, digits, "_" and "-"; a letter or "_" first.')
          : trans.__('Its token is shown once. Adding a name again replaces its token.')}
      </span>
    </form>
  );
}

function ClientTable(
  props: IDeploymentTabProps & { readonly clients: readonly IClient[] }
): JSX.Element {
  const { page, clients, trans, run } = props;
  return (
    <table className="jp-modelmgmt-Table" aria-label={trans.__('Clients')}>
      <thead>
        <tr>
          <th scope="col">{trans.__('Name')}</th>
          <th scope="col">{trans.__('Added')}</th>
          <th scope="col">{trans.__('By')}</th>
          <td />
        </tr>
      </thead>
      <tbody>
        {clients.map(({ name, created_at, created_by }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <RelativeTime iso={created_at} />
            </td>
            <td>{created_by}</td>
            <td>
              <Button
                minimal
                small
                aria-label={trans.__('Remove %1', name)}
                onClick={() =>
                  run(CommandIDs.removeClient, { deployment: page.name, client: name })
                }
              >
                {trans.__('Remove…')}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
