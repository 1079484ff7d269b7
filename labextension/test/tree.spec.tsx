import { fireEvent, render, screen } from '@testing-library/react';
import React from 'react';

import { ModelTreeView } from '../src/components/modeltree';
import { ModelTree, type TreeRow } from '../src/model/tree';
import { modelRecord, versionRecord } from './records';
import { served } from './server';
import { trans } from './trans';

describe('ModelTree', () => {
  function tree() {
    const models = [modelRecord({ name: 'a' }), modelRecord({ name: 'b' })];
    const versions = Array.from({ length: 100 }, (_, i) =>
      versionRecord({ model: 'a', version: `1.${i}.0` })
    );
    const server = served({
      'GET models': { items: models, next_cursor: null },
      'GET models/a/versions': { items: versions, next_cursor: 'more' }
    });
    return { ...server, tree: new ModelTree(server.api) };
  }
  const kinds = (rows: readonly TreeRow[]) => rows.map(row => row.kind);
  const settle = () => new Promise(resolve => setTimeout(resolve, 20));

  it('reads the versions of a model when it is opened, and no others', async () => {
    const { tree: models, requests } = tree();
    await models.refresh();
    expect(kinds(models.rows)).toEqual(['model', 'model']);
    models.open('a');
    expect(kinds(models.rows)).toEqual(['model', 'note', 'model']);
    await settle();
    expect(models.rows).toHaveLength(103);
    expect(kinds(models.rows.slice(100))).toEqual(['version', 'more', 'model']);
    models.toggle('a');
    expect(kinds(models.rows)).toEqual(['model', 'model']);
    expect(requests.map(({ path }) => path)).toEqual(['models', 'models/a/versions']);
    models.dispose();
  });

  it('narrows models and open versions by one search', async () => {
    const { tree: models, requests } = tree();
    await models.refresh();
    models.open('a');
    await settle();
    requests.splice(0);
    await models.narrow('', 'tag = vision');
    expect([...new Set(requests.map(({ path }) => path))]).toEqual(['models', 'models/a/versions']);
    for (const { query } of requests) {
      expect(query).toContain('filter=tag+%3D+vision');
    }
    models.dispose();
  });

  it('says in its place why versions could not be read', async () => {
    const { tree: models } = tree();
    await models.refresh();
    models.open('b');
    await settle();
    expect(models.rows[2]).toMatchObject({ kind: 'failed', message: expect.stringContaining('b') });
    models.dispose();
  });
});

describe('ModelTreeView', () => {
  beforeEach(() => {
    // jsdom lays nothing out; the virtual list needs a height to fill.
    jest.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(300);
    jest.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(300);
  });
  afterEach(() => jest.restoreAllMocks());

  function show(rows: readonly TreeRow[], hasMore = false) {
    const props = {
      onOpen: jest.fn(),
      onToggle: jest.fn(),
      onMenu: jest.fn(),
      onMore: jest.fn(),
      onDrag: jest.fn()
    };
    render(<ModelTreeView rows={rows} hasMore={hasMore} trans={trans} {...props} />);
    return props;
  }

  const models = (count: number): TreeRow[] =>
    Array.from({ length: count }, (_, i) => ({
      kind: 'model',
      isOpen: false,
      model: modelRecord({
        name: `model-${i}`,
        deployments: [{ name: `deployed-${i}`, state: 'Deployed', version: '1.0.0' }]
      })
    }));
  const opened: TreeRow[] = [
    { kind: 'model', isOpen: true, model: modelRecord() },
    {
      kind: 'version',
      model: modelRecord(),
      version: versionRecord({ stage: 'production', aliases: ['champion'] })
    },
    { kind: 'more', model: modelRecord() }
  ];

  it('draws only what is in sight of 10,000 models', () => {
    show(models(10_000), true);
    const rows = screen.getAllByRole('treeitem');
    expect(rows.length).toBeLessThan(30);
    expect(rows[0]!.textContent).toContain('model-0');
    expect(rows[0]!.textContent).toContain('deployed-0');
  });

  it('is moved through and opened by keys', () => {
    const { onOpen, onToggle } = show(models(3));
    const tree = screen.getByRole('tree');
    fireEvent.keyDown(tree, { key: 'ArrowDown' });
    fireEvent.keyDown(tree, { key: 'End' });
    fireEvent.keyDown(tree, { key: 'ArrowDown' });
    fireEvent.keyDown(tree, { key: 'Enter' });
    expect(onOpen).toHaveBeenCalledWith(expect.objectContaining({ name: 'model-2' }));
    fireEvent.keyDown(tree, { key: 'ArrowRight' });
    expect(onToggle).toHaveBeenCalledWith(expect.objectContaining({ name: 'model-2' }));
  });

  it('shows versions with stage and aliases one level below their model', () => {
    const { onOpen, onMore, onToggle } = show(opened);
    const tree = screen.getByRole('tree');
    const version = screen.getAllByRole('treeitem')[1]!;
    expect(version.getAttribute('aria-level')).toBe('2');
    expect(version.textContent).toBe('1.0.0Productionchampion');
    fireEvent.keyDown(tree, { key: 'ArrowRight' });
    fireEvent.keyDown(tree, { key: 'Enter' });
    expect(onOpen.mock.calls[0][1]).toMatchObject({ version: '1.0.0' });
    fireEvent.click(screen.getByText('Show more versions'));
    expect(onMore).toHaveBeenCalledWith(expect.objectContaining({ name: 'digits' }));
    fireEvent.keyDown(tree, { key: 'ArrowLeft' });
    fireEvent.keyDown(tree, { key: 'ArrowLeft' });
    expect(onToggle).toHaveBeenCalledTimes(1);
  });

  it('opens the menu of a row by mouse, and of the active row by the menu key', () => {
    const { onMenu } = show(opened);
    fireEvent.contextMenu(screen.getAllByRole('treeitem')[1]!, { clientX: 4, clientY: 5 });
    expect(onMenu).toHaveBeenCalledWith(opened[1], 4, 5);
    fireEvent.contextMenu(screen.getByRole('tree'));
    expect(onMenu).toHaveBeenLastCalledWith(opened[1], expect.any(Number), expect.any(Number));
  });

  it('tells that a row is dragged once the mouse has moved far enough', () => {
    const { onDrag } = show(opened);
    fireEvent.mouseDown(screen.getAllByRole('treeitem')[1]!, { button: 0, clientX: 0, clientY: 0 });
    fireEvent.mouseMove(document, { clientX: 2, clientY: 2 });
    expect(onDrag).not.toHaveBeenCalled();
    fireEvent.mouseMove(document, { clientX: 9, clientY: 2 });
    fireEvent.mouseMove(document, { clientX: 20, clientY: 2 });
    expect(onDrag).toHaveBeenCalledTimes(1);
    expect(onDrag.mock.calls[0][0]).toBe(opened[1]);
  });
});
