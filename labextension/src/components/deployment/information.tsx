import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../../commands/ids';
import { type IDeployment } from '../../types';
import { StateDot } from '../badges';
import { type Fact, Facts } from '../facts';
import { type ITranslate } from '../props';
import { RelativeTime } from '../versioncolumns';
import { taskLabel } from '../words';
import { type IDeploymentTabProps } from './pageprops';

/** What is wanted of a deployment, and how it is. Source: P12. */
export function Information(props: IDeploymentTabProps): JSX.Element {
  const { deployment, trans } = props;
  const named = (record: Readonly<Record<string, string>>): Fact[] =>
    Object.entries(record).map(([name, value]) => [name, value || '–']);
  return (
    <div className="jp-modelmgmt-Information">
      <section aria-label={trans.__('Status')}>
        <Facts facts={statusFacts(props)} />
        <Facts title={trans.__('Description')} facts={textFacts(deployment, trans)} />
      </section>
      <section aria-label={trans.__('Versions')}>
        <Shares {...props} />
        <Facts title={trans.__('Runs as')} facts={wantedFacts(deployment, trans)} />
      </section>
      <section aria-label={trans.__('Environment')}>
        <Facts title={trans.__('Environment variables')} facts={named(deployment.variables)} />
        <Facts title={trans.__('Secrets')} facts={named(deployment.secrets)} />
        <Facts title={trans.__('Metadata')} facts={named(deployment.metadata)} />
      </section>
    </div>
  );
}

function statusFacts({ deployment, trans, run }: IDeploymentTabProps): Fact[] {
  const { state, message, endpoint } = deployment;
  return [
    [trans.__('Status'), <StateDot key="state" state={state} trans={trans} />],
    [trans.__('Message'), message],
    [
      trans.__('Endpoint'),
      endpoint && (
        <span key="endpoint">
          <code>{endpoint}</code>{' '}
          <Button minimal small onClick={() => run(CommandIDs.copyText, { text: endpoint })}>
            {trans.__('Copy')}
          </Button>
        </span>
      )
    ],
    [trans.__('Replicas'), trans.__('%1 of %2', deployment.available, deployment.replicas)],
    [trans.__('Task type'), taskLabel(deployment.task, trans)],
    [trans.__('Revision'), String(deployment.revision)],
    [trans.__('Created'), by(deployment.created_at, deployment.created_by)],
    [trans.__('Last updated'), by(deployment.updated_at, deployment.updated_by)]
  ];
}

function by(iso: string, who: string): JSX.Element {
  return (
    <>
      <RelativeTime iso={iso} />
      {who && `, ${who}`}
    </>
  );
}

function textFacts({ name, title, description }: IDeployment, trans: ITranslate): Fact[] {
  return [
    [trans.__('Title'), title === name ? '' : title],
    [trans.__('Text'), description]
  ];
}

function wantedFacts(deployment: IDeployment, trans: ITranslate): Fact[] {
  const { engine, engine_address, environment, autoscale } = deployment;
  return [
    [trans.__('Engine'), engine_address ? `${engine} (${engine_address})` : engine],
    [trans.__('Environment'), environment],
    ...limitFacts(deployment, trans),
    [
      trans.__('Autoscaling'),
      autoscale ? trans.__('%1 to %2 workers', autoscale.min ?? 1, autoscale.max ?? 1) : ''
    ],
    [
      trans.__('Stops by itself'),
      deployment.auto_stop_s ? trans.__('after %1 s without a request', deployment.auto_stop_s) : ''
    ],
    [
      trans.__('Access'),
      deployment.private ? trans.__('clients with tokens, and you') : trans.__('you')
    ]
  ];
}

function limitFacts({ resources, limits }: IDeployment, trans: ITranslate): Fact[] {
  const unlimited = trans.__('as the host allows');
  const perWorker = [
    resources.cpu ? trans.__('%1 cores', resources.cpu) : '',
    resources.memory_mb ? `${resources.memory_mb} MiB` : '',
    resources.gpus ? trans.__('%1 GPUs', resources.gpus) : ''
  ].filter(text => text);
  return [
    [trans.__('A worker may use'), perWorker.join(', ') || unlimited],
    [trans.__('Longest answer'), limits.answer_s ? `${limits.answer_s} s` : unlimited],
    [trans.__('Waiting requests'), String(limits.max_queue ?? unlimited)]
  ];
}

/** Which part of the requests goes to which version. */
function Shares({ deployment, trans, run }: IDeploymentTabProps): JSX.Element {
  const { model, versions } = deployment;
  return (
    <>
      <h3>{trans.__('Versions')}</h3>
      <ul className="jp-modelmgmt-Shares" aria-label={trans.__('Shares of the versions')}>
        {versions.map(({ version, weight = 100, shadow }) => (
          <li key={`${version} ${shadow}`}>
            <Button minimal small onClick={() => run(CommandIDs.openModel, { model, version })}>
              {version}
            </Button>
            <span className="jp-modelmgmt-LabelBar-bar" aria-hidden="true">
              <span style={{ width: `${shadow ? 0 : weight}%` }} />
            </span>
            <span>{shadow ? trans.__('shadow') : `${weight} %`}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
