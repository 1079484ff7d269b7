import { type JupyterFrontEnd } from '@jupyterlab/application';
import { type INotebookTracker } from '@jupyterlab/notebook';
import { type TranslationBundle } from '@jupyterlab/translation';

import { type RegistryApi } from '../api';
import { type Changes } from '../model/changes';
import { type Preferences } from '../model/preferences';
import { type MemoryList } from '../model/memory';
import { type DeploymentPage } from '../model/deploymentpage';
import { type ModelPage } from '../model/page';
import { type RegistryPage } from '../model/registrypage';
import { type RunsPage } from '../model/runspage';
import { type Pages } from '../panel/pages';

/** What the commands work with. */
export interface ICommandContext {
  readonly app: JupyterFrontEnd;
  readonly api: RegistryApi;
  readonly changes: Changes;
  readonly preferences: Preferences;
  readonly memory: MemoryList;
  readonly notebooks: INotebookTracker | null;
  readonly pages: Pages<ModelPage>;
  readonly deploymentPages: Pages<DeploymentPage>;
  readonly registryPages: Pages<RegistryPage>;
  readonly runPages: Pages<RunsPage>;
  readonly trans: TranslationBundle;
}

type ArgumentType = 'string' | 'array' | 'boolean' | 'number';

/** The JSON schema of a command's arguments; those whose names end with `?` may be left out. */
export function argsSchema(types: Readonly<Record<string, ArgumentType>>) {
  const entries = Object.entries(types).map(([name, type]) => [name.replace('?', ''), type]);
  const arrayOf = { type: 'array', items: { type: 'string' } };
  return {
    type: 'object',
    properties: Object.fromEntries(
      entries.map(([name, type]) => [name, type === 'array' ? arrayOf : { type }])
    ),
    required: Object.keys(types).filter(name => !name.endsWith('?'))
  };
}
