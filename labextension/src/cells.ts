/** A value of a tensor as JSON has it; null for a number that is missing. */
export type CellValue = number | boolean | string | null;

/** What is typed into a column. `any` takes numbers, or texts where one of them is no number. */
export type CellKind = 'number' | 'whole' | 'flag' | 'text' | 'any';

/** Why a value does not fit its column. */
export type CellFault = 'missing' | 'number' | 'whole' | 'range' | 'long' | 'flag';

/** What spreadsheets and DataFrames write where nothing is. */
const MISSING = /^(nan|na|n\/a|none|null|<na>|nat)?$/i;
const YES = /^(true|yes|1)$/i;
const NO = /^(false|no|0)$/i;

/** What is typed into a column of `datatype`, a word of the Open Inference Protocol. */
export function kindOf(datatype: string): CellKind {
  if (datatype === 'BYTES') {
    return 'text';
  }
  if (datatype === 'BOOL') {
    return 'flag';
  }
  return /^U?INT/.test(datatype) ? 'whole' : 'number';
}

/** The value that was typed; what does not fit stays as it was typed, for `faultOf` to tell. */
export function readCell(text: string, kind: CellKind): CellValue {
  const typed = text.trim();
  if (kind === 'text') {
    return text;
  }
  if (MISSING.test(typed)) {
    return null;
  }
  if (kind === 'flag') {
    return YES.test(typed) ? true : NO.test(typed) ? false : text;
  }
  const value = Number(typed);
  const isKept = Number.isFinite(value) && (kind !== 'whole' || isExact(value));
  return isKept ? value : text;
}

/** Whether a whole number is what was typed: further on a browser rounds. */
export function isExact(value: unknown): boolean {
  return !Number.isInteger(value) || Number.isSafeInteger(value);
}

/** A value as it stands in its cell. */
export function cellText(value: CellValue): string {
  return value === null ? '' : String(value);
}

/** Why `value` does not fit a tensor of `datatype`; null where it does. */
export function faultOf(value: CellValue, datatype: string): CellFault | null {
  switch (kindOf(datatype)) {
    case 'text':
      return null;
    case 'flag':
      return value === null ? 'missing' : typeof value === 'boolean' ? null : 'flag';
    case 'whole':
      return value === null ? 'missing' : wholeFault(value, datatype);
    default:
      return value === null || typeof value === 'number' ? null : 'number';
  }
}

function wholeFault(value: CellValue, datatype: string): CellFault | null {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return typeof value === 'string' && !isExact(Number(value)) ? 'long' : 'whole';
  }
  const [least, most] = rangeOf(datatype);
  return value < least || value > most ? 'range' : null;
}

/** The least and the greatest whole number of a datatype. */
export function rangeOf(datatype: string): readonly [number, number] {
  const bits = Number(/\d+$/.exec(datatype)?.[0] ?? 64);
  return datatype.startsWith('U') ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}
