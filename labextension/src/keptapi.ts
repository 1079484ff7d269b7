import { RunApi } from './runapi';
import {
  type IItems,
  type IKeptResult,
  type IKeptTest,
  type IKeptTests,
  type IKeep
} from './types';

/** Requests about kept tests. */
export class KeptApi extends RunApi {
  /** The kept tests of a model, and how many of them each version passed. */
  keptTests(model: string): Promise<IKeptTests> {
    return this.request('GET', ['models', model, 'tests']);
  }

  /** Keeps an input that was uploaded before. */
  keepTest(model: string, test: IKeep): Promise<IKeptTest> {
    return this.request('POST', ['models', model, 'tests'], { json: test });
  }

  removeTest(model: string, test: string): Promise<void> {
    return this.request('DELETE', ['models', model, 'tests', test], { query: { confirm: test } });
  }

  /** Where a browser finds the input of a test. */
  testInputUrl({ model, name, digest }: IKeptTest): string {
    return this.url(['models', model, 'tests', name, 'input'], { digest });
  }

  /** What became of the tests with a version; those that were not run are not in it. */
  testResults(model: string, version: string): Promise<IItems<IKeptResult>> {
    return this.request('GET', ['models', model, 'versions', version, 'tests']);
  }

  /** Runs tests with a version; aborting ends the work, what was found so far stays. */
  runTests(
    model: string,
    version: string,
    tests: readonly string[],
    signal: AbortSignal
  ): Promise<IItems<IKeptResult>> {
    return this.request('POST', ['models', model, 'versions', version, 'tests', 'run'], {
      json: { tests },
      signal
    });
  }
}
