import React from 'react';

import { AliasForm, type IAliasValues } from '../components/forms/alias';
import { argsSchema, type ICommandContext } from './context';
import { askForm } from './dialog';
import { CommandIDs } from './ids';
import { told } from './told';

/** Commands on the names that point at versions. */
export function addAliasCommands(context: ICommandContext): void {
  const { app, api, trans } = context;

  app.commands.addCommand(CommandIDs.setAlias, {
    label: trans.__('Set Alias…'),
    describedBy: { args: argsSchema({ model: 'string', version: 'string' }) },
    execute: async args => {
      const [model, version] = [String(args['model']), String(args['version'])];
      const { aliases } = await api.model(model);
      await askForm<IAliasValues, unknown>({
        title: trans.__('Let an alias point at %1@%2', model, version),
        accept: trans.__('Set alias'),
        initial: { alias: '', isProtected: false },
        trans,
        check: ({ alias }) => (alias.trim() ? {} : { alias: trans.__('Give the alias a name.') }),
        form: props => <AliasForm {...props} known={aliases.map(one => one.alias)} />,
        submit: ({ alias, isProtected }) =>
          api.setAlias(model, alias.trim(), version, isProtected || undefined)
      });
    }
  });

  app.commands.addCommand(CommandIDs.removeAlias, {
    label: ({ alias }) => trans.__('Remove Alias %1', String(alias ?? '')),
    describedBy: { args: argsSchema({ model: 'string', alias: 'string' }) },
    execute: async args => {
      const [model, alias] = [String(args['model']), String(args['alias'])];
      const done = trans.__('%1 points at nothing now.', `${model}@${alias}`);
      await told(api.removeAlias(model, alias), done);
    }
  });
}
