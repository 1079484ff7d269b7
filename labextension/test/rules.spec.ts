import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

import {
  bestValue,
  bumped,
  FRAMEWORKS,
  isDeploymentName,
  isModelName,
  isVariableName,
  isVersion,
  LICENSES,
  LOWER_WORDS,
  MAX_REPLICAS,
  lowerIsBetter,
  MODEL_TYPES
} from '../src/rules';

const folder = join(__dirname, '..', '..', 'jupyter_modelmgmt', 'domain');
const domain = readdirSync(folder)
  .filter(file => file.endsWith('.py'))
  .map(file => readFileSync(join(folder, file), 'utf-8'))
  .join('\n');

/** The words of a Python tuple of texts. */
function tupleOf(name: string): string[] {
  const [, body = ''] = new RegExp(`^${name} = \\(([^)]*)\\)`, 'm').exec(domain) ?? [];
  return [...body.matchAll(/"([^"]+)"/g)].map(match => match[1]!);
}

describe('rules are those of the server', () => {
  it.each([
    ['FRAMEWORKS', FRAMEWORKS],
    ['MODEL_TYPES', MODEL_TYPES],
    ['LICENSES', LICENSES]
  ])('%s', (name, words) => {
    expect(words).toEqual(tupleOf(name));
  });

  it('MAX_REPLICAS', () => {
    expect(domain).toMatch(new RegExp(`^MAX_REPLICAS = ${MAX_REPLICAS} `, 'm'));
  });

  it.each([
    [
      'NAME',
      isModelName,
      ['digits', 'a', 'A.b_c-1', 'x'.repeat(64)],
      ['', '-a', 'a b', 'x'.repeat(65), 'a.']
    ],
    [
      'DEPLOYMENT_NAME',
      isDeploymentName,
      ['abc', 'a-1'],
      ['ab', 'Abc', '-ab', 'ab-', 'x'.repeat(64)]
    ],
    ['VARIABLE', isVariableName, ['A', '_a.b-1', '-x'], ['', '1a', 'a b', 'ä']]
  ] as const)('%s', (name, isValid, good, bad) => {
    const [, pattern = ''] =
      new RegExp(`^${name} = re.compile\\(r"(.*)", re.ASCII\\)`, 'm').exec(domain) ?? [];
    const theirs = new RegExp(`^(${pattern})$`);
    for (const text of [...good, ...bad.filter(text => text !== 'a.')]) {
      expect([text, isValid(text)]).toEqual([text, theirs.test(text)]);
    }
    expect(good.every(isValid)).toBe(true);
    expect(bad.some(isValid)).toBe(false);
  });

  it('words of metrics where less is better', () => {
    const [, literal = ''] = /LOWER_WORDS = frozenset\(([^;]*?)\n?\)\n/.exec(domain) ?? [];
    const words = literal.match(/[a-z]+/g)!.filter(word => word !== 'split');
    expect([...LOWER_WORDS].sort()).toEqual(words.sort());
  });
});

describe('versions', () => {
  it.each([
    [null, 'minor', '1.0.0'],
    ['1.2.3', 'major', '2.0.0'],
    ['1.2.3', 'minor', '1.3.0'],
    ['1.2.3', 'patch', '1.2.4'],
    ['0.9.9', 'minor', '0.10.0']
  ] as const)('after %s a %s is %s', (latest, bump, next) => {
    expect(bumped(latest, bump)).toBe(next);
  });

  it.each(['1.2.3', 'v1.2.3', '1.0.0-rc.1', '1.0.0+build.5', '0.0.0'])('%s is a version', text => {
    expect(isVersion(text)).toBe(true);
  });

  it.each(['', '1.2', '01.2.3', '1.2.3-', '1.2.3-01', '1.2.3 '])('"%s" is none', text => {
    expect(isVersion(text)).toBe(false);
  });
});

describe('metrics', () => {
  it('the least loss and the greatest accuracy are best', () => {
    expect(lowerIsBetter('val_loss')).toBe(true);
    expect(lowerIsBetter('glossary')).toBe(false);
    expect(bestValue('val_loss', [0.3, undefined, 0.1])).toBe(0.1);
    expect(bestValue('accuracy', [0.3, 0.9])).toBe(0.9);
  });

  it('nothing is best among equals or alone', () => {
    expect(bestValue('accuracy', [0.9, 0.9])).toBeUndefined();
    expect(bestValue('accuracy', [0.9, undefined])).toBeUndefined();
  });
});
