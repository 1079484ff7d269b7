/** Negative when `a` precedes `b`. Source: semver.org 2.0.0, item 11. */
export function compareVersions(a: string, b: string): number {
  const [numbersA, prereleaseA] = parts(a);
  const [numbersB, prereleaseB] = parts(b);
  const byNumbers = compareLists(numbersA, numbersB);
  if (byNumbers || !prereleaseA.length || !prereleaseB.length) {
    return byNumbers || prereleaseB.length - prereleaseA.length;
  }
  return compareLists(prereleaseA, prereleaseB);
}

function parts(version: string): [string[], string[]] {
  const [core = '', ...prerelease] = version.split('+')[0]!.split('-');
  return [core.split('.'), prerelease.length ? prerelease.join('-').split('.') : []];
}

function compareLists(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const order = compareParts(a[i]!, b[i]!);
    if (order) {
      return order;
    }
  }
  return a.length - b.length;
}

function compareParts(a: string, b: string): number {
  const [isNumberA, isNumberB] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (isNumberA && isNumberB) {
    return Number(a) - Number(b);
  }
  if (isNumberA !== isNumberB) {
    return isNumberA ? -1 : 1;
  }
  return a === b ? 0 : a < b ? -1 : 1;
}
