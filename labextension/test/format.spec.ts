import {
  formatDelta,
  formatNumber,
  formatShare,
  formatSize,
  formatValue,
  tagList
} from '../src/format';
import { compareVersions } from '../src/precedence';

it.each([
  [0.93642, '0.9364'],
  [0.0004, '0.0004'],
  [0.0000123456, '1.235e-5'],
  [1797, '1797'],
  [123456.789, '123457'],
  [1234.5, '1235'],
  [2.5e12 + 0.5, '2.500e+12'],
  [0, '0'],
  [-0.5, '-0.5'],
  [NaN, 'NaN']
])('%d is written %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

it.each([
  [0, '±0'],
  [0.01, '+0.01'],
  [-0.01, '−0.01']
])('a difference of %d is written %s', (value, text) => {
  expect(formatDelta(value)).toBe(text);
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [228_978, '229 kB'],
  [5_400_000, '5.4 MB'],
  [3e15, '3000 TB']
])('%d bytes are written %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});

it('a share says when it is small but not nothing', () => {
  expect(formatShare(0.9206)).toBe('92.1 %');
  expect(formatShare(0.0001)).toBe('<0.1 %');
  expect(formatShare(0)).toBe('0.0 %');
});

it('any JSON value is one line', () => {
  expect(formatValue(null)).toBe('–');
  expect(formatValue('')).toBe('–');
  expect(formatValue(false)).toBe('false');
  expect(formatValue([224, 224])).toBe('[224,224]');
});

it('tags lose blanks and repeats', () => {
  expect(tagList(' vision, ,small,vision ')).toEqual(['vision', 'small']);
});

it('versions are ordered by precedence', () => {
  // Source: semver.org 2.0.0, item 11.
  const ordered = [
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '1.2.0',
    '1.10.0',
    '2.0.0'
  ];
  expect([...ordered].reverse().sort(compareVersions)).toEqual(ordered);
});
