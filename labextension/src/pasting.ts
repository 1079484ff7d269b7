import { type IColumn, type IRequestTable } from './requesttable';

/** What a spreadsheet put on the clipboard, as the cells that it goes to. */
export interface IPasted {
  readonly column: number;
  /** Null where a cell keeps what it has. */
  readonly block: readonly (readonly (string | null)[])[];
  /** How many columns and rows there was no place for. */
  readonly left: { readonly columns: number; readonly rows: number };
}

/** The cells that `text` goes to when it is pasted at one; null for a text that belongs into that cell alone. */
export function pastedAt(
  text: string,
  table: IRequestTable,
  row: number,
  column: number
): IPasted | null {
  const { columns, rows, isFree } = table;
  const lines = linesOf(text, columns, column);
  if (!lines) {
    return null;
  }
  const fitting = isFree ? lines.length : rows.length - row;
  const [head, ...below] = lines;
  return below.length && isHead(head!, columns)
    ? byName(head!, below, columns, fitting)
    : byPlace(lines, columns, column, fitting);
}

/** A block whose first line has the names of columns: its values go to those, wherever it is pasted. */
function byName(
  head: readonly string[],
  lines: readonly string[][],
  columns: readonly IColumn[],
  fitting: number
): IPasted {
  const titles = head.map(title => title.trim());
  const places = columns.map(({ name }) => titles.indexOf(name));
  const strangers = titles.filter(title => title && !columns.some(({ name }) => name === title));
  return {
    column: 0,
    block: lines
      .slice(0, fitting)
      .map(values => places.map(place => (place < 0 ? null : (values[place] ?? '')))),
    left: { columns: strangers.length, rows: Math.max(0, lines.length - fitting) }
  };
}

function byPlace(
  lines: readonly string[][],
  columns: readonly IColumn[],
  column: number,
  fitting: number
): IPasted {
  const room = columns.length - column;
  const width = Math.max(...lines.map(({ length }) => length));
  return {
    column,
    block: lines.slice(0, fitting).map(values => values.slice(0, room)),
    left: { columns: Math.max(0, width - room), rows: Math.max(0, lines.length - fitting) }
  };
}

/** Lines of cells; null for a text that belongs into one. */
function linesOf(text: string, columns: readonly IColumn[], column: number): string[][] | null {
  const trimmed = text.replace(/(\r?\n)+$/, '');
  if (trimmed.includes('\t')) {
    return separated(trimmed, '\t');
  }
  const isOneColumn = columns.length - column === 1;
  if (trimmed.includes('\n')) {
    return separated(trimmed, isOneColumn && columns.length === 1 ? '' : ',');
  }
  const { kind } = columns[column]!;
  // Of a number with a decimal comma two numbers would become.
  const isDecimalComma = /^\s*-?\d+,\d+\s*$/.test(trimmed);
  const isOneText = kind === 'text' || kind === 'any' || isOneColumn || isDecimalComma;
  return trimmed.includes(',') && !isOneText ? separated(trimmed, ',') : null;
}

/** Whether a line has the columns' names, and not values: it names one, and none of its cells is a number. */
function isHead(line: readonly string[], columns: readonly IColumn[]): boolean {
  const titles = line.map(title => title.trim()).filter(Boolean);
  const isNumber = (title: string) => Number.isFinite(Number(title));
  return !titles.some(isNumber) && columns.some(({ name }) => titles.includes(name));
}

/** The fields of CSV or TSV. Source: RFC 4180. Without a separator each line is one field. */
function separated(text: string, separator: string): string[][] {
  const plain = `[^${separator}\\n]*`;
  const ends = separator ? `${separator}|\\n|$` : '\\n|$';
  const field = new RegExp(`("(?:[^"]|"")*"(?=${ends})|${plain})(${ends})`, 'g');
  const lines: string[][] = [[]];
  for (const [, written, end] of text.replace(/\r\n?/g, '\n').matchAll(field)) {
    lines[lines.length - 1]!.push(unquoted(written!));
    if (!end) {
      break;
    }
    if (end === '\n') {
      lines.push([]);
    }
  }
  return lines;
}

function unquoted(field: string): string {
  return /^".*"$/s.test(field) ? field.slice(1, -1).replace(/""/g, '"') : field;
}
