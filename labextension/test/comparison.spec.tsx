import { fireEvent, render, screen, within } from '@testing-library/react';
import React from 'react';

import { Comparison, type IComparisonProps } from '../src/components/comparison';
import {
  comparedCell,
  comparedGroups,
  comparisonCode,
  comparisonCsv,
  extremes,
  scorePlaces
} from '../src/comparison';
import { type IComparisonRow, type IComparisonTable } from '../src/types';
import { trans } from './trans';

function row(changes: Partial<IComparisonRow>): IComparisonRow {
  return {
    group: 'metric',
    name: 'accuracy',
    values: [0.9, 0.95],
    deltas: [0, 0.05],
    best: [1],
    lower_is_better: false,
    differs: true,
    noise: [],
    ...changes
  };
}

const table: IComparisonTable = {
  versions: ['digits@1.0.0', 'digits@1.1.0'],
  base: 0,
  rows: [
    row({}),
    row({ name: 'loss', values: [0.3, 0.2], lower_is_better: true }),
    row({ group: 'param', name: 'C', values: [1, null], deltas: [], best: [] }),
    row({ group: 'fact', name: 'task', values: ['x', 'x'], deltas: [], best: [], differs: false }),
    row({ group: 'fact', name: 'author', values: ['', ''], deltas: [], best: [], differs: false })
  ]
};

function show(changes: Partial<IComparisonProps> = {}) {
  const props: IComparisonProps = {
    table,
    base: 0,
    onlyDifferences: false,
    trans,
    onBase: jest.fn(),
    onOnlyDifferences: jest.fn(),
    ...changes
  };
  render(<Comparison {...props} />);
  return props;
}

function cellsOf(name: string): HTMLElement[] {
  return within(screen.getByRole('rowheader', { name }).closest('tr')!).getAllByRole('cell');
}

describe('cells', () => {
  it('a delta refers to the base and knows whether it is good', () => {
    const [accuracy, loss] = table.rows as [IComparisonRow, IComparisonRow];
    expect(comparedCell(accuracy, 1, 0)).toMatchObject({ delta: '+0.05', trend: 'better' });
    expect(comparedCell(accuracy, 0, 1)).toMatchObject({ delta: '−0.05', trend: 'worse' });
    expect(comparedCell(loss, 1, 0)).toMatchObject({ delta: '−0.1', trend: 'better' });
    expect(comparedCell(accuracy, 0, 0).delta).toBe('');
  });

  it('no delta without a number on both sides, nor for parameters', () => {
    expect(comparedCell(row({ values: [null, 0.9] }), 1, 0).delta).toBe('');
    expect(comparedCell(row({ group: 'param', values: [1, 2] }), 1, 0).delta).toBe('');
  });

  it('tells how far a score may be off, and a difference that is no more than chance', () => {
    const scored = row({
      group: 'evaluation',
      values: [0.9, 0.91, 0.99],
      noise: [0.02, 0.02, 0.01]
    });
    expect(comparedCell(scored, 1, 0)).toMatchObject({ noise: '±0.02', isChance: true });
    expect(comparedCell(scored, 2, 0)).toMatchObject({ noise: '±0.01', isChance: false });
    const unknown = row({ values: [0.9, 0.91], noise: [0.02, null] });
    expect(comparedCell(unknown, 1, 0)).toMatchObject({ noise: '', isChance: false });
  });

  it('keeps the full value for the title', () => {
    expect(comparedCell(row({ values: [0.123456789, 1] }), 0, 0)).toMatchObject({
      text: '0.1235',
      full: '0.123456789'
    });
    expect(comparedCell(row({ group: 'fact', name: 'size', values: [2_000_000] }), 0, 0).text).toBe(
      '2.0 MB'
    );
  });

  it('takes a parameter called size for a number, a cost for bytes', () => {
    expect(comparedCell(row({ group: 'param', name: 'size', values: [24] }), 0, 0).text).toBe('24');
    const cost = row({ group: 'cost', name: 'size_bytes', values: [3000, 1000] });
    expect(comparedCell(cost, 1, 0)).toMatchObject({ text: '1.0 kB', delta: '−2.0 kB' });
  });

  it('shows the beginning of a digest', () => {
    const digest = `blake3:${'0123456789abcdef'.repeat(4)}`;
    const file = row({ group: 'file', name: 'm.onnx', values: [digest], best: [] });
    expect(comparedCell(file, 0, 0)).toMatchObject({ text: '0123456789ab', full: digest });
  });

  it('rows that are empty everywhere are left out', () => {
    const names = (onlyDifferences: boolean) =>
      comparedGroups(table, onlyDifferences).flatMap(({ rows }) => rows.map(({ name }) => name));
    expect(names(false)).toEqual(['accuracy', 'loss', 'C', 'task']);
    expect(names(true)).toEqual(['accuracy', 'loss', 'C']);
  });
});

