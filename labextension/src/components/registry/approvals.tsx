import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../../commands/ids';
import { type ApprovalState, type IApproval } from '../../types';
import { StageBadge } from '../badges';
import { VersionLink } from '../versionlink';
import { Empty, FetchedView } from '../states';
import { RelativeTime } from '../versioncolumns';
import { type IRegistryProps } from './props';

/** Who asks that a version may enter a stage; here one says yes or no. */
export function Approvals(props: IRegistryProps): JSX.Element {
  const { page, trans } = props;
  return (
    <section aria-label={trans.__('Approvals')}>
      <div className="jp-modelmgmt-Tools">
        <select
          className="jp-modelmgmt-Select"
          aria-label={trans.__('Which requests')}
          value={page.state ?? ''}
          onChange={event => {
            page.state = (event.target.value || undefined) as ApprovalState | undefined;
          }}
        >
          <option value="requested">{trans.__('Waiting')}</option>
          <option value="approved">{trans.__('Approved')}</option>
          <option value="rejected">{trans.__('Rejected')}</option>
          <option value="">{trans.__('All requests')}</option>
        </select>
      </div>
      <FetchedView state={page.approvals.state} trans={trans} onRetry={() => void page.refresh()}>
        {({ items, hasMore }) =>
          items.length ? (
            <>
              <ApprovalTable {...props} requests={items} />
              {hasMore && (
                <Button minimal small onClick={() => void page.approvals.more()}>
                  {trans.__('Show older requests')}
                </Button>
              )}
            </>
          ) : (
            <Empty
              title={
                page.state === 'requested'
                  ? trans.__('Nobody waits for an approval')
                  : trans.__('No such request')
              }
            >
              <p>
                {trans.__(
                  'Promoting to a stage that wants an approval asks for it. The tab Stages says which do.'
                )}
              </p>
            </Empty>
          )
        }
      </FetchedView>
    </section>
  );
}

function ApprovalTable(
  props: IRegistryProps & { readonly requests: readonly IApproval[] }
): JSX.Element {
  const { requests, trans, run } = props;
  return (
    <div className="jp-modelmgmt-scroll" tabIndex={0}>
      <table className="jp-modelmgmt-Table" aria-label={trans.__('Requests')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Version')}</th>
            <th scope="col">{trans.__('Stage')}</th>
            <th scope="col">{trans.__('Asked by')}</th>
            <th scope="col">{trans.__('When')}</th>
            <th scope="col">{trans.__('Comment')}</th>
            <th scope="col">{trans.__('Answer')}</th>
          </tr>
        </thead>
        <tbody>
          {requests.map(request => (
            <tr key={request.id} data-request={request.id} data-state={request.state}>
              <th scope="row">
                <VersionLink selector={`${request.model}@${request.version}`} {...{ trans, run }} />
              </th>
              <td>
                <StageBadge stage={request.stage} trans={trans} />
              </td>
              <td>{request.asked_by}</td>
              <td>
                <RelativeTime iso={request.asked_at} />
              </td>
              <td>{request.comment || '–'}</td>
              <td>
                <Answer {...props} request={request} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Answer(props: IRegistryProps & { readonly request: IApproval }): JSX.Element {
  const { request, trans, run } = props;
  const { id, state, model, version, stage } = request;
  if (state !== 'requested') {
    const word = state === 'approved' ? trans.__('Approved') : trans.__('Rejected');
    return (
      <>
        {trans.__('%1 by %2', word, request.decided_by)}
        {request.answer && <span className="jp-modelmgmt-muted">: {request.answer}</span>}
      </>
    );
  }
  const args = { request: id, selector: `${model}@${version}`, stage };
  return (
    <>
      <Button
        minimal
        small
        aria-label={trans.__('Approve %1', args.selector)}
        onClick={() => run(CommandIDs.approve, args)}
      >
        {trans.__('Approve…')}
      </Button>
      <Button
        minimal
        small
        aria-label={trans.__('Reject %1', args.selector)}
        onClick={() => run(CommandIDs.reject, args)}
      >
        {trans.__('Reject…')}
      </Button>
    </>
  );
}
