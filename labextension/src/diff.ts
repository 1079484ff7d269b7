/** A line of two texts side by side; null stands where a text has no such line. */
export interface IDiffRow {
  readonly before: string | null;
  readonly after: string | null;
}

export type DiffKind = 'same' | 'changed' | 'removed' | 'added';

/** More lines than this are compared from the top without looking for what moved. */
const MAX_LINES = 3000;

/** Two texts side by side, line by line, the longest common lines kept together. */
export function diffRows(before: string, after: string): IDiffRow[] {
  const a = lines(before);
  const b = lines(after);
  const start = common(a, b, position => position);
  const end = Math.min(
    common(a, b, position => -1 - position),
    Math.min(a.length, b.length) - start
  );
  const head = a.slice(0, start).map(same);
  const tail = a.slice(a.length - end).map(same);
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return [...head, ...middle, ...tail];
}

export function kindOf({ before, after }: IDiffRow): DiffKind {
  if (before === after) {
    return 'same';
  }
  if (before === null) {
    return 'added';
  }
  return after === null ? 'removed' : 'changed';
}

function lines(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
}

function same(line: string): IDiffRow {
  return { before: line, after: line };
}

/** How many lines are the same from one end on. */
function common(a: readonly string[], b: readonly string[], at: (n: number) => number): number {
  const most = Math.min(a.length, b.length);
  let count = 0;
  while (count < most && a.at(at(count)) === b.at(at(count))) {
    count++;
  }
  return count;
}

function between(a: readonly string[], b: readonly string[]): IDiffRow[] {
  const matches = a.length * b.length > MAX_LINES ** 2 ? [] : longestCommon(a, b);
  const rows: IDiffRow[] = [];
  let [i, j] = [0, 0];
  for (const [nextI, nextJ] of [...matches, [a.length, b.length] as const]) {
    rows.push(...replaced(a.slice(i, nextI), b.slice(j, nextJ)));
    if (nextI < a.length) {
      rows.push(same(a[nextI]!));
    }
    [i, j] = [nextI + 1, nextJ + 1];
  }
  return rows;
}

/** Lines that stand in the place of others, beside one another as far as there are as many. */
function replaced(a: readonly string[], b: readonly string[]): IDiffRow[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, position) => ({
    before: a[position] ?? null,
    after: b[position] ?? null
  }));
}

/** The positions of a longest common subsequence. */
function longestCommon(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const found: [number, number][] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      found.push([i++, j++]);
    } else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) {
      i++;
    } else {
      j++;
    }
  }
  return found;
}
