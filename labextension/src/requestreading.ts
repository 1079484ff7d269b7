import { type CellValue, isExact, kindOf } from './cells';
import { type IColumn, type IPart, type IRequestTable, widthOf } from './requesttable';
import { type IField } from './types';

/** More columns are no longer told apart, and more cells no longer written by hand. */
export const MOST_COLUMNS = 64;
export const MOST_CELLS = 4096;

/** Why a request is no table. */
export type NoTable =
  'json' | 'inputs' | 'shape' | 'data' | 'encoded' | 'exact' | 'rows' | 'wide' | 'long';

export type Tabled =
  | { readonly kind: 'table'; readonly table: IRequestTable }
  | { readonly kind: 'none'; readonly why: NoTable };

/** The text of an Open Inference Protocol v2 request as a table; `fields` are what the version takes, where known. */
export function tableOf(text: string, fields: readonly IField[]): Tabled {
  try {
    return { kind: 'table', table: read(parsed(text), fields) };
  } catch (error) {
    if (error instanceof Untabled) {
      return { kind: 'none', why: error.why };
    }
    throw error;
  }
}

class Untabled extends Error {
  constructor(readonly why: NoTable) {
    super(why);
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    throw new Untabled('json');
  }
}

function read(
  request: Readonly<Record<string, unknown>> | null,
  fields: readonly IField[]
): IRequestTable {
  const { inputs, ...told } = request ?? {};
  if (!Array.isArray(inputs) || !inputs.length) {
    throw new Untabled('inputs');
  }
  const tensors = inputs.map(input => readTensor(input, fields));
  const count = tensors[0]!.count;
  const parts = tensors.map(({ part }) => part);
  const columns = parts.flatMap(columnsOf);
  check(
    tensors.every(tensor => tensor.count === count),
    'rows'
  );
  check(columns.length <= MOST_COLUMNS, 'wide');
  check(columns.length * count <= MOST_CELLS, 'long');
  const rows = Array.from({ length: count }, (_, row) =>
    tensors.flatMap(({ part, data }) => {
      const width = widthOf(part.tail);
      return data.slice(row * width, (row + 1) * width);
    })
  );
  return { told, parts, columns, rows, isFree: parts.every(({ name }) => isFree(name, fields)) };
}

interface IReadTensor {
  readonly part: IPart;
  readonly count: number;
  readonly data: readonly CellValue[];
}

function readTensor(input: unknown, fields: readonly IField[]): IReadTensor {
  const { name, datatype, shape, data, ...told } = (input ?? {}) as Readonly<
    Record<string, unknown>
  >;
  check(typeof name === 'string' && typeof datatype === 'string', 'inputs');
  check(isShape(shape), 'shape');
  check(told.parameters === undefined, 'encoded');
  const [count, ...tail] = shape as readonly number[];
  check(widthOf(tail) <= MOST_COLUMNS, 'wide');
  check(widthOf(shape as readonly number[]) <= MOST_CELLS, 'long');
  const values = valuesOf(data);
  check(count! > 0 && values.length === count! * widthOf(tail) && values.every(isValue), 'data');
  check(kindOf(datatype as string) !== 'whole' || values.every(isExact), 'exact');
  const field = fields.find(one => one.name === name);
  const part = {
    told,
    name: name as string,
    datatype: datatype as string,
    tail,
    isOpen: field?.datatype === ''
  };
  return { part, count: count!, data: values as CellValue[] };
}

function check(holds: boolean, why: NoTable): void {
  if (!holds) {
    throw new Untabled(why);
  }
}

function isShape(shape: unknown): boolean {
  return (
    Array.isArray(shape) &&
    shape.length > 0 &&
    shape.every(one => Number.isInteger(one) && one >= 0)
  );
}

/** The values of a tensor, which may be nested. */
function valuesOf(data: unknown): readonly unknown[] {
  return Array.isArray(data) ? (data.flat(Infinity) as unknown[]) : [];
}

function isValue(value: unknown): boolean {
  return value === null || ['number', 'boolean', 'string'].includes(typeof value);
}

function isFree(name: string, fields: readonly IField[]): boolean {
  const field = fields.find(one => one.name === name);
  return !field || field.shape[0] === -1;
}

/** A tensor with one value a row is a column of its name; one with more has columns of their places. */
function columnsOf(
  { name, datatype, tail, isOpen }: IPart,
  _: number,
  all: readonly IPart[]
): IColumn[] {
  const kind = isOpen ? 'any' : kindOf(datatype);
  const width = widthOf(tail);
  return Array.from({ length: width }, (__, place) => {
    const at = placeText(place, tail);
    const named = all.length === 1 ? at : `${name}[${at}]`;
    return { name: width === 1 ? name : named, datatype, kind };
  });
}

function placeText(place: number, tail: readonly number[]): string {
  let rest = place;
  const at = [...tail].reverse().map(length => {
    const here = rest % length;
    rest = (rest - here) / length;
    return here;
  });
  return at.reverse().join(', ');
}
