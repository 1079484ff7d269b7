import { fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';

import { Comparison, type IComparisonProps } from '../src/components/comparison';
import { gridOrder, nextSort, rowKey, withVersions } from '../src/grid';
import { type IComparisonRow, type IComparisonTable } from '../src/types';
import { trans } from './trans';

function row(changes: Partial<IComparisonRow>): IComparisonRow {
  return {
    group: 'metric',
    name: 'accuracy',
    values: [0.9, 0.95, 0.92],
    deltas: [0, 0.05, 0.02],
    best: [1],
    lower_is_better: false,
    differs: true,
    noise: [],
    ...changes
  };
}

const accuracy = row({});
const loss = row({ name: 'loss', values: [0.3, null, 0.2], best: [2], lower_is_better: true });
const C = row({ group: 'param', name: 'C', values: ['a', 'b10', 'b9'], deltas: [], best: [] });
const table: IComparisonTable = {
  versions: ['digits@1.0.0', 'digits@1.1.0', 'digits@1.2.0'],
  base: 0,
  rows: [accuracy, loss, C]
};

function show(changes: Partial<IComparisonProps> = {}) {
  const props: IComparisonProps = {
    table,
    base: 0,
    onlyDifferences: false,
    trans,
    onBase: jest.fn(),
    onOnlyDifferences: jest.fn(),
    selected: ['digits@1.2.0'],
    onSelect: jest.fn(),
    onExport: jest.fn(),
    ...changes
  };
  render(<Comparison {...props} />);
  return props;
}

function heads(): string[] {
  return screen.getAllByRole('columnheader').map(head => head.title.split('@')[1]!);
}

describe('the order of versions', () => {
  const ordered = (sort: Parameters<typeof gridOrder>[3], base = 0) =>
    gridOrder(table, [0, 1, 2], base, sort);

  it('has the base first, the others as they came or by the values of a row', () => {
    expect(ordered(null, 1)).toEqual([1, 0, 2]);
    expect(ordered({ row: rowKey(accuracy), descending: true }, 2)).toEqual([2, 1, 0]);
    expect(ordered({ row: rowKey(C), descending: false })).toEqual([0, 2, 1]);
  });

  it('has what a version lacks at its end, both ways', () => {
    expect(ordered({ row: rowKey(loss), descending: false }, 2)).toEqual([2, 0, 1]);
    expect(ordered({ row: rowKey(loss), descending: true }, 2)).toEqual([2, 0, 1]);
  });

  it('begins with the best, turns round and ends', () => {
    const best = nextSort(accuracy, null)!;
    expect(best.descending).toBe(true);
    expect(nextSort(loss, null)!.descending).toBe(false);
    const worst = nextSort(accuracy, best)!;
    expect(worst.descending).toBe(false);
    expect(nextSort(accuracy, worst)).toBeNull();
  });
});

it('a table of some versions keeps what is theirs', () => {
  const some = withVersions(table, [2, 0]);
  expect(some.versions).toEqual(['digits@1.2.0', 'digits@1.0.0']);
  expect(some.base).toBe(1);
  expect(some.rows.map(row => row.values)).toEqual([
    [0.92, 0.9],
    [0.2, 0.3],
    ['b9', 'a']
  ]);
  expect(some.rows.map(row => row.best)).toEqual([[], [0], []]);
});

describe('the grid', () => {
  it('is filtered by the names of rows', () => {
    show();
    fireEvent.change(screen.getByLabelText('Filter rows'), { target: { value: 'LO' } });
    expect(screen.queryByRole('rowheader', { name: 'loss' })).toBeTruthy();
    expect(screen.queryByRole('rowheader', { name: 'accuracy' })).toBeNull();
    fireEvent.change(screen.getByLabelText('Filter rows'), { target: { value: 'nothing' } });
    expect(screen.getByRole('status').textContent).toBe('No row has this name.');
  });

  it('orders versions by the row whose name is clicked', () => {
    show({ base: 1 });
    expect(heads()).toEqual(['1.1.0', '1.0.0', '1.2.0']);
    const name = screen.getByRole('rowheader', { name: 'accuracy' });
    fireEvent.click(within(name).getByRole('button'));
    expect(heads()).toEqual(['1.1.0', '1.2.0', '1.0.0']);
    expect(screen.getByRole('rowheader', { name: /^accuracy/ }).getAttribute('aria-sort')).toBe(
      'descending'
    );
  });

  it('hides versions and shows them again, the base not', () => {
    show();
    expect(screen.queryByLabelText('Hide digits@1.0.0')).toBeNull();
    fireEvent.click(screen.getByLabelText('Hide digits@1.1.0'));
    expect(heads()).toEqual(['1.0.0', '1.2.0']);
    fireEvent.click(screen.getByText('Show 1 hidden version'));
    expect(heads()).toEqual(['1.0.0', '1.1.0', '1.2.0']);
  });

  it('tells what is ticked, and exports that or all', () => {
    const { onSelect, onExport } = show();
    fireEvent.click(screen.getByLabelText('Select digits@1.1.0'));
    expect(onSelect).toHaveBeenCalledWith(['digits@1.2.0', 'digits@1.1.0']);
    fireEvent.click(screen.getByText('CSV'));
    expect(onExport).toHaveBeenCalledWith([2]);
  });

  it('keeps its columns as wide as one makes them, by keys too', () => {
    show();
    const edge = screen.getByLabelText('Width of digits@1.1.0');
    const before = Number(edge.getAttribute('aria-valuenow'));
    fireEvent.keyDown(edge, { key: 'ArrowRight' });
    expect(Number(edge.getAttribute('aria-valuenow'))).toBe(before + 16);
    expect(edge.closest('th')!.style.width).toBe(`${before + 16}px`);
  });

  it('folds the rows of a kind', () => {
    show();
    fireEvent.click(screen.getByRole('button', { name: /Metrics/ }));
    expect(screen.queryByRole('rowheader', { name: 'loss' })).toBeNull();
    expect(screen.queryByRole('rowheader', { name: 'C' })).toBeTruthy();
  });
});
