import '@xyflow/react/dist/style.css';

import {
  Background,
  Controls,
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
  useReactFlow,
  useStore
} from '@xyflow/react';
import ELK from 'elkjs/lib/elk.bundled.js';
import React, { useEffect, useMemo, useState } from 'react';

import { subtitleOf } from '../../lineage';
import { type ILineageGraph, type ILineageNode } from '../../types';
import { type ITranslate } from '../props';
import { Loading } from '../states';
import { edgeLabel, kindLabel } from '../words';

const WIDTH = 190;
const HEIGHT = 62;
const LAYOUT = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.layered.spacing.nodeNodeBetweenLayers': '90',
  'elk.spacing.nodeNode': '20'
};
const FIT = { maxZoom: 1, padding: 0.1 };
const TYPES = { lineage: LineageNode };

interface INodeData extends Record<string, unknown> {
  readonly node: ILineageNode;
  readonly kind: string;
  readonly isRoot: boolean;
  readonly isChosen: boolean;
  onChoose: (id: string) => void;
}

type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

export interface ILineageGraphProps {
  readonly graph: ILineageGraph;
  readonly chosen: string;
  readonly trans: ITranslate;
  onChoose: (id: string) => void;
}

/** The graph, causes on the left, effects on the right. */
export default function LineageGraph(props: ILineageGraphProps): JSX.Element {
  const { graph, chosen, trans, onChoose } = props;
  const places = usePlaces(graph);
  const edges = useMemo(() => edgesOf(graph, trans), [graph, trans]);
  if (!places) {
    return <Loading trans={trans} />;
  }
  const nodes = graph.nodes.map((node): Node<INodeData> => ({
    id: node.id,
    type: 'lineage',
    position: places.get(node.id) ?? { x: 0, y: 0 },
    data: {
      node,
      kind: kindLabel(node.kind, trans),
      isRoot: node.id === graph.root,
      isChosen: node.id === chosen,
      onChoose
    }
  }));
  return (
    <div className="jp-modelmgmt-Graph">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={TYPES}
        nodesFocusable={false}
        edgesFocusable={false}
        nodesConnectable={false}
        nodesDraggable={false}
        zoomOnScroll={false}
        panOnScroll
        preventScrolling={false}
        fitView
        fitViewOptions={FIT}
        minZoom={0.1}
      >
        <Background />
        <Controls position="top-right" showInteractive={false} fitViewOptions={FIT} />
        <Refit />
      </ReactFlow>
    </div>
  );
}

/** Shows the whole graph again when there is more or less room. */
function Refit(): null {
  const { fitView } = useReactFlow();
  const width = useStore(({ width }) => width);
  useEffect(() => void fitView(FIT), [fitView, width]);
  return null;
}

function edgesOf(graph: ILineageGraph, trans: ITranslate): Edge[] {
  return graph.edges.map(({ start, end, kind, label }) => ({
    id: `${start} ${end} ${kind} ${label}`,
    source: start,
    target: end,
    label: label || edgeLabel(kind, trans)
  }));
}

/** Where the nodes are; null until that is known. */
function usePlaces(graph: ILineageGraph): Places | null {
  const [places, setPlaces] = useState<Places | null>(null);
  useEffect(() => {
    let isShown = true;
    void layout(graph).then(found => {
      if (isShown) {
        setPlaces(found);
      }
    });
    return () => {
      isShown = false;
    };
  }, [graph]);
  return places;
}

async function layout(graph: ILineageGraph): Promise<Places> {
  const laid = await new ELK().layout({
    id: 'lineage',
    layoutOptions: LAYOUT,
    children: graph.nodes.map(({ id }) => ({ id, width: WIDTH, height: HEIGHT })),
    edges: graph.edges.map(({ start, end }, position) => ({
      id: String(position),
      sources: [start],
      targets: [end]
    }))
  });
  return new Map((laid.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
}

function LineageNode({ data }: NodeProps<Node<INodeData>>): JSX.Element {
  const { node, kind, isRoot, isChosen, onChoose } = data;
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        className="jp-modelmgmt-Graph-node nopan"
        data-kind={node.kind}
        data-root={isRoot}
        aria-pressed={isChosen}
        title={node.name}
        style={{ width: WIDTH, height: HEIGHT }}
        onClick={() => onChoose(node.id)}
      >
        <span className="jp-modelmgmt-Graph-kind">{kind}</span>
        <span className="jp-modelmgmt-Graph-name">{node.name}</span>
        <span className="jp-modelmgmt-Graph-kind">{subtitleOf(node)}</span>
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}
