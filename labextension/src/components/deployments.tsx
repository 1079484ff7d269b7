import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { type Fetched } from '../model/resource';
import { isRunning } from '../rules';
import { type IDeployment } from '../types';
import { StateDot } from './badges';
import { type ITranslate, type Run } from './props';
import { FetchedView } from './states';

export interface IDeploymentListProps {
  readonly deployments: readonly IDeployment[];
  /** The deployment whose logs are open. */
  readonly logsOf: string | null;
  readonly logs: Fetched<string>;
  readonly trans: ITranslate;
  run: Run;
  onLogs: (deployment: string | null) => void;
  /** Opens the page of a deployment, where there are pages. */
  onOpen?: (deployment: string) => void;
}

/** The deployments of a model; a failed one says why. */
export function DeploymentList(props: IDeploymentListProps): JSX.Element | null {
  if (!props.deployments.length) {
    return null;
  }
  return (
    <ul className="jp-modelmgmt-Deployments" aria-label={props.trans.__('Deployments')}>
      {props.deployments.map(deployment => (
        <DeploymentRow key={deployment.name} deployment={deployment} {...props} />
      ))}
    </ul>
  );
}

function DeploymentRow(
  props: IDeploymentListProps & { readonly deployment: IDeployment }
): JSX.Element {
  const { deployment, trans, logsOf } = props;
  const { name, state, message } = deployment;
  return (
    <li className="jp-modelmgmt-Deployment" data-deployment={name} data-state={state}>
      <div className="jp-modelmgmt-Deployment-line">
        <span className="jp-modelmgmt-Deployment-name">
          {props.onOpen ? (
            <Button minimal small onClick={() => props.onOpen!(name)}>
              {name}
            </Button>
          ) : (
            name
          )}
        </span>
        <StateDot state={state} trans={trans} />
        <span className="jp-modelmgmt-muted">
          {trans.__(
            'version %1, %2 of %3 replicas',
            deployment.version,
            deployment.available,
            deployment.replicas
          )}
        </span>
        <DeploymentButtons {...props} />
      </div>
      {message && state !== 'Deployed' && (
        <p
          className="jp-modelmgmt-Deployment-message"
          role={state === 'Failed' ? 'alert' : undefined}
        >
          {message}
        </p>
      )}
      {logsOf === name && (
        <FetchedView state={props.logs} trans={trans} onRetry={() => props.onLogs(name)}>
          {text => (
            <pre
              className="jp-modelmgmt-Logs"
              tabIndex={0}
              aria-label={trans.__('Logs of %1', name)}
            >
              {text || trans.__('Nothing was written yet.')}
            </pre>
          )}
        </FetchedView>
      )}
    </li>
  );
}

function DeploymentButtons(
  props: IDeploymentListProps & { readonly deployment: IDeployment }
): JSX.Element {
  const { deployment, trans, run, logsOf } = props;
  const { name, state, model } = deployment;
  const isOpen = logsOf === name;
  return (
    <span className="jp-modelmgmt-Deployment-buttons">
      {state === 'Deployed' && (
        <Button minimal small onClick={() => run(CommandIDs.openModel, { model, tab: 'test' })}>
          {trans.__('Test')}
        </Button>
      )}
      <Button
        minimal
        small
        aria-expanded={isOpen}
        onClick={() => props.onLogs(isOpen ? null : name)}
      >
        {trans.__('Logs')}
      </Button>
      {isRunning(state) ? (
        <Button
          minimal
          small
          disabled={state === 'Stopping'}
          onClick={() => run(CommandIDs.stopDeployment, { deployment: name })}
        >
          {trans.__('Stop')}
        </Button>
      ) : (
        <>
          <Button
            minimal
            small
            onClick={() => run(CommandIDs.startDeployment, { deployment: name })}
          >
            {trans.__('Start')}
          </Button>
          <Button
            minimal
            small
            onClick={() => run(CommandIDs.deleteDeployment, { deployment: name })}
          >
            {trans.__('Delete')}
          </Button>
        </>
      )}
    </span>
  );
}
