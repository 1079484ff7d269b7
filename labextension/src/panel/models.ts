import { type ILayoutRestorer, type JupyterFrontEnd } from '@jupyterlab/application';
import { type ICommandPalette, Notification } from '@jupyterlab/apputils';
import { type INotebookTracker } from '@jupyterlab/notebook';
import { type IStateDB } from '@jupyterlab/statedb';
import { type ITranslator } from '@jupyterlab/translation';

import { addDeploymentCommands } from '../commands/deployments';
import { CommandIDs } from '../commands/ids';
import { openModelMenu, openVersionMenu } from '../commands/menus';
import { addNavigationCommands, type INavigationContext } from '../commands/navigation';
import { addRegistrationCommands } from '../commands/registration';
import { addVersionCommands } from '../commands/versions';
import { type Run } from '../components/props';
import { PagedList } from '../model/list';
import { MemoryList } from '../model/memory';
import { watchNotebooks } from '../model/notebook';
import { messageOf, Resource } from '../model/resource';
import { type IModelRegistry } from '../tokens';
import { ModelPages } from './pages';
import { ModelsSidebar } from './sidebar';

export interface IModelsOptions {
  readonly app: JupyterFrontEnd;
  readonly registry: IModelRegistry;
  readonly notebooks: INotebookTracker | null;
  readonly translator: ITranslator;
  readonly palette: ICommandPalette | null;
  readonly restorer: ILayoutRestorer | null;
  readonly state: IStateDB | null;
  /** Where pages open: Notebook 7 has room for one document only, so they go beside it. */
  readonly pageArea: 'main' | 'right';
}

/** Puts sidebar, pages and commands together and keeps them up to date. */
export function startModels(options: IModelsOptions): void {
  const { app, registry, notebooks, translator, restorer } = options;
  const { api, changes } = registry;
  const trans = translator.load('jupyter_modelmgmt');
  const run = runner(app);
  const memory = new MemoryList(watchNotebooks(notebooks));
  const pages = new ModelPages({
    app,
    api,
    trans,
    state: options.state,
    area: options.pageArea,
    run,
    onMenu: (version, x, y) => openVersionMenu(app.commands, trans, version, x, y)
  });
  const sidebar = new ModelsSidebar({
    models: new PagedList(query => api.models(query)),
    memory,
    library: new Resource(async () => (await api.library()).items),
    translator,
    run,
    onMenu: (model, x, y) => openModelMenu(app.commands, model, x, y)
  });
  const refresh = () => {
    sidebar.refresh();
    pages.refreshAll();
  };
  changes.changed.connect((_, events) => {
    sidebar.refreshModels();
    pages.refresh(events);
  });
  memory.watch?.changed.connect(() => sidebar.refreshMemory());
  addCommands(
    { app, api, changes, memory, pages, trans, refresh, sidebarId: sidebar.id },
    options.palette
  );
  app.shell.add(sidebar, 'left', { rank: 650, type: 'Models' });
  restorer?.add(sidebar, sidebar.id);
  void restorer?.restore(pages.tracker, {
    command: CommandIDs.openModel,
    args: ({ content }) => ({ model: content.page.name, tab: content.page.tab }),
    name: ({ content }) => content.page.name
  });
}

/** Runs commands for the components; what goes wrong is told to the user. */
function runner(app: JupyterFrontEnd): Run {
  return (command, args) => {
    app.commands.execute(command, args).catch(error => {
      Notification.error(messageOf(error), { autoClose: false });
    });
  };
}

function addCommands(context: INavigationContext, palette: ICommandPalette | null): void {
  const { trans } = context;
  addNavigationCommands(context);
  addRegistrationCommands(context);
  addVersionCommands(context);
  addDeploymentCommands(context);
  const category = trans.__('Model Management');
  for (const command of [CommandIDs.showPanel, CommandIDs.refresh, CommandIDs.register]) {
    palette?.addItem({ command, category });
  }
}
