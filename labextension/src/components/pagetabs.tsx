import { Button } from '@jupyterlab/ui-components';
import React, { lazy, Suspense } from 'react';

import { CommandIDs } from '../commands/ids';
import { tried } from './answerers';
import { Card } from './card';
import { ChosenVersion, NoVersions } from './chosenversion';
import { DeploymentList } from './deployments';
import { FileTree } from './filetree';
import { History } from './history';
import { Lineage } from './lineage';
import { type IPageProps } from './pageprops';
import { useTestMemory } from './remembering';
import { Empty, FetchedView, Loading } from './states';
import { KeptSection } from './kept/tests';
import { KeptTrial } from './kept/trial';
import { TestTab } from './testtab';
import { trialProps } from './trialprops';

// The charts are loaded when they are looked at.
const Metrics = lazy(() => import('./metrics'));

export function CardTab(props: IPageProps): JSX.Element {
  return (
    <ChosenVersion {...props}>
      {version => <Card {...props} version={version} source={props.page.source.state} />}
    </ChosenVersion>
  );
}

export function DeploymentsTab(props: IPageProps): JSX.Element {
  const { page, trans, run } = props;
  return (
    <FetchedView
      state={page.deployments.state}
      trans={trans}
      onRetry={() => void page.deployments.refresh()}
    >
      {deployments =>
        deployments.length ? (
          <DeploymentList
            deployments={deployments}
            logsOf={page.logsOf}
            logs={page.logs.state}
            trans={trans}
            run={run}
            onOpen={deployment => run(CommandIDs.openDeployment, { deployment })}
            onLogs={deployment => {
              page.logsOf = deployment;
            }}
          />
        ) : (
          <Empty title={trans.__('No deployment answers with this model')}>
            {page.chosen !== null && (
              <Button
                className="jp-mod-styled jp-mod-accept"
                onClick={() =>
                  run(CommandIDs.deployVersion, {
                    model: page.name,
                    version: page.chosen
                  })
                }
              >
                {trans.__('Deploy %1', page.chosen)}
              </Button>
            )}
          </Empty>
        )
      }
    </FetchedView>
  );
}

export function HistoryTab({ page, trans }: IPageProps): JSX.Element {
  const { history } = page;
  return (
    <FetchedView state={history.state} trans={trans} onRetry={() => void history.refresh()}>
      {part => <History part={part} trans={trans} onMore={() => void history.more()} />}
    </FetchedView>
  );
}

export function PageTest(props: IPageProps): JSX.Element {
  const { page, trans, run } = props;
  const memory = useTestMemory(props.remembered, page.version.value, trans);
  return (
    <>
      <FetchedView
        state={page.deployments.state}
        trans={trans}
        onRetry={() => void page.deployments.refresh()}
      >
        {deployments => (
          <TestTab
            model={page.name}
            version={page.chosen}
            deployments={deployments}
            {...trialProps(page.trial)}
            trans={trans}
            run={run}
            tried={tried(page.version.value, page.versions.items, trans)}
            memory={memory}
            belowAnswer={threshold => <KeptTrial page={page} trans={trans} threshold={threshold} />}
          />
        )}
      </FetchedView>
      <KeptSection kept={page.kept} trans={trans} run={run} />
    </>
  );
}

export function FilesTab(props: IPageProps): JSX.Element {
  const { page } = props;
  return (
    <ChosenVersion {...props}>
      {version => (
        <FileTree
          {...props}
          version={version}
          previewed={page.previewed}
          preview={page.preview.state}
          onPreview={path => {
            page.previewed = path;
          }}
        />
      )}
    </ChosenVersion>
  );
}

export function MetricsTab({ page, trans }: IPageProps): JSX.Element {
  return (
    <FetchedView state={page.versions.state} trans={trans} onRetry={() => void page.refresh()}>
      {({ items }) => (
        <Suspense fallback={<Loading trans={trans} />}>
          <Metrics
            versions={items}
            overlaid={page.overlaid}
            curves={page.curves.state}
            trans={trans}
            onOverlay={versions => {
              page.overlaid = versions;
            }}
            onRetry={() => void page.curves.refresh()}
          />
        </Suspense>
      )}
    </FetchedView>
  );
}

export function LineageTab({ page, trans, run }: IPageProps): JSX.Element {
  return (
    <FetchedView
      state={page.lineage.state}
      trans={trans}
      onRetry={() => void page.lineage.refresh()}
    >
      {graph =>
        graph ? (
          <Lineage key={graph.root} graph={graph} trans={trans} run={run} />
        ) : (
          <NoVersions trans={trans} />
        )
      }
    </FetchedView>
  );
}
