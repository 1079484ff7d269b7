import { Token } from '@lumino/coreutils';

import { type RegistryApi } from './api';
import { type Changes } from './model/changes';
import { type Preferences } from './model/preferences';

/** The registry as the frontend sees it. */
export interface IModelRegistry {
  readonly api: RegistryApi;
  /** Tells when anything in the registry changed. */
  readonly changes: Changes;
  readonly preferences: Preferences;
}

export const IModelRegistry = new Token<IModelRegistry>(
  'jupyter-modelmgmt:IModelRegistry',
  'The registry of models: its requests and its changes.'
);
