const SIGNIFICANT_DIGITS = 4;

/** A number with four significant digits; whole numbers keep all of theirs (T5). */
export function formatNumber(value: number): string {
  if (Number.isInteger(value) || !Number.isFinite(value)) {
    return String(value);
  }
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e9) {
    return value.toExponential(SIGNIFICANT_DIGITS - 1);
  }
  // A large number keeps its whole part; only the fraction is cut.
  const digits = Math.max(SIGNIFICANT_DIGITS, Math.ceil(Math.log10(size)));
  return String(Number(value.toPrecision(digits)));
}

/** A difference with its sign. */
export function formatDelta(delta: number): string {
  if (delta === 0) {
    return '±0';
  }
  return delta > 0 ? `+${formatNumber(delta)}` : `−${formatNumber(-delta)}`;
}

/** A share in [0, 1] as a percentage. */
export function formatShare(share: number): string {
  const percent = share * 100;
  return percent > 0 && percent < 0.1 ? '<0.1 %' : `${percent.toFixed(1)} %`;
}

/** A number of bytes in decimal units. */
export function formatSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** Milliseconds as a length of time, in its two largest units. */
export function formatDuration(ms: number): string {
  if (ms < 1000) {
    return `${Math.round(ms)} ms`;
  }
  const seconds = ms / 1000;
  if (seconds < 60) {
    return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  }
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1]
  ] as const;
  const largest = units.findIndex(([, size]) => seconds >= size);
  let rest = Math.round(seconds / units[largest + 1]![1]) * units[largest + 1]![1];
  return units
    .slice(largest, largest + 2)
    .map(([unit, size]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return `${count} ${unit}`;
    })
    .join(' ');
}

/** Any JSON value as one line of text. */
export function formatValue(value: unknown): string {
  if (value === null || value === undefined || value === '') {
    return '–';
  }
  if (typeof value === 'number') {
    return formatNumber(value);
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The tags of a comma separated text, repeats and blanks dropped. */
export function tagList(text: string): string[] {
  const tags = text.split(',').map(tag => tag.trim());
  return [...new Set(tags.filter(tag => tag))];
}
