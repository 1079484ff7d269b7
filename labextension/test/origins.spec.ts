import { Origins } from '../src/model/origins';
import Layers from '../src/widget/layers';
import { eventRecord, versionRecord } from './records';
import { served } from './server';

it('a version waits for its cell to have run, and is known by the identity of the cell (N18)', async () => {
  const code = { notebook: '/notes/a.ipynb', cells: [1, 4] };
  const { api } = served({ 'GET models/digits/versions/1.0.0': versionRecord({ code }) });
  const origins = new Origins(api, null);
  const cells = new Map<number, string>();
  const notebooks = [
    { path: '/notes/other.ipynb', cellOf: () => 'not this' },
    { path: '/notes/a.ipynb', cellOf: (count: number) => cells.get(count) }
  ];
  await origins.note([eventRecord(), eventRecord({ action: 'version.edited' })], notebooks);
  expect(origins.of('c4')).toEqual([]);
  cells.set(4, 'c4');
  origins.settle(notebooks);
  expect(origins.of('c4')).toEqual(['digits@1.0.0']);
  expect(origins.of('not this')).toEqual([]);
});

it('layers put each node right of all its causes, also when there is a circle', async () => {
  const node = (id: string) => ({ id, width: 10, height: 10 });
  const edge = (from: string, to: string) => ({ id: from + to, sources: [from], targets: [to] });
  const graph = { id: 'g', layoutOptions: {}, children: ['a', 'b', 'c', 'd'].map(node) };
  const edges = [edge('a', 'b'), edge('b', 'c'), edge('a', 'c'), edge('a', 'd')];
  const columns = async (given: typeof edges) =>
    (await new Layers().layout({ ...graph, edges: given })).children.map(({ x }) => x! / 100);
  expect(await columns(edges)).toEqual([0, 1, 2, 1]);
  expect(Math.max(...(await columns([...edges, edge('c', 'a')])))).toBeLessThan(4);
});
