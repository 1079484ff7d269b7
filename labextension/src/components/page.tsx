import { Button } from '@jupyterlab/ui-components';
import { type VisibilityState } from '@tanstack/react-table';
import React, { useState } from 'react';

import { CommandIDs } from '../commands/ids';
import { type ModelPage, type PageTab } from '../model/page';
import { type IModel, type IVersionSummary } from '../types';
import { Comparison } from './comparison';
import { DeploymentList } from './deployments';
import { FileTable } from './files';
import { type ITranslate, type Run } from './props';
import { useRedraw } from './signal';
import { Empty, FetchedView } from './states';
import { type ITab, Tabs } from './tabs';
import { TestTab } from './testtab';
import { RelativeTime } from './versioncolumns';
import { VersionDetails } from './versiondetails';
import { VersionTable } from './versiontable';

export interface IPageProps {
  readonly page: ModelPage;
  readonly trans: ITranslate;
  readonly columns: IColumnMemory;
  run: Run;
  onMenu: (version: IVersionSummary, x: number, y: number) => void;
}

/** The columns that one has chosen to see, remembered per model. */
export interface IColumnMemory {
  read: (model: string) => VisibilityState;
  write: (model: string, columns: VisibilityState) => void;
}

/** The page of a model: its head, its deployments and four tabs. */
export function PageContent(props: IPageProps): JSX.Element {
  const { page, trans, run } = props;
  useRedraw(page.changed);
  return (
    <>
      <FetchedView state={page.model.state} trans={trans} onRetry={() => void page.refresh()}>
        {model => <ModelHead model={model} trans={trans} />}
      </FetchedView>
      <DeploymentList
        deployments={page.deployments.value ?? []}
        logsOf={page.logsOf}
        logs={page.logs.state}
        trans={trans}
        run={run}
        onLogs={deployment => {
          page.logsOf = deployment;
        }}
      />
      <Tabs
        label={trans.__('Parts of the model')}
        tabs={pageTabs(trans)}
        current={page.tab}
        onSelect={tab => {
          page.tab = tab;
        }}
      >
        <TabContent {...props} />
      </Tabs>
    </>
  );
}

function ModelHead(props: { readonly model: IModel; readonly trans: ITranslate }): JSX.Element {
  const { model, trans } = props;
  return (
    <header className="jp-modelmgmt-Head">
      <h1>{model.name}</h1>
      <span className="jp-modelmgmt-muted">
        {trans._n('%1 version', '%1 versions', model.version_count)}
        {' · '}
        {trans.__('last modified')} <RelativeTime iso={model.updated_at} />
      </span>
      {model.description && <p className="jp-modelmgmt-Details-text">{model.description}</p>}
    </header>
  );
}

function pageTabs(trans: ITranslate): readonly ITab<PageTab>[] {
  return [
    { key: 'versions', label: trans.__('Versions') },
    { key: 'compare', label: trans.__('Compare') },
    { key: 'test', label: trans.__('Test') },
    { key: 'files', label: trans.__('Files') }
  ];
}

function TabContent(props: IPageProps): JSX.Element {
  switch (props.page.tab) {
    case 'versions':
      return <VersionsTab {...props} />;
    case 'compare':
      return <CompareTab {...props} />;
    case 'test':
      return <PageTest {...props} />;
    case 'files':
      return <FilesTab {...props} />;
  }
}

function VersionsTab(props: IPageProps): JSX.Element {
  const { page, trans, run, columns } = props;
  const [visible, setVisible] = useState(() => columns.read(page.name));
  return (
    <FetchedView state={page.versions.state} trans={trans} onRetry={() => void page.refresh()}>
      {({ items, hasMore }) =>
        items.length ? (
          <div className="jp-modelmgmt-Versions">
            <div className="jp-modelmgmt-Versions-table">
              <VersionTable
                versions={items}
                hasMore={hasMore}
                chosen={page.chosen}
                picked={page.picked}
                columns={visible}
                trans={trans}
                run={run}
                onChoose={version => page.choose(version)}
                onPick={versions => page.pick(versions)}
                onColumns={choice => {
                  setVisible(choice);
                  columns.write(page.name, choice);
                }}
                onMenu={props.onMenu}
                onMore={() => void page.versions.more()}
              />
            </div>
            <Chosen {...props} />
          </div>
        ) : (
          <Empty title={trans.__('This model has no versions')} />
        )
      }
    </FetchedView>
  );
}

function Chosen(props: IPageProps): JSX.Element {
  const { page, trans, run } = props;
  return (
    <FetchedView
      state={page.version.state}
      trans={trans}
      onRetry={() => void page.version.refresh()}
    >
      {version => version && <VersionDetails version={version} trans={trans} run={run} />}
    </FetchedView>
  );
}

function CompareTab(props: IPageProps): JSX.Element {
  const { page, trans, run } = props;
  const [onlyDifferences, setOnlyDifferences] = useState(false);
  const all = page.versions.items.slice(0, 2).map(({ version }) => version);
  return (
    <FetchedView
      state={page.comparison.state}
      trans={trans}
      onRetry={() => void page.comparison.refresh()}
    >
      {table =>
        table ? (
          <Comparison
            table={table}
            base={page.base}
            onlyDifferences={onlyDifferences}
            trans={trans}
            onBase={base => {
              page.base = base;
            }}
            onOnlyDifferences={setOnlyDifferences}
          />
        ) : (
          <Empty title={trans.__('No versions are chosen')}>
            <p>{trans.__('Tick versions in the Versions tab to see them side by side.')}</p>
            {all.length > 1 && (
              <Button
                className="jp-mod-styled jp-mod-accept"
                onClick={() =>
                  run(CommandIDs.compareVersions, {
                    selectors: all.map(version => `${page.name}@${version}`)
                  })
                }
              >
                {trans.__('Compare the last two')}
              </Button>
            )}
          </Empty>
        )
      }
    </FetchedView>
  );
}

function PageTest(props: IPageProps): JSX.Element {
  const { page, trans, run } = props;
  return (
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
          trial={page.trial.state}
          trans={trans}
          run={run}
          onImage={image => page.trial.choose(image)}
          onTensors={text => page.trial.write(text)}
          onInfer={deployment => void page.trial.infer(deployment)}
          onPredict={deployment => void page.trial.predict(deployment)}
          onCancel={() => page.trial.cancel()}
          onDiscard={() => page.trial.discard()}
        />
      )}
    </FetchedView>
  );
}

function FilesTab(props: IPageProps): JSX.Element {
  const { page, trans, run } = props;
  return (
    <FetchedView
      state={page.version.state}
      trans={trans}
      onRetry={() => void page.version.refresh()}
    >
      {version =>
        version && (
          <section aria-label={trans.__('Files')}>
            <h2>{`${version.model}@${version.version}`}</h2>
            <FileTable version={version} trans={trans} run={run} />
          </section>
        )
      }
    </FetchedView>
  );
}
