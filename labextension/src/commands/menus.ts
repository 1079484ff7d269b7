import { type CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';
import { type TranslationBundle } from '@jupyterlab/translation';

import { STAGES } from '../rules';
import { type IModel, type IVersionSummary } from '../types';
import { CommandIDs } from './ids';

/** Opens the menu of a version at a place of the window. */
export function openVersionMenu(
  commands: CommandRegistry,
  trans: TranslationBundle,
  version: IVersionSummary,
  x: number,
  y: number
): void {
  const args = { model: version.model, version: version.version };
  const stages = new Menu({ commands });
  stages.title.label = trans.__('Promote to Stage');
  for (const stage of STAGES.filter(one => one !== version.stage)) {
    stages.addItem({ command: CommandIDs.promoteVersion, args: { ...args, stage } });
  }
  // Asks which: a registry may have stages of its own.
  stages.addItem({ command: CommandIDs.promoteVersion, args });
  const menu = new Menu({ commands });
  menu.addItem({ command: CommandIDs.deployVersion, args });
  menu.addItem({ command: CommandIDs.testVersion, args });
  menu.addItem({ type: 'separator' });
  menu.addItem({ type: 'submenu', submenu: stages });
  menu.addItem({ command: CommandIDs.editVersion, args });
  menu.addItem({ command: CommandIDs.copySelector, args });
  menu.addItem({ command: CommandIDs.downloadVersion, args });
  menu.addItem({ type: 'separator' });
  menu.addItem({ command: CommandIDs.deleteVersion, args });
  openOnce(menu, x, y);
}

/** Opens the menu of a model at a place of the window. */
export function openModelMenu(
  commands: CommandRegistry,
  model: IModel,
  x: number,
  y: number
): void {
  const menu = new Menu({ commands });
  const shown = model.latest ?? model.newest;
  menu.addItem({ command: CommandIDs.openModel, args: { model: model.name } });
  if (shown) {
    const args = { model: model.name, version: shown.version };
    menu.addItem({ command: CommandIDs.deployVersion, args });
    menu.addItem({ command: CommandIDs.testVersion, args });
    menu.addItem({ command: CommandIDs.copySelector, args });
  }
  menu.addItem({ type: 'separator' });
  menu.addItem({ command: CommandIDs.deleteModel, args: { model: model.name } });
  openOnce(menu, x, y);
}

function openOnce(menu: Menu, x: number, y: number): void {
  // The chosen command runs after the menu has closed.
  menu.aboutToClose.connect(() => setTimeout(() => menu.dispose(), 0));
  menu.open(x, y);
}
