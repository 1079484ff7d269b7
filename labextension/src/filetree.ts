import { type IArtifact } from './types';

/** A line of the tree of files: a folder, or a file in one. */
export interface IFileLine {
  readonly path: string;
  readonly name: string;
  readonly depth: number;
  /** Null for a folder. */
  readonly file: IArtifact | null;
}

/** Files by folder, folders first, both by name. */
export function fileLines(files: readonly IArtifact[]): IFileLine[] {
  return linesBelow(files, '', 0);
}

function linesBelow(files: readonly IArtifact[], folder: string, depth: number): IFileLine[] {
  const below = new Map<string, IArtifact[]>();
  const here: IFileLine[] = [];
  for (const file of files) {
    const [name, ...rest] = file.path.slice(folder.length).split('/') as [string, ...string[]];
    if (rest.length) {
      below.set(name, [...(below.get(name) ?? []), file]);
    } else {
      here.push({ path: file.path, name, depth, file });
    }
  }
  const folders = [...below]
    .sort(([a], [b]) => byName(a, b))
    .flatMap(([name, inside]) => {
      const path = `${folder}${name}/`;
      return [
        { path, name: `${name}/`, depth, file: null },
        ...linesBelow(inside, path, depth + 1)
      ];
    });
  return [...folders, ...here.sort((a, b) => byName(a.name, b.name))];
}

function byName(a: string, b: string): number {
  return a < b ? -1 : 1;
}
