import { Button } from '@jupyterlab/ui-components';
import React, { lazy, Suspense } from 'react';

import { CommandIDs } from '../../commands/ids';
import { DEPLOYMENT_TABS, type DeploymentTab } from '../../model/deploymentpage';
import { isRunning } from '../../rules';
import { StateDot } from '../badges';
import { type ITranslate } from '../props';
import { useTestMemory } from '../remembering';
import { useRedraw } from '../signal';
import { FetchedView, Loading } from '../states';
import { type ITab, Tabs } from '../tabs';
import { KeptSection } from '../kept/tests';
import { KeptTrial } from '../kept/trial';
import { TestTab } from '../testtab';
import { trialProps } from '../trialprops';
import { Clients } from './clients';
import { Example } from './example';
import { Information } from './information';
import { Logs } from './logs';
import { type IDeploymentPageProps, type IDeploymentTabProps } from './pageprops';
import { Revisions } from './revisions';

// The charts are loaded when they are looked at.
const Usage = lazy(() => import('./usage'));

/** The page of a deployment: its head and its tabs. */
export function DeploymentContent(props: IDeploymentPageProps): JSX.Element {
  const { page, trans } = props;
  useRedraw(page.changed);
  return (
    <FetchedView state={page.deployment.state} trans={trans} onRetry={() => void page.refresh()}>
      {deployment => (
        <>
          <DeploymentHead {...props} deployment={deployment} />
          <Tabs
            label={trans.__('Parts of the deployment')}
            tabs={tabsOf(trans)}
            current={page.tab}
            onSelect={tab => {
              page.tab = tab;
            }}
          >
            <TabContent {...props} deployment={deployment} />
          </Tabs>
        </>
      )}
    </FetchedView>
  );
}

function tabsOf(trans: ITranslate): readonly ITab<DeploymentTab>[] {
  const labels: Record<DeploymentTab, string> = {
    information: trans.__('Information'),
    test: trans.__('Test'),
    metrics: trans.__('Metrics'),
    logs: trans.__('Logs'),
    history: trans.__('History'),
    clients: trans.__('Clients'),
    example: trans.__('Run an example')
  };
  return DEPLOYMENT_TABS.map(key => ({ key, label: labels[key] }));
}

const TAB_CONTENTS: Readonly<Record<DeploymentTab, (props: IDeploymentTabProps) => JSX.Element>> = {
  information: Information,
  test: DeploymentTest,
  metrics: MetricsTab,
  logs: Logs,
  history: Revisions,
  clients: Clients,
  example: Example
};

function TabContent(props: IDeploymentTabProps): JSX.Element {
  const Content = TAB_CONTENTS[props.page.tab];
  return <Content {...props} />;
}

function MetricsTab(props: IDeploymentTabProps): JSX.Element {
  return (
    <Suspense fallback={<Loading trans={props.trans} />}>
      <Usage {...props} />
    </Suspense>
  );
}

function DeploymentTest(props: IDeploymentTabProps): JSX.Element {
  const { page, deployment, trans, run } = props;
  const memory = useTestMemory(props.remembered, page.version.value, trans);
  return (
    <>
      <TestTab
        model={deployment.model}
        version={deployment.version}
        deployments={[deployment]}
        {...trialProps(page.trial)}
        trans={trans}
        run={run}
        tried={[]}
        memory={memory}
        belowAnswer={threshold => <KeptTrial page={page} trans={trans} threshold={threshold} />}
      />
      <KeptSection kept={page.kept} trans={trans} run={run} />
    </>
  );
}

/** Name, state and version of a deployment, and what one does with it. */
function DeploymentHead(props: IDeploymentTabProps): JSX.Element {
  const { deployment, trans, run } = props;
  const { name, title, model, version, state, message } = deployment;
  return (
    <header className="jp-modelmgmt-Head">
      <div className="jp-modelmgmt-Head-line">
        <h1>{name}</h1>
        <StateDot state={state} trans={trans} />
        <DeploymentActions {...props} />
      </div>
      <div className="jp-modelmgmt-muted">
        {title && title !== name && `${title} · `}
        <Button minimal small onClick={() => run(CommandIDs.openModel, { model, version })}>
          {model}@{version}
        </Button>
      </div>
      {message && state === 'Failed' && (
        <p className="jp-modelmgmt-Failed" role="alert">
          {message}
        </p>
      )}
    </header>
  );
}

function DeploymentActions({ deployment, trans, run }: IDeploymentTabProps): JSX.Element {
  const { name, model, version, state } = deployment;
  const args = { deployment: name };
  return (
    <span className="jp-modelmgmt-Head-actions">
      {isRunning(state) ? (
        <Button
          minimal
          small
          disabled={state === 'Stopping'}
          onClick={() => run(CommandIDs.stopDeployment, args)}
        >
          {trans.__('Stop…')}
        </Button>
      ) : (
        <>
          <Button minimal small onClick={() => run(CommandIDs.startDeployment, args)}>
            {trans.__('Start')}
          </Button>
          <Button minimal small onClick={() => run(CommandIDs.deleteDeployment, args)}>
            {trans.__('Delete…')}
          </Button>
        </>
      )}
      <Button
        minimal
        small
        onClick={() => run(CommandIDs.deployVersion, { model, version, ...args })}
      >
        {trans.__('Update…')}
      </Button>
    </span>
  );
}
