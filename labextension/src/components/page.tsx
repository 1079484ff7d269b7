import React, { useState } from 'react';

import { PAGE_TABS, type PageTab } from '../model/page';
import { ChosenVersion, NoVersions } from './chosenversion';
import { Compare } from './compare';
import { ModelHead } from './head';
import { type IPageProps } from './pageprops';
import {
  CardTab,
  DeploymentsTab,
  FilesTab,
  HistoryTab,
  LineageTab,
  MetricsTab,
  PageTest
} from './pagetabs';
import { type ITranslate } from './props';
import { useRedraw } from './signal';
import { FetchedView } from './states';
import { type ITab, Tabs } from './tabs';
import { VersionDetails } from './versiondetails';
import { VersionTable } from './versiontable';

/** The page of a model: its head and its tabs. */
export function PageContent(props: IPageProps): JSX.Element {
  const { page, trans } = props;
  useRedraw(page.changed);
  const { state } = page.model;
  const head = (
    <FetchedView state={state} trans={trans} onRetry={() => void page.refresh()}>
      {model => <ModelHead {...props} model={model} />}
    </FetchedView>
  );
  // What the tabs would say of a model that is not there was said once.
  return state.kind === 'failed' ? (
    head
  ) : (
    <>
      {head}
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

function pageTabs(trans: ITranslate): readonly ITab<PageTab>[] {
  const labels: Record<PageTab, string> = {
    card: trans.__('Card'),
    versions: trans.__('Versions'),
    metrics: trans.__('Metrics'),
    compare: trans.__('Compare'),
    lineage: trans.__('Lineage'),
    files: trans.__('Files'),
    deployments: trans.__('Deployments'),
    test: trans.__('Test'),
    history: trans.__('History')
  };
  return PAGE_TABS.map(key => ({ key, label: labels[key] }));
}

const TAB_CONTENTS: Readonly<Record<PageTab, (props: IPageProps) => JSX.Element>> = {
  card: CardTab,
  versions: VersionsTab,
  metrics: MetricsTab,
  compare: CompareTab,
  lineage: LineageTab,
  files: FilesTab,
  deployments: DeploymentsTab,
  test: PageTest,
  history: HistoryTab
};

function TabContent(props: IPageProps): JSX.Element {
  const Content = TAB_CONTENTS[props.page.tab];
  return <Content {...props} />;
}

function VersionsTab(props: IPageProps): JSX.Element {
  const { page, trans, run, columns } = props;
  const [visible, setVisible] = useState(() => columns.read(page.name));
  return (
    <FetchedView state={page.listed.state} trans={trans} onRetry={() => void page.refresh()}>
      {({ items, hasMore }) =>
        items.length ? (
          <div className="jp-modelmgmt-Versions">
            <div className="jp-modelmgmt-Versions-table">
              <VersionTable
                versions={items}
                hasMore={hasMore}
                tests={page.kept.tests.value}
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
                onMore={() => void page.listed.more()}
                sort={page.sort}
                onSort={sort => void page.sortBy(sort)}
              />
            </div>
            <ChosenVersion {...props}>
              {version => (
                <VersionDetails
                  version={version}
                  trans={trans}
                  run={run}
                  renderMarkdown={props.renderMarkdown}
                />
              )}
            </ChosenVersion>
          </div>
        ) : (
          <NoVersions trans={trans} />
        )
      }
    </FetchedView>
  );
}

function CompareTab({ page, trans, run }: IPageProps): JSX.Element {
  return (
    <Compare
      compared={page.compared}
      model={page.name}
      versions={page.versions.items}
      trans={trans}
      run={run}
    />
  );
}
