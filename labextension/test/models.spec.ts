import { type Event } from '@jupyterlab/services';
import { Stream } from '@lumino/signaling';

import { Changes, REGISTRY_EVENT_SCHEMA } from '../src/model/changes';
import { settledDeployment } from '../src/model/deployment';
import { PagedList } from '../src/model/list';
import { ModelPage } from '../src/model/page';
import { Resource } from '../src/model/resource';
import { Trial } from '../src/model/trial';
import { type IModel, type IRegistryEvent } from '../src/types';
import {
  deploymentRecord,
  eventRecord,
  modelRecord,
  predictionRecord,
  versionRecord
} from './records';
import { Answer, type ISeenRequest, served } from './server';

function later<T>(value: T, ms: number): Promise<T> {
  return new Promise(resolve => setTimeout(() => resolve(value), ms));
}

describe('Resource', () => {
  it('drops the answer to an older question', async () => {
    const answers = [later('old', 30), later('new', 1)];
    const resource = new Resource(() => answers.shift()!);
    await Promise.all([resource.refresh(), resource.refresh()]);
    expect(resource.value).toBe('new');
  });

  it('keeps its value while it reads again, and says why it could not', async () => {
    let isBroken = false;
    const resource = new Resource(async () => {
      if (isBroken) {
        throw new Error('No network.');
      }
      return 1;
    });
    const seen: string[] = [];
    resource.changed.connect(({ state }) => seen.push(state.kind));
    await resource.refresh();
    isBroken = true;
    await resource.refresh();
    expect(seen).toEqual(['ready', 'failed']);
    expect(resource.state).toEqual({ kind: 'failed', message: 'No network.' });
  });

  it('tells nothing after it was disposed', async () => {
    const resource = new Resource(() => later(1, 5));
    const reading = resource.refresh();
    resource.dispose();
    await reading;
    expect(resource.state.kind).toBe('loading');
  });
});

describe('PagedList', () => {
  function listOf(count: number) {
    const names = Array.from({ length: count }, (_, i) => modelRecord({ name: `m${i}` }));
    const seen: string[] = [];
    const list = new PagedList<IModel>(async ({ search, cursor, limit }) => {
      seen.push(`${search}|${cursor ?? ''}`);
      const found = names.filter(({ name }) => name.includes(search));
      const start = Number(cursor ?? 0);
      const end = start + limit;
      return {
        items: found.slice(start, end),
        next_cursor: end < found.length ? String(end) : null
      };
    });
    return { list, seen };
  }

  it('reads one page more on demand and the same part on refresh', async () => {
    const { list, seen } = listOf(250);
    await list.refresh();
    expect(list.items.length).toBe(100);
    await list.more();
    expect(list.items.length).toBe(200);
    expect(seen.at(-1)).toBe('|100'); // the next page alone
    seen.length = 0;
    await list.refresh();
    // What was read in parts is read again at once.
    expect(seen).toEqual(['|']);
    await list.more();
    await list.more();
    expect(list.items.length).toBe(250);
    expect(list.state).toMatchObject({ kind: 'ready', value: { hasMore: false } });
  });

  it('begins anew when the search changes', async () => {
    const { list, seen } = listOf(250);
    await list.refresh();
    await list.more();
    list.search = 'm24';
    await later(null, 1);
    expect(seen.at(-1)).toBe('m24|');
    expect(list.items.map(({ name }) => name)).toContain('m249');
  });
});

describe('Changes', () => {
  function changesOf(routes: Record<string, unknown>) {
    const { api, requests } = served({ 'GET status': { last_event: 5 }, ...routes });
    const stream = new Stream<Event.IManager, Event.Emission>({} as Event.IManager);
    const changes = new Changes({ api, stream, interval: 20 });
    const told: number[][] = [];
    changes.changed.connect((_, events) => told.push(events.map(({ id }) => id)));
    const emit = (event: IRegistryEvent, schema = REGISTRY_EVENT_SCHEMA) =>
      stream.emit({ ...event, schema_id: schema } as unknown as Event.Emission);
    return { changes, told, emit, requests };
  }

  it('tells a burst of events once, and none twice', async () => {
    const { changes, told, emit } = changesOf({ 'GET events': { items: [] } });
    emit(eventRecord({ id: 6 }));
    emit(eventRecord({ id: 7 }));
    emit(eventRecord({ id: 7 }));
    emit(eventRecord({ id: 9 }), 'another schema');
    await later(null, 200);
    expect(told).toEqual([[6, 7]]);
    changes.dispose();
  });

  it('finds by polling what the stream lost', async () => {
    const missed = ({ query }: ISeenRequest) => ({
      items: query === 'after=5' ? [eventRecord({ id: 6 })] : []
    });
    const { changes, told } = changesOf({ 'GET events': missed });
    await later(null, 300);
    expect(told).toEqual([[6]]);
    changes.dispose();
  });

  it('keeps progress apart from changes', async () => {
    const { changes, told, emit } = changesOf({ 'GET events': { items: [] } });
    const progress: unknown[] = [];
    changes.progress.connect((_, { details }) => progress.push(details));
    emit(eventRecord({ id: 0, details: { entry: 'digits', done: 1, total: 2 } }));
    await later(null, 150);
    expect(progress).toEqual([{ entry: 'digits', done: 1, total: 2 }]);
    expect(told).toEqual([]);
    changes.dispose();
  });
});

