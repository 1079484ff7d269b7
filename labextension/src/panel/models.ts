import { type ILayoutRestorer, type JupyterFrontEnd } from '@jupyterlab/application';
import { type ICommandPalette, Notification } from '@jupyterlab/apputils';
import { type ILauncher } from '@jupyterlab/launcher';
import { type INotebookTracker } from '@jupyterlab/notebook';
import { type IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { type IStateDB } from '@jupyterlab/statedb';
import { type ITranslator, type TranslationBundle } from '@jupyterlab/translation';

import { addDeletionCommands } from '../commands/deletion';
import { addAliasCommands } from '../commands/aliases';
import { addApprovalCommands } from '../commands/approvals';
import { addClientCommands } from '../commands/clients';
import { addDeploymentCommands } from '../commands/deployments';
import { addFileCommands } from '../commands/files';
import { CommandIDs } from '../commands/ids';
import { addImportCommand } from '../commands/importing';
import { addInsertionCommand } from '../commands/insertion';
import { addKeptCommands } from '../commands/kept';
import { Menus } from '../commands/menus';
import { addNavigationCommands, type INavigationContext } from '../commands/navigation';
import { addRegistrationCommands } from '../commands/registration';
import { addRevisionCommands } from '../commands/revisions';
import { addRunCommands } from '../commands/runs';
import { addStageCommands } from '../commands/stages';
import { addTrashCommands } from '../commands/trash';
import { addVersionCommands } from '../commands/versions';
import { type Run } from '../components/props';
import { MemoryList } from '../model/memory';
import { watchNotebooks } from '../model/notebook';
import { Origins } from '../model/origins';
import { Remembered } from '../model/remembered';
import { messageOf, Resource } from '../model/resource';
import { ModelTree, type TreeRow } from '../model/tree';
import { onAskedToOpen } from '../opening';
import { type IModelRegistry } from '../tokens';
import { type IRegistryEvent } from '../types';
import { linkCells } from './celllinks';
import { VersionDrag } from './drag';
import { markdownRenderer } from './markdown';
import { deploymentPages, modelPages, registryPages, runPages } from './kinds';
import { type ISidebarMenus, ModelsSidebar } from './sidebar';

export interface IModelsOptions {
  readonly app: JupyterFrontEnd;
  readonly registry: IModelRegistry;
  readonly notebooks: INotebookTracker | null;
  readonly translator: ITranslator;
  readonly palette: ICommandPalette | null;
  readonly launcher: ILauncher | null;
  readonly restorer: ILayoutRestorer | null;
  readonly state: IStateDB | null;
  readonly rendermime: IRenderMimeRegistry | null;
  /** Where pages open: Notebook 7 has room for one document only, so they go beside it. */
  readonly pageArea: 'main' | 'right';
}

/** Puts sidebar, pages and commands together and keeps them up to date. */
export function startModels(options: IModelsOptions): void {
  const { app, registry, notebooks, translator, restorer, state } = options;
  const { api, changes, preferences } = registry;
  const trans = translator.load('jupyter_modelmgmt');
  const run = runner(app);
  const menus = new Menus(app.commands, trans);
  const memory = new MemoryList(watchNotebooks(notebooks));
  const drag = new VersionDrag(api, notebooks);
  const remembered = new Remembered(memory);
  const shared = { app, api, trans, area: options.pageArea, remembered, run };
  const services = deploymentPages(shared);
  const runs = runPages({ ...shared, state });
  const governance = registryPages(shared);
  const pages = modelPages({
    ...shared,
    state,
    renderMarkdown: options.rendermime && markdownRenderer(options.rendermime),
    onMenu: (version, x, y) => menus.version(version, x, y)
  });
  const sidebar = new ModelsSidebar({
    tree: new ModelTree(api),
    memory,
    deployments: new Resource(async () => (await api.deployments()).items),
    library: new Resource(async () => (await api.library()).items),
    changes,
    stages: new Resource(async () => (await api.stages()).items.map(({ name }) => name)),
    state,
    translator,
    run,
    menus: sidebarMenus(menus),
    onDrag: (row, event) => void drag.start(row, event)
  });
  const refresh = () => {
    sidebar.refresh();
    pages.refresh();
    services.refresh();
    runs.refresh();
    governance.refresh();
  };
  changes.changed.connect((_, events) => {
    sidebar.refreshModels();
    pages.refresh(name =>
      events.some(({ model, deployment }) => model === name || (!model && deployment))
    );
    services.refresh(name => events.some(({ deployment }) => deployment === name));
    services.tracker.forEach(({ content: { page } }) => {
      if (events.some(one => isOfTests(one) && one.model === page.kept.tested?.model)) {
        void page.kept.refresh();
      }
    });
    if (events.some(({ action }) => action.startsWith('version.'))) {
      sidebar.refreshMemory();
    }
    if (events.some(({ action }) => /^(run|version)\./.test(action))) {
      runs.refresh();
    }
    governance.refresh();
  });
  changes.progress.connect((_, event) => {
    for (const { tracker } of [pages, services]) {
      tracker.forEach(({ content }) => content.page.kept.hear(event));
    }
  });
  changes.onlineChanged.connect((_, isOnline) => {
    if (isOnline) {
      refresh();
    }
  });
  memory.watch?.changed.connect(() => {
    sidebar.refreshMemory();
    app.commands.notifyCommandChanged(CommandIDs.register);
  });
  const search = (text: string) => sidebar.search(text);
  addCommands(
    {
      ...{ app, api, changes, preferences, memory, notebooks, pages, trans, refresh, search },
      deploymentPages: services,
      runPages: runs,
      registryPages: governance,
      sidebarId: sidebar.id
    },
    options.palette
  );
  addLauncherCards(options, trans);
  onAskedToOpen((model, version) => run(CommandIDs.openModel, { model, version }));
  if (notebooks) {
    const origins = new Origins(api, state);
    linkCells({ notebooks, changes, origins, preferences, trans, run });
  }
  app.shell.add(sidebar, 'left', { rank: 650, type: 'Models' });
  restorer?.add(sidebar, sidebar.id);
  void app.restored.then(() => sidebar.share());
  void restorer?.restore(pages.tracker, {
    command: CommandIDs.openModel,
    args: ({ content }) => ({ model: content.page.name, tab: content.page.tab }),
    name: ({ content }) => content.page.name
  });
  void restorer?.restore(services.tracker, {
    command: CommandIDs.openDeployment,
    args: ({ content }) => ({ deployment: content.page.name, tab: content.page.tab }),
    name: ({ content }) => content.page.name
  });
  void restorer?.restore(governance.tracker, {
    command: CommandIDs.openRegistry,
    args: ({ content }) => ({ tab: content.page.tab }),
    name: ({ content }) => content.page.name
  });
  void restorer?.restore(runs.tracker, {
    command: CommandIDs.showRuns,
    args: ({ content }) => ({ run: content.page.chosen ?? '' }),
    name: ({ content }) => content.page.name
  });
}

/** Whether an event tells of kept tests, which belong to a model and not to its deployments. */
function isOfTests({ action }: IRegistryEvent): boolean {
  return action.startsWith('test');
}

function sidebarMenus(menus: Menus): ISidebarMenus {
  return {
    row: (row: TreeRow, x, y) =>
      row.kind === 'version' ? menus.version(row.version, x, y) : menus.model(row.model, x, y),
    memory: (model, x, y) => menus.memory(model, x, y),
    deployment: (deployment, x, y) => menus.deployment(deployment, x, y),
    entry: (entry, x, y) => menus.entry(entry, x, y)
  };
}

function addLauncherCards({ launcher }: IModelsOptions, trans: TranslationBundle): void {
  const category = trans.__('Models');
  [
    CommandIDs.showPanel,
    CommandIDs.showRuns,
    CommandIDs.registerFiles,
    CommandIDs.importVersion
  ].forEach((command, rank) => {
    launcher?.add({ command, category, rank });
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
  addFileCommands(context);
  addImportCommand(context);
  addVersionCommands(context);
  addDeletionCommands(context);
  addDeploymentCommands(context);
  addRevisionCommands(context);
  addClientCommands(context);
  addInsertionCommand(context);
  addKeptCommands(context);
  addRunCommands(context);
  addApprovalCommands(context);
  addStageCommands(context);
  addAliasCommands(context);
  addTrashCommands(context);
  const category = trans.__('Model Management');
  for (const command of [
    CommandIDs.showPanel,
    CommandIDs.showRuns,
    CommandIDs.openRegistry,
    CommandIDs.search,
    CommandIDs.refresh,
    CommandIDs.register,
    CommandIDs.registerFiles,
    CommandIDs.importVersion,
    CommandIDs.openDeployment
  ]) {
    palette?.addItem({ command, category });
  }
}
