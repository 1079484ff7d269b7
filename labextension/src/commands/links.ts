import { type IRouter, type JupyterFrontEnd } from '@jupyterlab/application';
import { Clipboard, Notification } from '@jupyterlab/apputils';
import { type TranslationBundle } from '@jupyterlab/translation';

import { argsSchema } from './context';
import { CommandIDs } from './ids';

/** The part of an address that names a model's page: `model=digits@1.1.0`, and `tab=test` behind it. */
const NAMED = /[?&]model=[^&]/;

/** What an address opens. */
export function linked(search: string): Readonly<Record<string, string>> {
  const asked = new URLSearchParams(search);
  const [model = '', version = ''] = (asked.get('model') ?? '').split('@');
  const tab = asked.get('tab') ?? '';
  return { model, ...(version && { version }), ...(tab && { tab }) };
}

/** `search` without what `linked` reads, so that a reload does not open the page again. */
export function withoutLink(search: string): string {
  const rest = new URLSearchParams(search);
  rest.delete('model');
  rest.delete('tab');
  const text = rest.toString();
  return text && `?${text}`;
}

/** Commands for addresses that open a model's page. */
export function addLinkCommands(
  app: JupyterFrontEnd,
  router: IRouter,
  trans: TranslationBundle
): void {
  app.commands.addCommand(CommandIDs.openLink, {
    label: trans.__('Open the model that the address names'),
    describedBy: { args: argsSchema({ path: 'string', search: 'string', hash: 'string' }) },
    execute: async args => {
      const search = String(args['search'] ?? '');
      await app.restored;
      router.navigate(`${args['path']}${withoutLink(search)}${args['hash']}`, {
        skipRouting: true
      });
      await app.commands.execute(CommandIDs.openModel, linked(search));
    }
  });
  router.register({ command: CommandIDs.openLink, pattern: NAMED });

  app.commands.addCommand(CommandIDs.copyLink, {
    label: trans.__('Copy Link'),
    describedBy: { args: argsSchema({ model: 'string', version: 'string' }) },
    execute: ({ model, version }) => {
      const address = new URL(router.base, window.location.href);
      address.search = new URLSearchParams({ model: `${model}@${version}` }).toString();
      Clipboard.copyToSystem(address.href);
      Notification.success(trans.__('Copied.'), { autoClose: 2000 });
    }
  });
}
