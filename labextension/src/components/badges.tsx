import React from 'react';

import {
  type IDeploymentBadge,
  type DeploymentState,
  type RunStatus,
  type Stage,
  type Status
} from '../types';
import { type ITranslate } from './props';
import { runStatusLabel, stageLabel, stateLabel, statusLabel } from './words';

export function StageBadge(props: {
  readonly stage: Stage;
  readonly trans: ITranslate;
}): JSX.Element {
  return (
    <span className="jp-modelmgmt-Badge" data-stage={props.stage}>
      {stageLabel(props.stage, props.trans)}
    </span>
  );
}

export function StatusBadge(props: {
  readonly status: Status;
  readonly trans: ITranslate;
}): JSX.Element {
  return (
    <span className="jp-modelmgmt-Badge" data-status={props.status}>
      {statusLabel(props.status, props.trans)}
    </span>
  );
}

export function RunStatusBadge(props: {
  readonly status: RunStatus;
  readonly trans: ITranslate;
}): JSX.Element {
  return (
    <span className="jp-modelmgmt-Badge" data-run={props.status}>
      {runStatusLabel(props.status, props.trans)}
    </span>
  );
}

/** A coloured dot with the state's name beside it, or in its title when `compact`. */
export function StateDot(props: {
  readonly state: DeploymentState;
  readonly trans: ITranslate;
  readonly compact?: boolean;
}): JSX.Element {
  const label = stateLabel(props.state, props.trans);
  return (
    <span className="jp-modelmgmt-State" data-state={props.state} title={label}>
      <span className="jp-modelmgmt-State-dot" role="img" aria-label={label} />
      {!props.compact && <span aria-hidden="true">{label}</span>}
    </span>
  );
}

export function DeploymentBadge(props: {
  readonly badge: IDeploymentBadge;
  readonly trans: ITranslate;
}): JSX.Element {
  const { badge, trans } = props;
  return (
    <span className="jp-modelmgmt-Deployment-badge" title={stateLabel(badge.state, trans)}>
      <StateDot state={badge.state} trans={trans} compact />
      <span>{badge.name}</span>
    </span>
  );
}
