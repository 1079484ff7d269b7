import {
  cellText,
  type CellFault,
  type CellKind,
  type CellValue,
  faultOf,
  readCell
} from './cells';

/** One tensor of a request: it has `tail` values a row, each a column. */
export interface IPart {
  /** What else the request says of the tensor. */
  readonly told: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly datatype: string;
  readonly tail: readonly number[];
  /** Whether nobody knows what it takes: numbers, or texts where one of them is no number. */
  readonly isOpen: boolean;
}

export interface IColumn {
  readonly name: string;
  readonly datatype: string;
  readonly kind: CellKind;
}

/** A request as rows and columns. */
export interface IRequestTable {
  /** What the request says beside its inputs. */
  readonly told: Readonly<Record<string, unknown>>;
  readonly parts: readonly IPart[];
  readonly columns: readonly IColumn[];
  readonly rows: readonly (readonly CellValue[])[];
  /** Whether the version takes any number of rows. */
  readonly isFree: boolean;
}

/** A cell that does not fit its column. */
export interface IWrongCell {
  readonly row: number;
  readonly column: number;
  readonly fault: CellFault;
}

/** The request that a table is, a line for each tensor. */
export function requestOf({ told, parts, rows }: IRequestTable): string {
  let first = 0;
  const tensors = parts.map(part => {
    const from = first;
    first += widthOf(part.tail);
    const data = rows.flatMap(row => row.slice(from, from + widthOf(part.tail)));
    const datatype = part.isOpen ? openDatatype(data, part.datatype) : part.datatype;
    return {
      ...part.told,
      name: part.name,
      datatype,
      shape: [rows.length, ...part.tail],
      data: part.isOpen ? data.map(value => asDatatype(value, datatype)) : data
    };
  });
  return requestText(tensors, told);
}

/** A request with these tensors, each in a line: one number a line would hide its shape. */
export function requestText(tensors: readonly object[], told: object = {}): string {
  const inputs = tensors.map(tensor => JSON.stringify(tensor)).join(',\n    ');
  const others = Object.entries(told).map(
    ([key, value]) => `,\n  ${JSON.stringify(key)}: ${JSON.stringify(value)}`
  );
  return `{\n  "inputs": [\n    ${inputs}\n  ]${others.join('')}\n}`;
}

/** The cells that do not fit, row by row. */
export function wrongCells({ columns, rows }: IRequestTable): readonly IWrongCell[] {
  return rows.flatMap((values, row) =>
    values.flatMap((value, column) => {
      const fault = faultIn(columns[column]!, value);
      return fault ? [{ row, column, fault }] : [];
    })
  );
}

/** Why a value does not fit its column; null where it does. */
export function faultIn({ kind, datatype }: IColumn, value: CellValue): CellFault | null {
  return kind === 'any' ? null : faultOf(value, datatype);
}

/** The table with what was typed in one cell. */
export function withCell(
  table: IRequestTable,
  row: number,
  column: number,
  text: string
): IRequestTable {
  return withBlock(table, row, column, [[text]]);
}

/** The table with a block of texts whose first lies in a cell; it has as many rows as the block needs, if it may. */
export function withBlock(
  table: IRequestTable,
  row: number,
  column: number,
  block: readonly (readonly (string | null)[])[]
): IRequestTable {
  const { columns, isFree } = table;
  const rows = table.rows.map(values => [...values]);
  while (isFree && rows.length < row + block.length) {
    rows.push(columns.map(({ kind }) => (kind === 'text' ? '' : null)));
  }
  block.forEach((texts, down) =>
    texts.forEach((text, right) => {
      const values = rows[row + down];
      const written = columns[column + right];
      if (values && written && text !== null) {
        values[column + right] = readCell(text, written.kind);
      }
    })
  );
  return { ...table, rows };
}

/** The table with its last row once more: that fits, and what is tried next differs in a value or two. */
export function withRow(table: IRequestTable): IRequestTable {
  return { ...table, rows: [...table.rows, table.rows[table.rows.length - 1]!] };
}

export function withoutRow(table: IRequestTable, row: number): IRequestTable {
  return { ...table, rows: table.rows.filter((_, place) => place !== row) };
}

/** Numbers, or texts as soon as one of them is no number. */
function openDatatype(data: readonly CellValue[], datatype: string): string {
  const isText = data.some(
    value => typeof value === 'string' && typeof readCell(value, 'number') === 'string'
  );
  return isText ? 'BYTES' : datatype === 'BYTES' ? 'FP64' : datatype;
}

function asDatatype(value: CellValue, datatype: string): CellValue {
  return datatype === 'BYTES' ? cellText(value) : readCell(cellText(value), 'number');
}

/** How many values a row of a tensor has. */
export function widthOf(tail: readonly number[]): number {
  return tail.reduce((product, length) => product * length, 1);
}
