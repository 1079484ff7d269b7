import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

const FOLDER = join(__dirname, '..', 'style');

it('no class is drawn in two files: one would change what the other draws', () => {
  const places = new Map<string, string>();
  const twice: string[] = [];
  for (const file of readdirSync(FOLDER).filter(name => name.endsWith('.css'))) {
    for (const [, name] of readFileSync(join(FOLDER, file), 'utf8').matchAll(/^\.([\w-]+) {$/gm)) {
      const place = places.get(name!) ?? file;
      if (place !== file) {
        twice.push(`${name}: ${place} and ${file}`);
      }
      places.set(name!, place);
    }
  }
  expect(places.size).toBeGreaterThan(100);
  expect(twice).toEqual([]);
});
