import React, { type ReactNode } from 'react';

import { type IModelVersion } from '../types';
import { type IPageProps } from './pageprops';
import { type ITranslate } from './props';
import { Empty, FetchedView } from './states';

/** What a tab shows of the version that is looked at. */
export function ChosenVersion(
  props: IPageProps & { children: (version: IModelVersion) => ReactNode }
): JSX.Element {
  const { page, trans, children } = props;
  return (
    <FetchedView
      state={page.version.state}
      trans={trans}
      onRetry={() => void page.version.refresh()}
    >
      {version => (version ? children(version) : <NoVersions trans={trans} />)}
    </FetchedView>
  );
}

export function NoVersions({ trans }: { readonly trans: ITranslate }): JSX.Element {
  return (
    <Empty title={trans.__('This model has no versions')}>
      <p>{trans.__('Register one from a notebook, or from the sidebar.')}</p>
    </Empty>
  );
}
