import { Button } from '@jupyterlab/ui-components';
import React, { lazy, Suspense, useState } from 'react';

import { formatValue } from '../format';
import { detailsOf, neighbours, placeOf } from '../lineage';
import { type ILineageGraph, type ILineageNode } from '../types';
import { Facts } from './facts';
import { type ITranslate, type Run } from './props';
import { Loading } from './states';
import { edgeLabel, kindLabel } from './words';

const LineageGraph = lazy(() => import('./charts/lineagegraph'));

export interface ILineageProps {
  readonly graph: ILineageGraph;
  /** The node that is looked at, where somebody else keeps it. */
  readonly chosen?: string;
  onChoose?: (id: string) => void;
  readonly trans: ITranslate;
  /** Left out where there are no pages to open. */
  run?: Run;
}

/** Where a version comes from and what came of it, as a graph and as lists (W11). */
export function Lineage(props: ILineageProps): JSX.Element {
  const { graph, trans } = props;
  const [clicked, setClicked] = useState(graph.root);
  const chosen = props.chosen ?? clicked;
  const setChosen = props.onChoose ?? setClicked;
  const node = nodeOf(graph, chosen) ?? nodeOf(graph, graph.root)!;
  return (
    <div className="jp-modelmgmt-Lineage">
      <section aria-label={trans.__('Graph')}>
        <Suspense fallback={<Loading trans={trans} />}>
          <LineageGraph graph={graph} chosen={node.id} trans={trans} onChoose={setChosen} />
        </Suspense>
        {graph.cut && (
          <p className="jp-modelmgmt-muted">
            {trans.__('There is more than is drawn here. Open a node to see what is around it.')}
          </p>
        )}
      </section>
      <NodeDetails {...props} node={node} onChoose={setChosen} />
    </div>
  );
}

function nodeOf(graph: ILineageGraph, id: string): ILineageNode | undefined {
  return graph.nodes.find(node => node.id === id);
}

/** What is known of a node, and all that is beside it: the graph for those who do not see it. */
function NodeDetails(
  props: ILineageProps & { readonly node: ILineageNode; onChoose: (id: string) => void }
): JSX.Element {
  const { node, trans, run } = props;
  const place = placeOf(node);
  return (
    <section
      className="jp-modelmgmt-Lineage-details"
      aria-label={trans.__('%1 %2', kindLabel(node.kind, trans), node.name)}
    >
      <div className="jp-modelmgmt-muted">{kindLabel(node.kind, trans)}</div>
      <h2>{node.name}</h2>
      {run && place && (
        <Button minimal small onClick={() => run(place.command, place.args)}>
          {trans.__('Open')}
        </Button>
      )}
      <Facts
        title={trans.__('Facts')}
        facts={detailsOf(node).map(([name, value]) => [name, formatValue(value)] as const)}
      />
      <Beside {...props} side="causes" title={trans.__('Comes from')} />
      <Beside {...props} side="effects" title={trans.__('Went into')} />
    </section>
  );
}

function Beside(
  props: ILineageProps & {
    readonly node: ILineageNode;
    readonly side: 'causes' | 'effects';
    readonly title: string;
    onChoose: (id: string) => void;
  }
): JSX.Element | null {
  const { graph, node, side, title, trans } = props;
  const found = neighbours(graph, node.id, side);
  if (!found.length) {
    return null;
  }
  return (
    <>
      <h3>{title}</h3>
      <ul className="jp-modelmgmt-Lineage-list" aria-label={title}>
        {found.map(({ edge, node: other }) => (
          <li key={`${other.id} ${edge.kind} ${edge.label}`}>
            <Button minimal small onClick={() => props.onChoose(other.id)}>
              {kindLabel(other.kind, trans)} {other.name}
            </Button>
            <span className="jp-modelmgmt-muted">
              {edgeLabel(edge.kind, trans)}
              {edge.label && `: ${edge.label}`}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
