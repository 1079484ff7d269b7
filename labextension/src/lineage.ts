import { CommandIDs } from './commands/ids';
import { type ILineageEdge, type ILineageGraph, type ILineageNode } from './types';

/** What the ids of runs begin with. */
const RUN = 'run:';

/** One thing beside another: what leads there and what is there. */
export interface INeighbour {
  readonly edge: ILineageEdge;
  readonly node: ILineageNode;
}

/** The causes of `id`, or its effects. */
export function neighbours(
  graph: ILineageGraph,
  id: string,
  side: 'causes' | 'effects'
): INeighbour[] {
  const [from, to] = side === 'causes' ? (['end', 'start'] as const) : (['start', 'end'] as const);
  return graph.edges
    .filter(edge => edge[from] === id)
    .flatMap(edge => {
      const node = graph.nodes.find(one => one.id === edge[to]);
      return node ? [{ edge, node }] : [];
    });
}

/** Where a click on a node leads: a command and its arguments. */
export interface IPlace {
  readonly command: string;
  readonly args: Readonly<Record<string, string>>;
}

/** The page that shows a node; datasets, code and sources have none of their own. */
export function placeOf({ id, kind, name }: ILineageNode): IPlace | null {
  if (kind === 'version') {
    const [model = '', version = ''] = name.split('@');
    return { command: CommandIDs.openModel, args: { model, version, tab: 'card' } };
  }
  if (kind === 'deployment') {
    return { command: CommandIDs.openDeployment, args: { deployment: name } };
  }
  return kind === 'run'
    ? { command: CommandIDs.showRuns, args: { run: id.slice(RUN.length) } }
    : null;
}

/** The few words below a node's name. */
export function subtitleOf(node: ILineageNode): string {
  const { stage, status, state, deleted } = node.details;
  const words = [status, stage, state].filter(word => typeof word === 'string' && word);
  return [...words, ...(deleted ? ['deleted'] : [])].join(' · ');
}

/** What is known of a node, plain values only. */
export function detailsOf(node: ILineageNode): [string, string | number | boolean][] {
  return Object.entries(node.details).filter(
    (entry): entry is [string, string | number | boolean] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]) && entry[1] !== ''
  );
}
