interface IPlaced {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  x?: number;
  y?: number;
}

interface IGraph {
  readonly id: string;
  readonly layoutOptions: Readonly<Record<string, string>>;
  readonly children: readonly IPlaced[];
  readonly edges: readonly {
    readonly id: string;
    readonly sources: readonly string[];
    readonly targets: readonly string[];
  }[];
}

const GAP_X = 90;
const GAP_Y = 20;

/** Stands in for ELK in widgets: each node one column right of its last cause, in the order given. */
export default class Layers {
  layout({ children, edges, ...rest }: IGraph): Promise<IGraph> {
    const columns = columnsOf(children, edges);
    const filled = new Map<number, number>();
    const placed = children.map(child => {
      const column = columns.get(child.id) ?? 0;
      const row = filled.get(column) ?? 0;
      filled.set(column, row + 1);
      return { ...child, x: column * (child.width + GAP_X), y: row * (child.height + GAP_Y) };
    });
    return Promise.resolve({ ...rest, edges, children: placed });
  }
}

/** The length of the longest way to each node; a circle ends where every node was passed once. */
function columnsOf(children: IGraph['children'], edges: IGraph['edges']): Map<string, number> {
  const columns = new Map(children.map(({ id }) => [id, 0]));
  for (let pass = 0; pass < children.length; pass++) {
    let moved = false;
    for (const { sources, targets } of edges) {
      const [from, to] = [sources[0]!, targets[0]!];
      const column = (columns.get(from) ?? 0) + 1;
      if (column > (columns.get(to) ?? 0) && column < children.length) {
        columns.set(to, column);
        moved = true;
      }
    }
    if (!moved) {
      break;
    }
  }
  return columns;
}
