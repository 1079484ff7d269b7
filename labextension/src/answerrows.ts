import { formatValue } from './format';
import { inShort } from './differences';
import { type IInference, type IPrediction, type ITensor } from './types';

/** More values a row are listed in one column. */
const MOST_COLUMNS = 8;

/** So many values of a list are shown. */
const LISTED = 12;

/** The values of one column, a text a row. */
export interface IAnswerColumn {
  readonly name: string;
  readonly isNumeric: boolean;
  readonly values: readonly string[];
}

/** The answer to several rows as columns; null where it is no such answer. */
export function answerColumns({ outputs }: IInference): readonly IAnswerColumn[] | null {
  const count = outputs[0]?.shape[0] ?? 0;
  const isRows = ({ shape, data }: ITensor) => shape[0] === count && data.length % count === 0;
  return count > 1 && outputs.every(isRows)
    ? outputs.flatMap(output => columnsOf(output, count))
    : null;
}

/** The first values of a tensor, and how many there are. */
export function listed(data: readonly unknown[]): string {
  const first = data.slice(0, LISTED).map(said).join(', ');
  return data.length > LISTED ? `${first}, … (${data.length})` : first;
}

function columnsOf({ name, data }: ITensor, count: number): IAnswerColumn[] {
  const width = data.length / count;
  const isNumeric = data.every(value => value === null || typeof value === 'number');
  const rows = Array.from({ length: count }, (_, row) =>
    data.slice(row * width, (row + 1) * width)
  );
  if (width === 1 || width > MOST_COLUMNS) {
    return [{ name, isNumeric: isNumeric && width === 1, values: rows.map(listed) }];
  }
  return Array.from({ length: width }, (_, place) => ({
    name: `${name}[${place}]`,
    isNumeric,
    values: rows.map(row => said(row[place]))
  }));
}

/** A value for people; what a version said of one text or image comes as JSON. */
function said(value: unknown): string {
  const answer = typeof value === 'string' && value.startsWith('{') ? parsed(value) : null;
  if (answer && 'task' in answer) {
    return inShort(answer as unknown as IPrediction);
  }
  return answer && typeof answer.message === 'string' ? answer.message : formatValue(value);
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
}
