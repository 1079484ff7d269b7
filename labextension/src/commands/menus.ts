import { type TranslationBundle } from '@jupyterlab/translation';
import { MenuSvg } from '@jupyterlab/ui-components';
import { type CommandRegistry } from '@lumino/commands';
import { type Menu } from '@lumino/widgets';

import { knownAs } from '../components/memory';
import { CELL_KINDS } from '../insertion';
import { isRunning, STAGES } from '../rules';
import {
  type IDeployment,
  type ILibraryEntry,
  type IMemoryModel,
  type IModel,
  type IVersionSummary
} from '../types';
import { CommandIDs } from './ids';

/** The menus that open where something of the registry is clicked with the right button. */
export class Menus {
  constructor(
    private _commands: CommandRegistry,
    private _trans: TranslationBundle
  ) {}

  version(version: IVersionSummary, x: number, y: number): void {
    const args = { model: version.model, version: version.version };
    const menu = this._menu();
    menu.addItem({ command: CommandIDs.openModel, args });
    menu.addItem({ command: CommandIDs.deployVersion, args });
    menu.addItem({ command: CommandIDs.testVersion, args });
    menu.addItem({ command: CommandIDs.runTests, args });
    menu.addItem({ type: 'submenu', submenu: this._insertions(version) });
    menu.addItem({ type: 'separator' });
    menu.addItem({ type: 'submenu', submenu: this._stages(version) });
    menu.addItem({ type: 'submenu', submenu: this._aliases(version) });
    menu.addItem({ command: CommandIDs.editVersion, args });
    menu.addItem({ command: CommandIDs.cloneVersion, args });
    menu.addItem({ command: CommandIDs.copySelector, args });
    menu.addItem({ command: CommandIDs.copyLink, args });
    if (version.downloadable) {
      menu.addItem({ command: CommandIDs.downloadVersion, args });
    }
    menu.addItem({ type: 'separator' });
    menu.addItem({ command: CommandIDs.deleteVersion, args });
    openOnce(menu, x, y);
  }

  model(model: IModel, x: number, y: number): void {
    const menu = this._menu();
    const shown = model.latest ?? model.newest;
    menu.addItem({ command: CommandIDs.openModel, args: { model: model.name } });
    menu.addItem({ command: CommandIDs.registerFiles, args: { model: model.name } });
    menu.addItem({ command: CommandIDs.importVersion, args: { model: model.name } });
    if (shown) {
      const args = { model: model.name, version: shown.version };
      menu.addItem({ type: 'separator' });
      menu.addItem({ command: CommandIDs.deployVersion, args });
      menu.addItem({ command: CommandIDs.testVersion, args });
      menu.addItem({ type: 'submenu', submenu: this._insertions(shown) });
      menu.addItem({ command: CommandIDs.copySelector, args });
    }
    menu.addItem({ type: 'separator' });
    menu.addItem({ command: CommandIDs.deleteModel, args: { model: model.name } });
    openOnce(menu, x, y);
  }

  memory(model: IMemoryModel, x: number, y: number): void {
    const menu = this._menu();
    const known = knownAs(model);
    menu.addItem({ command: CommandIDs.register, args: { variable: model.variable } });
    if (known) {
      menu.addItem({ command: CommandIDs.openModel, args: known });
    }
    openOnce(menu, x, y);
  }

  deployment(deployment: IDeployment, x: number, y: number): void {
    const { name, model, version, state } = deployment;
    const args = { deployment: name };
    const menu = this._menu();
    menu.addItem({ command: CommandIDs.openDeployment, args });
    menu.addItem({ command: CommandIDs.showLogs, args });
    menu.addItem({ command: CommandIDs.openModel, args: { model, version } });
    menu.addItem({ type: 'separator' });
    if (isRunning(state)) {
      menu.addItem({ command: CommandIDs.stopDeployment, args });
    } else {
      menu.addItem({ command: CommandIDs.startDeployment, args });
      menu.addItem({ command: CommandIDs.deleteDeployment, args });
    }
    openOnce(menu, x, y);
  }

  entry({ name }: ILibraryEntry, x: number, y: number): void {
    const menu = this._menu();
    menu.addItem({ command: CommandIDs.clone, args: { entry: name } });
    menu.addItem({ command: CommandIDs.clone, args: { entry: name, deploy: true } });
    openOnce(menu, x, y);
  }

  private _stages({ model, version, stage }: IVersionSummary): Menu {
    const menu = this._menu(this._trans.__('Promote to Stage'));
    const args = { model, version };
    for (const one of STAGES.filter(known => known !== stage)) {
      menu.addItem({ command: CommandIDs.promoteVersion, args: { ...args, stage: one } });
    }
    // Asks which: a registry may have stages of its own.
    menu.addItem({ command: CommandIDs.promoteVersion, args });
    return menu;
  }

  private _aliases({ model, version, aliases }: IVersionSummary): Menu {
    const menu = this._menu(this._trans.__('Aliases'));
    menu.addItem({ command: CommandIDs.setAlias, args: { model, version } });
    for (const alias of aliases) {
      menu.addItem({ command: CommandIDs.removeAlias, args: { model, alias } });
    }
    return menu;
  }

  private _insertions({ model, version }: IVersionSummary): Menu {
    const menu = this._menu(this._trans.__('Insert into Notebook'));
    for (const kind of CELL_KINDS) {
      menu.addItem({ command: CommandIDs.insertCell, args: { model, version, kind } });
    }
    return menu;
  }

  private _menu(label = ''): Menu {
    const menu = new MenuSvg({ commands: this._commands });
    menu.title.label = label;
    return menu;
  }
}

function openOnce(menu: Menu, x: number, y: number): void {
  // The chosen command runs after the menu has closed.
  menu.aboutToClose.connect(() => setTimeout(() => menu.dispose(), 0));
  menu.open(x, y);
}