describe('ModelPage', () => {
  const failed = deploymentRecord({ state: 'Failed', message: 'It fell over.' });

  function pageOf(deployments = [failed]) {
    const two = versionRecord({ version: '2.0.0', sequence: 2 });
    const { api, requests } = served({
      'GET models/digits': modelRecord({ latest: two, newest: two }),
      'GET models/digits/versions': { items: [two, versionRecord()], next_cursor: null },
      'GET models/digits/versions/2.0.0': two,
      'GET models/digits/versions/1.0.0': versionRecord(),
      'GET deployments': { items: deployments },
      'GET deployments/digits-a1b2c/logs': { text: 'Traceback' },
      'GET compare': { versions: ['digits@1.0.0', 'digits@2.0.0'], base: 0, rows: [] }
    });
    return { page: new ModelPage(api, 'digits'), requests };
  }

  it('looks at the latest version until another is chosen', async () => {
    const { page } = pageOf();
    await page.refresh();
    expect(page.version.value?.version).toBe('2.0.0');
    page.choose('1.0.0');
    await later(null, 10);
    expect(page.version.value?.version).toBe('1.0.0');
  });

  it('opens the logs of a deployment that failed, once', async () => {
    const { page } = pageOf();
    await page.refresh();
    expect(page.logsOf).toBe('digits-a1b2c');
    expect(page.logs.value).toBe('Traceback');
    page.logsOf = null;
    await page.refresh();
    expect(page.logsOf).toBeNull();
  });

  it('compares what is ticked, and keeps its base in range', async () => {
    const { page, requests } = pageOf([]);
    await page.compared.refresh();
    expect(page.compared.table.value).toBeNull();
    page.pick(['1.0.0', '2.0.0']);
    page.compared.base = 1;
    page.pick(['1.0.0']);
    expect(page.compared.base).toBe(0);
    await later(null, 10);
    expect(requests.at(-1)!.query).toBe('version=digits%401.0.0&base=0');
  });
});

describe('Trial', () => {
  const image = new File(['pixels'], 'a.png', { type: 'image/png' });
  const target = { deployment: 'd', model: 'digits', version: '', takesImages: true };

  it('shows the answer for the chosen image', async () => {
    const { api } = served({ 'POST deployments/d/predict': predictionRecord({ classes: [] }) });
    const trial = new Trial(api);
    trial.choose(image);
    await trial.predict(target);
    expect(trial.state).toMatchObject({ image, outcome: { kind: 'ready' } });
    trial.discard();
    expect(trial.state).toMatchObject({ image: null, outcome: { kind: 'none' } });
  });

  it('shows why the server refused', async () => {
    const refusal = new Answer(413, { code: 'too_large', message: 'The limit is 25 MB.' });
    const { api } = served({ 'POST deployments/d/predict': refusal });
    const trial = new Trial(api);
    trial.choose(image);
    await trial.predict(target);
    expect(trial.state.outcome).toEqual({ kind: 'failed', message: 'The limit is 25 MB.' });
  });

  it('keeps the image and drops the answer when it is cancelled', async () => {
    const { api } = served({ 'POST deployments/d/predict': () => later(predictionRecord(), 20) });
    const trial = new Trial(api);
    trial.choose(image);
    const asking = trial.predict(target);
    trial.cancel();
    await asking;
    expect(trial.state).toMatchObject({ image, outcome: { kind: 'none' } });
  });
});

describe('settledDeployment', () => {
  it('waits for the lasting state', async () => {
    const states = ['Deploying', 'Deployed'] as const;
    let look = 0;
    const { api } = served({
      'GET deployments/d': () => deploymentRecord({ name: 'd', state: states[look++] })
    });
    await expect(settledDeployment(api, 'd')).resolves.toMatchObject({ state: 'Deployed' });
  });

  it('throws the reason of a failure', async () => {
    const { api } = served({
      'GET deployments/d': deploymentRecord({ state: 'Failed', message: 'Out of memory.' })
    });
    await expect(settledDeployment(api, 'd')).rejects.toThrow('Out of memory.');
  });
});
