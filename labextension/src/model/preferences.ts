import { type ISettingRegistry } from '@jupyterlab/settingregistry';
import { type ISignal, Signal } from '@lumino/signaling';

/** What a user may set; the defaults stand in `schema/registry.json` too. */
export interface IPreferences {
  /** Seconds between two looks for changes. */
  readonly interval: number;
  /** Who makes versions; empty to take the name that one is known by in Jupyter. */
  readonly author: string;
  /** Where new deployments run unless another place is chosen. */
  readonly environment: 'jupyter' | 'isolated';
  /** Whether cells show the versions that came of them. */
  readonly cellLinks: boolean;
}

const DEFAULTS: IPreferences = {
  interval: 10,
  author: '',
  environment: 'jupyter',
  cellLinks: true
};

/** The user's settings; the defaults until they are read. */
export class Preferences {
  get value(): IPreferences {
    return this._value;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Follows the settings of Lab's settings page. */
  follow(settings: ISettingRegistry.ISettings): void {
    const apply = (now: ISettingRegistry.ISettings) => {
      this._value = { ...DEFAULTS, ...(now.composite as Partial<IPreferences>) };
      this._changed.emit();
    };
    settings.changed.connect(apply);
    apply(settings);
  }

  private _value = DEFAULTS;
  private _changed = new Signal<this, void>(this);
}
