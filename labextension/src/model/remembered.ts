import { type IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { askObject, pictureFrom, picturesInMemory } from '../kernelasking';
import { type IInference, type IMemoryPicture, type IPrediction } from '../types';
import { type IActiveNotebook, type IMemory, type MemoryList } from './memory';
import { Resource } from './resource';
import { type IAsker, type ITarget } from './trial';

/** What the Test tab takes from the memory of the active notebook: objects to ask, and images to ask about. */
export class Remembered implements IDisposable {
  constructor(private _memory: MemoryList) {
    this._pictures = new Resource(() => this._look());
    this._memory.changed.connect(this._tell, this);
    this._pictures.changed.connect(this._tell, this);
  }

  /** Emits when what is in memory was read again. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** What is known of the memory; undefined before it was looked into. */
  get memory(): IMemory | undefined {
    return this._memory.value;
  }

  get pictures(): readonly IMemoryPicture[] {
    return this._pictures.value ?? [];
  }

  /** Reads again, now and whenever the notebook changed, until what it returns is called. */
  watch(): () => void {
    const refresh = () => {
      void this._memory.refresh();
      void this._pictures.refresh();
    };
    this._memory.watch?.changed.connect(refresh);
    refresh();
    return () => {
      this._memory.watch?.changed.disconnect(refresh);
    };
  }

  /** The image behind a variable. */
  picture(variable: string): Promise<File> {
    return pictureFrom(this._active(variable).kernel, variable);
  }

  /** Asks objects in their own kernel, and all others through `api`. */
  asker(api: IAsker): IAsker {
    return {
      predict: (target, image, signal) =>
        target.variable
          ? this._ask<IPrediction>(target, image, typeOf(image), signal)
          : api.predict(target, image, signal),
      infer: (target, request, signal) =>
        target.variable
          ? this._ask<IInference>(target, new Blob([request]), 'application/json', signal)
          : api.infer(target, request, signal)
    };
  }

  get isDisposed(): boolean {
    return this._pictures.isDisposed;
  }

  dispose(): void {
    this._memory.changed.disconnect(this._tell, this);
    this._pictures.dispose();
    Signal.clearData(this);
  }

  private async _ask<T>(
    { variable = '', model, version }: ITarget,
    body: Blob,
    contentType: string,
    signal?: AbortSignal
  ): Promise<T> {
    const { kernel } = this._active(variable);
    const question = { variable, like: `${model}@${version}`, contentType };
    return JSON.parse(await askObject(kernel, question, body, signal)) as T;
  }

  private _active(variable: string): IActiveNotebook {
    const { active } = this._memory;
    if (!active) {
      throw new Error(
        `No notebook with a kernel is active. Open the one with ${variable}, then try again.`
      );
    }
    return active;
  }

  private async _look(): Promise<readonly IMemoryPicture[]> {
    const { active } = this._memory;
    const isPython = active && (await active.kernel.info).language_info.name === 'python';
    return isPython ? picturesInMemory(active.kernel) : [];
  }

  private _tell(): void {
    this._changed.emit();
  }

  private _pictures: Resource<readonly IMemoryPicture[]>;
  private _changed = new Signal<this, void>(this);
}

/** Any other type would be read as tensors; a file that is no image is refused with a reason. */
function typeOf(image: Blob): string {
  return image.type.startsWith('image/') ? image.type : 'image/*';
}
