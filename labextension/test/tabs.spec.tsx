import { fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';

import { CommandIDs } from '../src/commands/ids';
import { FileTree } from '../src/components/filetree';
import { figuresOf, scoreNames, scorePoints } from '../src/curves';
import { diffRows, kindOf } from '../src/diff';
import { fileLines } from '../src/filetree';
import { detailsOf, neighbours, placeOf } from '../src/lineage';
import { type IArtifact, type ILineageGraph, type ISeries } from '../src/types';
import { versionRecord } from './records';
import { trans } from './trans';

describe('curves', () => {
  const series = (changes: Partial<ISeries>): ISeries => ({
    figure: 'loss',
    legend: '',
    x: [0, 1, 2],
    y: [3, null, 1],
    at: [0, 0, 0],
    count: 3,
    ...changes
  });

  it('a figure has a line per version and legend, without the points that have no value', () => {
    const figures = figuresOf([
      { name: '1.0.0', series: [series({}), series({ figure: 'acc', legend: 'test' })] },
      { name: '1.1.0', series: [series({})] }
    ]);
    expect(figures.map(({ figure, lines }) => [figure, lines])).toEqual([
      ['acc', ['1.0.0 test']],
      ['loss', ['1.0.0', '1.1.0']]
    ]);
    expect(figures[0]!.points.map(({ x, y }) => [x, y])).toEqual([
      [0, 3],
      [2, 1]
    ]);
  });

  it('a score runs over the versions that have it, in the order of their numbers', () => {
    const versions = [
      versionRecord({ version: '1.10.0', metrics: { accuracy: 0.9 } }),
      versionRecord({ version: '1.2.0', evaluations: { golden: { accuracy: 0.7 } } }),
      versionRecord({ version: '1.9.0', metrics: { accuracy: 0.8 } })
    ];
    expect(scoreNames(versions)).toEqual(['accuracy', 'accuracy @ golden']);
    expect(scorePoints(versions, 'accuracy').map(({ version }) => version)).toEqual([
      '1.9.0',
      '1.10.0'
    ]);
  });
});

describe('lineage', () => {
  const graph: ILineageGraph = {
    root: 'version:1',
    cut: false,
    nodes: [
      { id: 'dataset:1', kind: 'dataset', name: 'd@1', depth: -1, details: {} },
      { id: 'version:1', kind: 'version', name: 'm@1.0.0', depth: 0, details: { status: 'draft' } },
      {
        id: 'deployment:1',
        kind: 'deployment',
        name: 'svc',
        depth: 1,
        details: { state: 'Deployed', note: '', limits: {} }
      }
    ],
    edges: [
      { start: 'dataset:1', end: 'version:1', kind: 'trained', label: 'train' },
      { start: 'version:1', end: 'deployment:1', kind: 'deployed', label: '' }
    ]
  };

  it('leads both ways', () => {
    const names = (side: 'causes' | 'effects') =>
      neighbours(graph, 'version:1', side).map(({ node }) => node.name);
    expect(names('causes')).toEqual(['d@1']);
    expect(names('effects')).toEqual(['svc']);
  });

  it('opens versions and deployments, and shows plain details alone', () => {
    const [dataset, version, deployment] = graph.nodes as [
      ILineageGraph['nodes'][number],
      ILineageGraph['nodes'][number],
      ILineageGraph['nodes'][number]
    ];
    expect(placeOf(dataset)).toBeNull();
    expect(placeOf(version)).toEqual({
      command: CommandIDs.openModel,
      args: { model: 'm', version: '1.0.0', tab: 'card' }
    });
    expect(placeOf(deployment)?.command).toBe(CommandIDs.openDeployment);
    expect(placeOf({ ...dataset, id: 'run:a1', kind: 'run' })?.args).toEqual({ run: 'a1' });
    expect(detailsOf(deployment)).toEqual([['state', 'Deployed']]);
  });
});

describe('cells side by side', () => {
  const told = (before: string, after: string) =>
    diffRows(before, after).map(row => [kindOf(row), row.before, row.after]);

  it('keeps common lines together', () => {
    expect(told('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual([
      ['same', 'a', 'a'],
      ['changed', 'b', 'x'],
      ['same', 'c', 'c'],
      ['added', null, 'd']
    ]);
    expect(told('a\nb\na\nb', 'a\nb')).toEqual([
      ['same', 'a', 'a'],
      ['same', 'b', 'b'],
      ['removed', 'a', null],
      ['removed', 'b', null]
    ]);
  });

  it('bears empty and equal texts', () => {
    expect(told('', '')).toEqual([]);
    expect(told('', 'a')).toEqual([['added', null, 'a']]);
    expect(told('a', 'a\n')).toEqual([['same', 'a', 'a']]);
  });
});

describe('files', () => {
  const files: readonly IArtifact[] = ['z.txt', 'b/c/d.bin', 'b/a.bin', 'a.txt'].map(path => ({
    path,
    digest: `blake3:${'ab'.repeat(32)}`,
    size: 10
  }));

  it('lie in folders, folders first', () => {
    expect(fileLines(files).map(({ path, depth }) => [path, depth])).toEqual([
      ['b/', 0],
      ['b/c/', 1],
      ['b/c/d.bin', 2],
      ['b/a.bin', 1],
      ['a.txt', 0],
      ['z.txt', 0]
    ]);
  });

  it('are downloaded one, some or all, and looked into', () => {
    const run = jest.fn();
    const onPreview = jest.fn();
    const props = { run, onPreview, trans, previewed: null, renderMarkdown: null };
    const preview = { kind: 'ready', value: null } as const;
    render(<FileTree {...props} version={versionRecord({ artifacts: files })} preview={preview} />);
    fireEvent.click(screen.getByRole('button', { name: 'd.bin' }));
    expect(onPreview).toHaveBeenCalledWith('b/c/d.bin');
    const table = within(screen.getByRole('table', { name: 'Files' }));
    fireEvent.click(table.getByLabelText('Choose a.txt'));
    fireEvent.click(screen.getByRole('button', { name: 'Download (1)' }));
    fireEvent.click(table.getByLabelText('Choose b/a.bin'));
    fireEvent.click(screen.getByRole('button', { name: 'Download (2)' }));
    fireEvent.click(screen.getByRole('button', { name: 'Download all' }));
    const version = { model: 'digits', version: '1.0.0' };
    expect(run.mock.calls.map(([, args]) => args)).toEqual([
      { ...version, path: 'a.txt' },
      { ...version, files: ['a.txt', 'b/a.bin'] },
      version
    ]);
  });
});
