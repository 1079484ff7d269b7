import {
  Button,
  type LabIcon,
  launchIcon,
  listIcon,
  runIcon,
  stopIcon
} from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { isRunning } from '../rules';
import { type IDeployment } from '../types';
import { StateDot } from './badges';
import { type ITranslate, type OpenMenu, type Run } from './props';
import { Empty } from './states';
import { stateLabel } from './words';

export interface IDeploymentRowsProps {
  readonly deployments: readonly IDeployment[];
  readonly isNarrowed: boolean;
  readonly trans: ITranslate;
  run: Run;
  onMenu: OpenMenu<IDeployment>;
}

/** The deployments of the sidebar: their state, and what is done to them most. */
export function DeploymentRows(props: IDeploymentRowsProps): JSX.Element {
  const { deployments, isNarrowed, trans } = props;
  if (!deployments.length) {
    return isNarrowed ? (
      <Empty title={trans.__('No deployment matches')} />
    ) : (
      <Empty title={trans.__('Nothing is deployed')}>
        <p>{trans.__('Right-click a version and choose Deploy: it answers predictions then.')}</p>
      </Empty>
    );
  }
  return (
    <ul className="jp-modelmgmt-List" aria-label={trans.__('All deployments')}>
      {deployments.map(deployment => (
        <DeploymentRow key={deployment.name} {...props} deployment={deployment} />
      ))}
    </ul>
  );
}

function DeploymentRow(
  props: IDeploymentRowsProps & { readonly deployment: IDeployment }
): JSX.Element {
  const { deployment, trans, run } = props;
  const { name, state, message, model, version } = deployment;
  const target = `${model}@${version}`;
  return (
    <li
      className="jp-modelmgmt-Item"
      data-service={name}
      data-state={state}
      title={[name, target, stateLabel(state, trans), message].filter(Boolean).join('\n')}
      onContextMenu={event => {
        event.preventDefault();
        event.stopPropagation();
        props.onMenu(deployment, event.clientX, event.clientY);
      }}
    >
      <div className="jp-modelmgmt-Item-text">
        <span className="jp-modelmgmt-Item-line">
          <StateDot state={state} trans={trans} compact />
          <span className="jp-modelmgmt-Item-name">{name}</span>
        </span>
        <span className="jp-modelmgmt-Item-detail">
          {state === 'Deployed' ? target : `${stateLabel(state, trans)} · ${target}`}
        </span>
      </div>
      <span className="jp-modelmgmt-Item-buttons">
        {isRunning(state) ? (
          <IconButton
            icon={stopIcon}
            label={trans.__('Stop %1', name)}
            disabled={state === 'Stopping'}
            onClick={() => run(CommandIDs.stopDeployment, { deployment: name })}
          />
        ) : (
          <IconButton
            icon={runIcon}
            label={trans.__('Start %1', name)}
            onClick={() => run(CommandIDs.startDeployment, { deployment: name })}
          />
        )}
        <IconButton
          icon={listIcon}
          label={trans.__('Logs of %1', name)}
          onClick={() => run(CommandIDs.showLogs, { deployment: name })}
        />
        <IconButton
          icon={launchIcon}
          label={trans.__('Open %1', name)}
          onClick={() => run(CommandIDs.openDeployment, { deployment: name })}
        />
      </span>
    </li>
  );
}

export function IconButton(props: {
  readonly icon: LabIcon;
  readonly label: string;
  readonly disabled?: boolean;
  onClick: () => void;
}): JSX.Element {
  const { icon: Icon, label } = props;
  return (
    <Button
      minimal
      small
      className="jp-modelmgmt-IconButton"
      aria-label={label}
      title={label}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon.react tag="span" />
    </Button>
  );
}