describe('scores', () => {
  const three: IComparisonTable = {
    versions: ['a@1.0.0', 'a@1.1.0', 'a@1.2.0'],
    base: 0,
    rows: [
      row({ values: [0.9, 0.95, 0.92] }),
      row({ name: 'loss', values: [0.1, 0.3, 0.2], lower_is_better: true }),
      row({ name: 'alone', values: [1, null, null] })
    ]
  };

  it('lie between the worst and the best, whichever way is better', () => {
    const shares = scorePlaces(three).map(({ name, version, share }) => [name, version, share]);
    expect(shares).toEqual([
      ['accuracy', 'a@1.0.0', 0],
      ['accuracy', 'a@1.1.0', 1],
      ['accuracy', 'a@1.2.0', expect.closeTo(0.4)],
      ['loss', 'a@1.0.0', 1],
      ['loss', 'a@1.1.0', 0],
      ['loss', 'a@1.2.0', expect.closeTo(0.5)]
    ]);
  });

  it('the extremes are those that are best or worst in something, and the base', () => {
    expect([...extremes(three, 2)].sort()).toEqual([0, 1, 2]);
    expect([...extremes(three, 0)].sort()).toEqual([0, 1]);
    show({ table: three });
    fireEvent.click(screen.getByLabelText('Only extremes'));
    expect(screen.getAllByRole('columnheader').map(head => head.title)).toEqual([
      'a@1.0.0',
      'a@1.1.0'
    ]);
  });
});

describe('takes the table elsewhere', () => {
  it('as CSV, with quotes, and nothing that a spreadsheet runs', () => {
    const rows = [
      row({ group: 'fact', name: 'description', values: ['=HYPERLINK("x")', 'a "b", c'] }),
      row({ values: [-0.5, null] })
    ];
    expect(comparisonCsv({ ...table, rows }).split('\r\n')).toEqual([
      'group,name,digits@1.0.0,digits@1.1.0',
      'fact,description,"\'=HYPERLINK(""x"")","a ""b"", c"',
      'metric,accuracy,-0.5,',
      ''
    ]);
  });

  it('as code', () => {
    expect(comparisonCode(table)).toContain('.compare("digits@1.0.0", "digits@1.1.0", base=0)');
  });
});

describe('table', () => {
  it('has a head for each version and each row', () => {
    show();
    expect(screen.getAllByRole('columnheader').map(head => head.textContent)).toEqual([
      '1.0.0base',
      '1.1.0×'
    ]);
    expect(screen.getByRole('rowheader', { name: 'accuracy' })).toBeTruthy();
  });

  it('marks the best', () => {
    show();
    const [first, second] = cellsOf('accuracy') as [HTMLElement, HTMLElement];
    expect(within(second).getByLabelText('best')).toBeTruthy();
    expect(within(first).queryByLabelText('best')).toBeNull();
    expect(second.textContent).toBe('0.95★+0.05');
  });

  it('names the models when there are several', () => {
    show({ table: { ...table, versions: ['a@1.0.0', 'b@1.0.0'] } });
    expect(screen.getAllByRole('columnheader')[1]!.textContent).toBe('b@1.0.0×');
  });

  it('asks for another base and for differences only', () => {
    const { onBase, onOnlyDifferences } = show();
    fireEvent.change(screen.getByLabelText('Base version'), { target: { value: '1' } });
    fireEvent.click(screen.getByLabelText('Only differences'));
    expect(onBase).toHaveBeenCalledWith(1);
    expect(onOnlyDifferences).toHaveBeenCalledWith(true);
  });

  it('says so when nothing differs', () => {
    show({ table: { ...table, rows: table.rows.slice(3) }, onlyDifferences: true });
    expect(screen.getByRole('status').textContent).toBe('These versions do not differ.');
  });

  it('shows markup as text', () => {
    const values = ['<img src=x onerror=alert(1)>', 'b'];
    show({ table: { ...table, rows: [row({ group: 'fact', name: 'description', values })] } });
    expect(cellsOf('description')[0]!.textContent).toBe(values[0]);
    expect(document.querySelector('img')).toBeNull();
  });
});
