import { answerColumns } from '../src/answerrows';
import { faultOf, kindOf, readCell } from '../src/cells';
import { problemOf } from '../src/components/requestwords';
import { requestFor } from '../src/model/tensors';
import { pastedAt } from '../src/pasting';
import { tableOf } from '../src/requestreading';
import { type IRequestTable, requestOf, withBlock, withCell, withRow } from '../src/requesttable';
import { type IField } from '../src/types';
import { trans } from './trans';

const HOUSE: readonly IField[] = [
  { name: 'rooms', datatype: 'INT64', shape: [-1] },
  { name: 'area', datatype: 'FP64', shape: [-1] },
  { name: 'city', datatype: 'BYTES', shape: [-1] },
  { name: 'garden', datatype: 'BOOL', shape: [-1] }
];

function table(fields: readonly IField[], text = requestFor(fields)): IRequestTable {
  const tabled = tableOf(text, fields);
  if (tabled.kind !== 'table') {
    throw new Error(tabled.why);
  }
  return tabled.table;
}

function input(datatype: string, shape: readonly number[], data: readonly unknown[], told = {}) {
  return { name: 'x', datatype, shape, data, ...told };
}

function why(...inputs: readonly object[]): string {
  const tabled = tableOf(JSON.stringify({ inputs }), []);
  return tabled.kind === 'none' ? tabled.why : 'a table';
}

describe('a cell', () => {
  it.each([
    ['1.5', 'FP32', 1.5, null],
    [' 2 ', 'FP64', 2, null],
    ['', 'FP64', null, null],
    ['NaN', 'FP64', null, null],
    ['1,5', 'FP64', '1,5', 'number'],
    ['Infinity', 'FP64', 'Infinity', 'number'],
    ['3', 'INT8', 3, null],
    ['300', 'INT8', 300, 'range'],
    ['-1', 'UINT8', -1, 'range'],
    ['1.5', 'INT64', 1.5, 'whole'],
    ['', 'INT64', null, 'missing'],
    ['9007199254740993', 'INT64', '9007199254740993', 'long'],
    ['x', 'INT64', 'x', 'whole'],
    ['Yes', 'BOOL', true, null],
    ['0', 'BOOL', false, null],
    ['', 'BOOL', null, 'missing'],
    ['maybe', 'BOOL', 'maybe', 'flag'],
    ['', 'BYTES', '', null],
    [' nan ', 'BYTES', ' nan ', null]
  ])('%j in a column of %s is %j', (text, datatype, value, fault) => {
    expect(readCell(text, kindOf(datatype))).toBe(value);
    expect(faultOf(readCell(text, kindOf(datatype)), datatype)).toBe(fault);
  });
});

describe('a request as a table', () => {
  it('has a column for each input of one value a row', () => {
    const { columns, rows, isFree } = table(HOUSE);
    expect(columns.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'rooms whole',
      'area number',
      'city text',
      'garden flag'
    ]);
    expect(rows).toEqual([[0, 0, '', false]]);
    expect(isFree).toBe(true);
  });

  it('numbers the columns of one matrix, and names them where there are more inputs', () => {
    const names = (fields: readonly IField[]) => table(fields).columns.map(({ name }) => name);
    const matrix = { name: 'x', datatype: 'FP32', shape: [-1, 3] };
    expect(names([matrix])).toEqual(['0', '1', '2']);
    expect(names([matrix, HOUSE[0]!])).toEqual(['x[0]', 'x[1]', 'x[2]', 'rooms']);
    expect(names([{ ...matrix, shape: [-1, 2, 2] }])).toEqual(['0, 0', '0, 1', '1, 0', '1, 1']);
    expect(names([{ ...matrix, shape: [-1, 1] }])).toEqual(['x']);
    expect(table([{ ...matrix, shape: [2, 2] }]).isFree).toBe(false);
  });

  it('becomes the JSON that it came from', () => {
    const told = { id: 'a', parameters: { binary_data_output: false } };
    const written = {
      inputs: [
        { name: 'x', shape: [2, 2], datatype: 'FP32', data: [1, null, 3, 4] },
        { name: 'y', shape: [2], datatype: 'BYTES', data: ['a', ''] }
      ],
      ...told
    };
    const read = table([], JSON.stringify(written));
    expect(read.rows).toEqual([
      [1, null, 'a'],
      [3, 4, '']
    ]);
    expect(JSON.parse(requestOf(read))).toEqual(written);
    expect(requestOf(table(HOUSE))).toBe(requestFor(HOUSE));
    const nested = {
      inputs: [
        input(
          'FP32',
          [2, 2],
          [
            [1, 2],
            [3, 4]
          ]
        )
      ]
    };
    expect(table([], JSON.stringify(nested)).rows[1]).toEqual([3, 4]);
  });

  it('keeps what does not fit, tells it in a line, and has it after JSON too', () => {
    const wrong = withCell(withRow(table(HOUSE)), 1, 0, 'many');
    const again = table(HOUSE, requestOf(wrong));
    expect(again.rows[1]![0]).toBe('many');
    const told = (one: IRequestTable) => problemOf({ kind: 'table', table: one }, trans);
    expect(told(again)).toBe('Row 2, rooms: not a whole number.');
    expect(told(withCell(again, 0, 1, 'large'))).toContain('Row 1, area: not a number');
    expect(told(withCell(again, 0, 1, 'large'))).toContain('(and 1 more)');
    expect(told(withCell(again, 1, 0, '3'))).toBe('');
  });

  it('takes numbers, or texts as soon as one is no number, where nobody knows what a column takes', () => {
    const open = [{ name: 'c', datatype: '', shape: [-1] }];
    const numbers = withBlock(table(open), 0, 0, [['1'], ['2.5']]);
    expect(JSON.parse(requestOf(numbers)).inputs[0]).toMatchObject({
      datatype: 'FP64',
      data: [1, 2.5]
    });
    const texts = withCell(table(open, requestOf(numbers)), 1, 0, 'b');
    expect(JSON.parse(requestOf(texts)).inputs[0]).toMatchObject({
      datatype: 'BYTES',
      data: ['1', 'b']
    });
    const back = withCell(table(open, requestOf(texts)), 1, 0, '7');
    expect(JSON.parse(requestOf(back)).inputs[0]).toMatchObject({ datatype: 'FP64', data: [1, 7] });
  });

  it('says why it is none', () => {
    expect(tableOf('{', [])).toEqual({ kind: 'none', why: 'json' });
    expect(tableOf('null', [])).toEqual({ kind: 'none', why: 'inputs' });
    expect(why()).toBe('inputs');
    expect(why(null as never)).toBe('inputs');
    expect(why(input('FP32', [], [1]))).toBe('shape');
    expect(why(input('FP32', [2, 2], [1, 2, 3]))).toBe('data');
    expect(why(input('FP32', [1], [{}]))).toBe('data');
    expect(why(input('BYTES', [1], ['YQ=='], { parameters: { content_type: 'base64' } }))).toBe(
      'encoded'
    );
    expect(why(input('FP32', [1, 784], Array(784).fill(0)))).toBe('wide');
    expect(why(input('FP32', [5000], Array(5000).fill(0)))).toBe('long');
    expect(why(input('FP32', [1], [0]), { ...input('FP32', [2], [0, 0]), name: 'y' })).toBe('rows');
    expect(
      tableOf(
        '{"inputs": [{"name": "x", "datatype": "INT64", "shape": [1], "data": [9007199254740993]}]}',
        []
      )
    ).toEqual({ kind: 'none', why: 'exact' });
  });
});

