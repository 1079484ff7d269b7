import { type JupyterFrontEnd } from '@jupyterlab/application';
import { type IStateDB } from '@jupyterlab/statedb';
import React from 'react';

import { type RegistryApi } from '../api';
import { type IColumnMemory, type IPageProps } from '../components/pageprops';
import { type ITranslate, type Run } from '../components/props';
import { DeploymentPage } from '../model/deploymentpage';
import { ModelPage } from '../model/page';
import { RegistryPage } from '../model/registrypage';
import { RunsPage } from '../model/runspage';
import { type Remembered } from '../model/remembered';
import { Pages } from './pages';
import { PageView } from './pageview';

export interface IPagesOptions {
  readonly app: JupyterFrontEnd;
  readonly api: RegistryApi;
  readonly trans: ITranslate;
  readonly area: 'main' | 'right';
  /** What the active notebook has in memory, for the Test tabs. */
  readonly remembered: Remembered;
  run: Run;
}

/** The pages of models. */
export function modelPages(
  options: IPagesOptions &
    Pick<IPageProps, 'onMenu' | 'renderMarkdown'> & { readonly state: IStateDB | null }
): Pages<ModelPage> {
  const { app, api, trans, area, remembered, run, onMenu, renderMarkdown } = options;
  const columns = columnMemory(options.state);
  return new Pages({
    app,
    area,
    type: 'Model',
    namespace: 'modelmgmt-pages',
    id: 'jp-modelmgmt-page',
    caption: name => trans.__('Model %1', name),
    make: async name => {
      // The tables are loaded when the first page is opened.
      const { PageContent } = await import('../components/page');
      await columns.load(name);
      const page = new ModelPage(api, name, remembered.asker(api));
      const props = { page, trans, columns, remembered, renderMarkdown, run, onMenu };
      return new PageView(page, () => <PageContent {...props} />);
    }
  });
}

/** The pages of deployments. */
export function deploymentPages(options: IPagesOptions): Pages<DeploymentPage> {
  const { app, api, trans, area, remembered, run } = options;
  return new Pages({
    app,
    area,
    type: 'Deployment',
    namespace: 'modelmgmt-deployments',
    id: 'jp-modelmgmt-deployment',
    caption: name => trans.__('Deployment %1', name),
    make: async name => {
      const { DeploymentContent } = await import('../components/deployment/page');
      const page = new DeploymentPage(api, name, remembered.asker(api));
      const props = { page, trans, remembered, run };
      const view = new PageView(page, () => <DeploymentContent {...props} />);
      page.isWatched = () => view.isVisible;
      return view;
    }
  });
}

/** The page of what holds for all models. */
export function registryPages({ app, api, trans, area, run }: IPagesOptions): Pages<RegistryPage> {
  return new Pages({
    app,
    area,
    type: 'Registry',
    namespace: 'modelmgmt-registry',
    id: 'jp-modelmgmt-registry',
    label: () => trans.__('Registry'),
    caption: () => trans.__('Approvals, stages and trash'),
    make: async () => {
      const { RegistryContent } = await import('../components/registry/page');
      const page = new RegistryPage(api);
      return new PageView(page, () => <RegistryContent {...{ page, trans, run }} />);
    }
  });
}

/** The page of all runs. */
export function runPages(
  options: IPagesOptions & { readonly state: IStateDB | null }
): Pages<RunsPage> {
  const { app, api, trans, area, run } = options;
  const columns = columnMemory(options.state);
  return new Pages({
    app,
    area,
    type: 'Runs',
    namespace: 'modelmgmt-runs',
    id: 'jp-modelmgmt-runs',
    label: () => trans.__('Runs'),
    caption: () => trans.__('Runs with their metrics, params and curves'),
    make: async name => {
      const { RunsContent } = await import('../components/runs/page');
      await columns.load(name);
      const page = new RunsPage(api);
      const view = new PageView(page, () => <RunsContent {...{ page, columns, trans, run }} />);
      page.isWatched = () => view.isVisible;
      return view;
    }
  });
}

interface ILoadableColumnMemory extends IColumnMemory {
  /** Fetches what is remembered, so that `read` can answer at once. */
  load: (model: string) => Promise<void>;
}

function columnMemory(state: IStateDB | null): ILoadableColumnMemory {
  const choices = new Map<string, Record<string, boolean>>();
  const keyOf = (model: string) => `jupyter-modelmgmt:columns:${model}`;
  return {
    load: async model => {
      const stored = await state?.fetch(keyOf(model));
      if (stored && !choices.has(model)) {
        choices.set(model, stored as Record<string, boolean>);
      }
    },
    read: model => choices.get(model) ?? { created_by: false },
    write: (model, columns) => {
      choices.set(model, { ...columns });
      void state?.save(keyOf(model), { ...columns });
    }
  };
}
