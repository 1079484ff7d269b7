import { requestText } from '../requesttable';
import { type IField } from '../types';

/** More values than this are no longer written by hand. */
const MOST_VALUES = 4096;

/** A request with one row of what the inputs take; the general example where nobody knows them. */
export function requestFor(inputs: readonly IField[]): string {
  const known = inputs.filter(({ shape }) => countOf(shape) > 0);
  if (!known.length) {
    return EXAMPLE_TENSORS;
  }
  const tensors = known.map(({ name, datatype, shape }) => ({
    name,
    datatype: datatype || 'FP64',
    shape: shape.map(length => Math.max(1, length)),
    data: Array<unknown>(countOf(shape)).fill(EMPTY[datatype] ?? 0)
  }));
  return requestText(tensors);
}

const EMPTY: Readonly<Record<string, unknown>> = { BYTES: '', BOOL: false };

/** How many values one row has; 0 where they are too many. */
function countOf(shape: readonly number[] = [-1]): number {
  const count = shape.reduce((product, length) => product * Math.max(1, length), 1);
  return count > MOST_VALUES ? 0 : count;
}

/** What a request with one row of four numbers looks like. */
export const EXAMPLE_TENSORS = requestText([
  { name: 'input', datatype: 'FP32', shape: [1, 4], data: [0, 0, 0, 0] }
]);
