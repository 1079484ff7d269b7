import { ReactWidget } from '@jupyterlab/ui-components';
import React from 'react';

import { type IPageProps, PageContent } from '../components/page';
import { type ModelPage } from '../model/page';

/** The page of one model in the main area. */
export class ModelPageView extends ReactWidget {
  constructor(private _options: IPageProps) {
    super();
    this.addClass('jp-modelmgmt-Page');
    this.page = _options.page;
  }

  readonly page: ModelPage;

  override dispose(): void {
    this.page.dispose();
    super.dispose();
  }

  protected render(): JSX.Element {
    return <PageContent {...this._options} />;
  }
}
