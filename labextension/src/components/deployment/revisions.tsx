import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../../commands/ids';
import { type IRevision } from '../../types';
import { type ITranslate } from '../props';
import { FetchedView } from '../states';
import { RelativeTime } from '../versioncolumns';
import { outcomeLabel } from '../words';
import { Differences } from './differences';
import { type IDeploymentTabProps } from './pageprops';

/** The changes of a deployment, what each changed, and the way back. Source: P13, N15. */
export function Revisions(props: IDeploymentTabProps): JSX.Element {
  const { page, trans } = props;
  return (
    <FetchedView
      state={page.revisions.state}
      trans={trans}
      onRetry={() => void page.revisions.refresh()}
    >
      {revisions => (
        <div className="jp-modelmgmt-scroll" tabIndex={0}>
          <table className="jp-modelmgmt-Table" aria-label={trans.__('Revisions')}>
            <thead>
              <tr>
                <th scope="col">{trans.__('Revision')}</th>
                <th scope="col">{trans.__('When')}</th>
                <th scope="col">{trans.__('Who')}</th>
                <th scope="col">{trans.__('Message')}</th>
                <th scope="col">{trans.__('Versions')}</th>
                <th scope="col">{trans.__('Outcome')}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {revisions.map(revision => (
                <RevisionRows key={revision.revision} {...props} revision={revision} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </FetchedView>
  );
}

function RevisionRows(props: IDeploymentTabProps & { readonly revision: IRevision }): JSX.Element {
  const { page, revision, trans } = props;
  const isOpen = page.opened === revision.revision;
  return (
    <>
      <tr data-revision={revision.revision} data-open={isOpen}>
        <th scope="row">{revision.revision}</th>
        <td>
          <RelativeTime iso={revision.at} />
        </td>
        <td>{revision.actor}</td>
        <td>{revision.message || '–'}</td>
        <td>{versionsText(revision, trans)}</td>
        <td>
          <span className="jp-modelmgmt-Badge" data-outcome={revision.outcome}>
            {outcomeLabel(revision.outcome ?? 'pending', trans)}
          </span>
          {revision.reason && <p className="jp-modelmgmt-muted">{revision.reason}</p>}
        </td>
        <RevisionButtons {...props} isOpen={isOpen} />
      </tr>
      {isOpen && (
        <tr>
          <td />
          <td colSpan={6}>
            <FetchedView
              state={page.differences.state}
              trans={trans}
              onRetry={() => void page.differences.refresh()}
            >
              {differences => <Differences differences={differences} trans={trans} />}
            </FetchedView>
          </td>
        </tr>
      )}
    </>
  );
}

function RevisionButtons(
  props: IDeploymentTabProps & { readonly revision: IRevision; readonly isOpen: boolean }
): JSX.Element {
  const { page, deployment, isOpen, trans, run } = props;
  const { revision } = props.revision;
  return (
    <td className="jp-modelmgmt-Revision-buttons">
      {revision > 1 && (
        <Button
          minimal
          small
          aria-expanded={isOpen}
          aria-label={trans.__('What revision %1 changed', revision)}
          onClick={() => {
            page.opened = isOpen ? null : revision;
          }}
        >
          {trans.__('Changes')}
        </Button>
      )}
      {revision < deployment.revision && (
        <Button
          minimal
          small
          aria-label={trans.__('Roll back to revision %1', revision)}
          onClick={() =>
            run(CommandIDs.rollbackDeployment, { deployment: page.name, to: revision })
          }
        >
          {trans.__('Roll back…')}
        </Button>
      )}
    </td>
  );
}

function versionsText({ spec }: IRevision, trans: ITranslate): string {
  const shares = spec.versions.map(({ version, weight = 100, shadow }) => {
    const share = shadow ? trans.__('shadow') : `${weight} %`;
    return spec.versions.length > 1 ? `${version} (${share})` : version;
  });
  return shares.join(', ');
}
