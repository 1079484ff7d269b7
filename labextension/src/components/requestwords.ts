import { type CellFault, type CellKind, rangeOf } from '../cells';
import { type IPasted } from '../pasting';
import { MOST_CELLS, MOST_COLUMNS, type NoTable, type Tabled } from '../requestreading';
import { type IColumn, wrongCells } from '../requesttable';
import { type ITranslate } from './props';

/** What is typed into a column. */
export function kindText(kind: CellKind, trans: ITranslate): string {
  const texts: Record<CellKind, string> = {
    number: trans.__('number'),
    whole: trans.__('whole number'),
    flag: trans.__('true or false'),
    text: trans.__('text'),
    any: trans.__('number or text')
  };
  return texts[kind];
}

/** What is wrong with a cell, and what would fit. */
export function faultText(
  fault: CellFault,
  { kind, datatype }: IColumn,
  trans: ITranslate
): string {
  const texts: Record<CellFault, string> = {
    missing:
      kind === 'flag' ? trans.__('choose true or false') : trans.__('a whole number is missing'),
    number: trans.__('not a number, such as 1.5'),
    whole: trans.__('not a whole number'),
    range: trans.__('not from %1 to %2', ...rangeOf(datatype)),
    long: trans.__('too long a number for a table: write it as JSON'),
    flag: trans.__('neither true nor false')
  };
  return texts[fault];
}

/** Why a request cannot be sent as it is: its first wrong cell; empty where there is none. */
export function problemOf(tabled: Tabled, trans: ITranslate): string {
  const wrong = tabled.kind === 'table' ? wrongCells(tabled.table) : [];
  const [first, ...others] = wrong;
  if (tabled.kind !== 'table' || !first) {
    return '';
  }
  const column = tabled.table.columns[first.column]!;
  const told = [first.row + 1, column.name, faultText(first.fault, column, trans)] as const;
  return others.length
    ? trans.__('Row %1, %2: %3 (and %4 more).', ...told, others.length)
    : trans.__('Row %1, %2: %3.', ...told);
}

/** Why a request is shown as JSON alone. */
export function noTableText(why: NoTable, trans: ITranslate): string {
  const texts: Record<NoTable, string> = {
    json: trans.__('No table: this is not JSON.'),
    inputs: trans.__('No table: there are no inputs, each with name, datatype, shape and data.'),
    shape: trans.__('No table: a shape is no list of lengths, or has none for rows.'),
    data: trans.__('No table: the values of an input are not as many as its shape says.'),
    encoded: trans.__('No table: an input is encoded as its parameters say.'),
    exact: trans.__('No table: it would round whole numbers as long as these.'),
    rows: trans.__('No table: the inputs have different numbers of rows.'),
    wide: trans.__('No table: there are more than %1 columns.', MOST_COLUMNS),
    long: trans.__('No table: there are more than %1 values.', MOST_CELLS)
  };
  return texts[why];
}

/** What became of a block that was pasted. */
export function pastedText({ block, left }: IPasted, trans: ITranslate): string {
  const pasted = trans._n('%1 row pasted.', '%1 rows pasted.', block.length);
  if (!left.columns && !left.rows) {
    return pasted;
  }
  const found = trans.__('%1 columns and %2 rows had no place.', left.columns, left.rows);
  return `${pasted} ${found}`;
}
