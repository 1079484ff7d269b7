import React from 'react';

import { REGISTRY_TABS, type RegistryTab } from '../../model/registrypage';
import { useRedraw } from '../signal';
import { Tabs } from '../tabs';
import { Approvals } from './approvals';
import { type IRegistryProps } from './props';
import { Stages } from './stages';
import { Trash } from './trash';

const CONTENTS: Readonly<Record<RegistryTab, (props: IRegistryProps) => JSX.Element>> = {
  approvals: Approvals,
  stages: Stages,
  trash: Trash
};

/** What holds for all models. */
export function RegistryContent(props: IRegistryProps): JSX.Element {
  const { page, trans } = props;
  useRedraw(page.changed);
  const labels: Record<RegistryTab, string> = {
    approvals: trans.__('Approvals'),
    stages: trans.__('Stages'),
    trash: trans.__('Trash')
  };
  const Content = CONTENTS[page.tab];
  return (
    <>
      <h1>{trans.__('Registry')}</h1>
      <Tabs
        label={trans.__('Parts of the registry')}
        tabs={REGISTRY_TABS.map(key => ({ key, label: labels[key] }))}
        current={page.tab}
        onSelect={tab => {
          page.tab = tab;
        }}
      >
        <Content {...props} />
      </Tabs>
    </>
  );
}
