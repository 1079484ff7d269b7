import { Clipboard, Notification } from '@jupyterlab/apputils';
import { refreshIcon } from '@jupyterlab/ui-components';

import { modelsIcon } from '../icons';
import { PAGE_TABS } from '../model/page';
import { REGISTRY, REGISTRY_TABS } from '../model/registrypage';
import { argsSchema, type ICommandContext } from './context';
import { CommandIDs } from './ids';
import { saveFile } from './saving';

export interface INavigationContext extends ICommandContext {
  /** The identity of the sidebar in the shell. */
  readonly sidebarId: string;
  /** Puts `text` into the search of the sidebar and the cursor behind it. */
  search: (text: string) => void;
  /** Reads everything that is shown again. */
  refresh: () => void;
}

/** Commands that lead somewhere and change nothing. */
export function addNavigationCommands(context: INavigationContext): void {
  const { app, api, pages, trans } = context;
  const { commands } = app;

  commands.addCommand(CommandIDs.showPanel, {
    label: trans.__('Show Models'),
    icon: modelsIcon,
    describedBy: { args: argsSchema({}) },
    execute: () => app.shell.activateById(context.sidebarId)
  });

  commands.addCommand(CommandIDs.search, {
    label: trans.__('Search Models'),
    icon: modelsIcon,
    describedBy: { args: argsSchema({ 'text?': 'string' }) },
    execute: args => {
      app.shell.activateById(context.sidebarId);
      context.search(String(args['text'] ?? ''));
    }
  });

  commands.addCommand(CommandIDs.refresh, {
    label: trans.__('Refresh Models'),
    icon: refreshIcon,
    describedBy: { args: argsSchema({}) },
    execute: () => context.refresh()
  });

  commands.addCommand(CommandIDs.openModel, {
    label: args =>
      args['version']
        ? trans.__('Open %1@%2', `${args['model']}`, `${args['version']}`)
        : trans.__('Open Model %1', String(args['model'] ?? '')),
    icon: modelsIcon,
    describedBy: {
      args: argsSchema({
        model: 'string',
        'tab?': 'string',
        'version?': 'string'
      })
    },
    execute: async args => {
      const page = await pages.open(String(args['model']));
      if (args['version']) {
        page.choose(String(args['version']));
      }
      // Addresses name tabs too, and anybody writes those.
      const tab = PAGE_TABS.find(one => one === args['tab']);
      if (tab) {
        page.tab = tab;
      }
    }
  });

  commands.addCommand(CommandIDs.openRegistry, {
    label: trans.__('Approvals, Stages and Trash'),
    icon: modelsIcon,
    describedBy: { args: argsSchema({ 'tab?': 'string' }) },
    execute: async args => {
      const page = await context.registryPages.open(REGISTRY);
      const tab = REGISTRY_TABS.find(one => one === args['tab']);
      if (tab) {
        page.tab = tab;
      }
    }
  });

  commands.addCommand(CommandIDs.testVersion, {
    label: trans.__('Test'),
    describedBy: { args: argsSchema({ model: 'string', version: 'string' }) },
    execute: async args => {
      const page = await pages.open(String(args['model']));
      page.choose(String(args['version']));
      page.tab = 'test';
    }
  });

  commands.addCommand(CommandIDs.compareVersions, {
    label: trans.__('Compare'),
    describedBy: { args: argsSchema({ selectors: 'array' }) },
    execute: async args => {
      const selectors = args['selectors'] as string[];
      const page = await pages.open(selectors[0]!.split('@')[0]!);
      page.compared.selectors = selectors;
      page.tab = 'compare';
    }
  });

  commands.addCommand(CommandIDs.saveText, {
    label: trans.__('Save'),
    describedBy: { args: argsSchema({ name: 'string', text: 'string' }) },
    execute: args => {
      const url = URL.createObjectURL(new Blob([String(args['text'])]));
      saveFile(url, String(args['name']));
      URL.revokeObjectURL(url);
    }
  });

  commands.addCommand(CommandIDs.copyText, {
    label: trans.__('Copy'),
    describedBy: { args: argsSchema({ text: 'string' }) },
    execute: args => {
      Clipboard.copyToSystem(String(args['text']));
      Notification.success(trans.__('Copied.'), { autoClose: 2000 });
    }
  });

  commands.addCommand(CommandIDs.copySelector, {
    label: trans.__('Copy Selector'),
    describedBy: { args: argsSchema({ model: 'string', version: 'string' }) },
    execute: args => Clipboard.copyToSystem(`${args['model']}@${args['version']}`)
  });

  commands.addCommand(CommandIDs.downloadVersion, {
    label: trans.__('Download'),
    describedBy: {
      args: argsSchema({
        model: 'string',
        version: 'string',
        'path?': 'string',
        'files?': 'array'
      })
    },
    execute: args => {
      const [model, version] = [String(args['model']), String(args['version'])];
      const path = args['path'] === undefined ? undefined : String(args['path']);
      const files = args['files'] as string[] | undefined;
      const url = files ? api.zipUrl(model, version, files) : api.downloadUrl(model, version, path);
      saveFile(url, path?.split('/').pop() ?? `${model}-${version}.zip`);
    }
  });
}