describe('what is pasted', () => {
  const empty = table(HOUSE);

  it('spreads from the cell, and adds rows', () => {
    const pasted = pastedAt('2\t50.5\tOslo\r\n3\t70\t"a ""b""\tc"\r\n', empty, 0, 0)!;
    const { rows } = withBlock(empty, 0, pasted.column, pasted.block);
    expect(rows).toEqual([
      [2, 50.5, 'Oslo', false],
      [3, 70, 'a "b"\tc', null]
    ]);
  });

  it('goes by the names of columns where it has them, in any order', () => {
    const pasted = pastedAt(',city,price,rooms\n0,Oslo,1,4\n1,"Bergen, N",2,5', empty, 0, 2)!;
    expect(pasted.left).toEqual({ columns: 1, rows: 0 });
    const { rows } = withBlock(empty, 0, pasted.column, pasted.block);
    expect(rows).toEqual([
      [4, 0, 'Oslo', false],
      [5, null, 'Bergen, N', null]
    ]);
  });

  it('is told what has no place', () => {
    expect(pastedAt('1\t2\t3', empty, 0, 2)!.left).toEqual({ columns: 1, rows: 0 });
    const fixed = table([{ name: 'x', datatype: 'FP32', shape: [2, 2] }]);
    const pasted = pastedAt('1,2\n3,4\n5,6', fixed, 1, 0)!;
    expect(pasted.left).toEqual({ columns: 0, rows: 2 });
    expect(withBlock(fixed, 1, 0, pasted.block).rows).toEqual([
      [0, 0],
      [1, 2]
    ]);
  });

  it('is the text of one cell where it is no block', () => {
    expect(pastedAt('5.1', empty, 0, 0)).toBeNull();
    expect(pastedAt('Oslo, Norway', empty, 0, 2)).toBeNull();
    expect(pastedAt('1,5', empty, 0, 0)).toBeNull();
    expect(pastedAt('1,2.5,x', empty, 0, 0)!.block).toEqual([['1', '2.5', 'x']]);
    const texts = table([{ name: 'text', datatype: 'BYTES', shape: [-1] }]);
    expect(pastedAt('a, b\nc, d', texts, 0, 0)!.block).toEqual([['a, b'], ['c, d']]);
  });
});

it('an answer to several rows has columns, and one to a row has not', () => {
  const outputs = [
    { name: 'label', datatype: 'INT64', shape: [2], data: [3, 1] },
    { name: 'probability', datatype: 'FP64', shape: [2, 2], data: [0.25, 0.75, 1, null] },
    { name: 'vector', datatype: 'FP64', shape: [2, 20], data: Array<number>(40).fill(1) },
    {
      name: 'prediction',
      datatype: 'BYTES',
      shape: [2],
      data: ['{"task":"other","value":0.5}', '{"message":"It is empty."}']
    }
  ];
  const columns = answerColumns({ model_version: '1', outputs })!;
  expect(columns.map(({ name, values }) => [name, ...values])).toEqual([
    ['label', '3', '1'],
    ['probability[0]', '0.25', '1'],
    ['probability[1]', '0.75', '–'],
    ['vector', expect.stringContaining('… (20)'), expect.anything()],
    ['prediction', '0.5', 'It is empty.']
  ]);
  expect(columns.map(({ isNumeric }) => isNumeric)).toEqual([true, true, true, false, false]);
  const one = outputs.map(output => ({ ...output, shape: [1], data: output.data.slice(0, 1) }));
  expect(answerColumns({ model_version: '1', outputs: one })).toBeNull();
});
