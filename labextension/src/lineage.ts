import { type ILineageEdge, type ILineageGraph, type ILineageNode } from './types';

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

/** Where a click on a node leads: the arguments that open a model's page, if it is on one. */
export interface IPlace {
  readonly model: string;
  readonly version?: string;
  readonly tab: 'card' | 'deployments';
}

/** The page that shows a node; runs, datasets, code and sources have none of their own. */
export function placeOf(graph: ILineageGraph, node: ILineageNode): IPlace | null {
  if (node.kind === 'version') {
    const [model, version] = node.name.split('@');
    return model && version ? { model, version, tab: 'card' } : null;
  }
  if (node.kind === 'deployment') {
    const cause = neighbours(graph, node.id, 'causes').find(one => one.node.kind === 'version');
    const model = cause?.node.name.split('@')[0];
    return model ? { model, tab: 'deployments' } : null;
  }
  return null;
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
