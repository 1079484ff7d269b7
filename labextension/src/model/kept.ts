import { type IDisposable } from '@lumino/disposable';
import { type ISignal, Signal } from '@lumino/signaling';

import { type RegistryApi } from '../api';
import { expectedOf, mediaOf } from '../kept';
import { type IKeptResult, type IKeptTest, type IKeptTests, type IRegistryEvent } from '../types';
import { messageOf, Resource } from './resource';
import { type ITrialState } from './trial';
import { uploadFiles } from './upload';

const PROGRESS = 'tests.progress';

/** Whose tests they are, and the version whose results are shown. */
export interface ITested {
  readonly model: string;
  readonly version: string;
}

/** Tests that run: how many of them are done. */
export interface ITestRun extends ITested {
  readonly names: readonly string[];
  readonly done: number;
}

/** What is said of a test that is to be kept. */
export interface IKeeping {
  readonly name: string;
  readonly threshold: number;
  /** Null for what suits the answer. */
  readonly tolerance: number | null;
}

/** The kept tests of a model, what became of them with one version, and the run that goes on (N10). */
export class Kept implements IDisposable {
  constructor(
    private _api: RegistryApi,
    private _tested: () => ITested | null
  ) {
    this.tests = new Resource(() => this._readTests());
    this.results = new Resource(() => this._readResults());
    this._parts.forEach(part => part.changed.connect(this._tell, this));
  }

  readonly tests: Resource<IKeptTests>;
  readonly results: Resource<readonly IKeptResult[]>;

  get tested(): ITested | null {
    const tested = this._tested();
    return tested?.version ? tested : null;
  }

  /** The run that goes on, if any. */
  get run(): ITestRun | null {
    return this._run;
  }

  /** Why the last run or the last keeping ended early; empty when it did not. */
  get problem(): string {
    return this._problem;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  inputUrl(test: IKeptTest): string {
    return this._api.testInputUrl(test);
  }

  async refresh(): Promise<void> {
    await Promise.all(this._parts.map(part => part.refresh()));
  }

  /** Keeps what a version answered to the input of `trial`; tells whether that was done. */
  async keep(trial: ITrialState, keeping: IKeeping): Promise<boolean> {
    const expected = expectedOf(trial.outcome);
    const tested = this.tested;
    if (!expected || !tested) {
      return false;
    }
    const input =
      expected.kind === 'image' && trial.image
        ? trial.image
        : new File([trial.tensors], 'request.json', { type: 'application/json' });
    try {
      const work = { signal: new AbortController().signal, onProgress: () => undefined };
      const [file] = await uploadFiles(this._api, [input], work);
      const { digest, size } = file!;
      const { version, answer } = expected;
      await this._api.keepTest(tested.model, {
        ...{ version, digest, size, expected: answer, media: mediaOf(input) },
        ...keeping
      });
      this._set(this._run, '');
    } catch (error) {
      this._set(this._run, messageOf(error));
      return false;
    }
    await this.refresh();
    return true;
  }

  /** Runs tests with the version that is shown: those of `names`, or all. */
  async start(names: readonly string[] = []): Promise<void> {
    const tested = this.tested;
    const all = this.tests.value?.items.map(({ name }) => name) ?? [];
    const wanted = names.length ? names : all;
    if (!tested || this._run || !wanted.length) {
      return;
    }
    const { signal } = (this._running = new AbortController());
    this._set({ ...tested, names: wanted, done: 0 }, '');
    const problem = await this._ran(tested, names, signal);
    if (!this.isDisposed) {
      this._set(null, problem);
      await this.refresh();
    }
  }

  /** Ends the run; what was found so far stays. */
  cancel(): void {
    this._running?.abort();
  }

  /** Takes what the server tells of work that goes on. */
  hear({ action, details }: IRegistryEvent): void {
    const run = this._run;
    if (action === PROGRESS && run && details['entry'] === `${run.model}@${run.version}`) {
      this._set({ ...run, done: Number(details['done']) }, '');
      void this.results.refresh();
    }
  }

  get isDisposed(): boolean {
    return this.tests.isDisposed;
  }

  dispose(): void {
    this._parts.forEach(part => part.dispose());
    this.cancel();
    Signal.clearData(this);
  }

  private get _parts(): readonly [Resource<IKeptTests>, Resource<readonly IKeptResult[]>] {
    return [this.tests, this.results];
  }

  private async _readTests(): Promise<IKeptTests> {
    const tested = this.tested;
    return tested ? this._api.keptTests(tested.model) : { items: [], tallies: [] };
  }

  private async _readResults(): Promise<readonly IKeptResult[]> {
    const tested = this.tested;
    return tested ? (await this._api.testResults(tested.model, tested.version)).items : [];
  }

  /** Runs tests, and tells what was wrong; a cancelled run is not. */
  private async _ran(
    { model, version }: ITested,
    names: readonly string[],
    signal: AbortSignal
  ): Promise<string> {
    try {
      await this._api.runTests(model, version, names, signal);
      return '';
    } catch (error) {
      return signal.aborted ? '' : messageOf(error);
    }
  }

  private _set(run: ITestRun | null, problem: string): void {
    this._run = run;
    this._problem = problem;
    this._tell();
  }

  private _tell(): void {
    this._changed.emit();
  }

  private _run: ITestRun | null = null;
  private _problem = '';
  private _running: AbortController | null = null;
  private _changed = new Signal<this, void>(this);
}
