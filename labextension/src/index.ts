import {
  ILabShell,
  ILayoutRestorer,
  IRouter,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ILauncher } from '@jupyterlab/launcher';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import { RegistryApi } from './api';
import { addLinkCommands } from './commands/links';
import { Changes } from './model/changes';
import { Preferences } from './model/preferences';
import { startModels } from './panel/models';
import { IModelRegistry } from './tokens';

const registryPlugin: JupyterFrontEndPlugin<IModelRegistry> = {
  id: 'jupyter-modelmgmt:registry',
  description: 'Provides the requests to the model registry and tells its changes.',
  autoStart: true,
  provides: IModelRegistry,
  optional: [ISettingRegistry],
  activate: (app: JupyterFrontEnd, settings: ISettingRegistry | null): IModelRegistry => {
    const { serverSettings, events } = app.serviceManager;
    const api = new RegistryApi(serverSettings);
    const preferences = new Preferences();
    const interval = () => 1000 * preferences.value.interval;
    const changes = new Changes({ api, stream: events.stream, interval: interval() });
    preferences.changed.connect(() => {
      changes.interval = interval();
    });
    // Loaded late: Lab's registry stumbles when its menus load the same settings at the same time.
    void app.restored
      .then(() => settings?.load(registryPlugin.id))
      .then(loaded => loaded && preferences.follow(loaded));
    return { api, changes, preferences };
  }
};

const modelsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-modelmgmt:models',
  description: 'Adds the sidebar of models, their pages and their commands.',
  autoStart: true,
  requires: [IModelRegistry],
  optional: [
    INotebookTracker,
    ITranslator,
    ICommandPalette,
    ILayoutRestorer,
    IStateDB,
    ILabShell,
    ILauncher,
    IRenderMimeRegistry
  ],
  activate: (
    app: JupyterFrontEnd,
    registry: IModelRegistry,
    notebooks: INotebookTracker | null,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null,
    state: IStateDB | null,
    labShell: ILabShell | null,
    launcher: ILauncher | null,
    rendermime: IRenderMimeRegistry | null
  ): void => {
    startModels({
      app,
      registry,
      notebooks,
      translator: translator ?? nullTranslator,
      palette,
      launcher,
      restorer,
      state,
      rendermime,
      pageArea: labShell ? 'main' : 'right'
    });
  }
};

const linksPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyter-modelmgmt:links',
  description: 'Opens the page of the model that the address names.',
  autoStart: true,
  requires: [IRouter],
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, router: IRouter, translator: ITranslator | null): void => {
    addLinkCommands(app, router, (translator ?? nullTranslator).load('jupyter_modelmgmt'));
  }
};

export { IModelRegistry } from './tokens';

export default [registryPlugin, modelsPlugin, linksPlugin];
