import { useVirtualizer, type Virtualizer } from '@tanstack/react-virtual';
import React, { useState } from 'react';

import { type IDrawn, type IGridProps, NAMES } from './comparisongridprops';
import { GridGroup, GridHead, GridRow } from './comparisonrows';

/** Of more lines or versions only what is in sight is drawn, in a scroller of its own. */
const MANY_LINES = 120;
const MANY_VERSIONS = 12;
const LINE_HEIGHT = 29;
const NAME_WIDTH = 190;
const WIDTH = 160;
const LEAST_WIDTH = 60;

/** The grid: names and base stay in sight, columns have the width that one gives them. */
export function ComparisonGrid(props: IGridProps): JSX.Element {
  const { lines, order, table, trans } = props;
  const [scroller, setScroller] = useState<HTMLElement | null>(null);
  const isLong = lines.length > MANY_LINES || order.length > MANY_VERSIONS;
  const drawn = useColumns(props, scroller, isLong);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller,
    estimateSize: () => LINE_HEIGHT,
    overscan: 8
  });
  const rows = inSight(virtual, isLong);
  return (
    <div ref={setScroller} className="jp-modelmgmt-Comparison-scroller" data-long={isLong}>
      <table
        aria-label={trans.__('Comparison of versions')}
        aria-rowcount={lines.length + 1}
        aria-colcount={table.versions.length + 1}
        style={{ width: drawn.total }}
      >
        <GridHead grid={props} drawn={drawn} />
        <tbody>
          <Gap height={rows.before} />
          {rows.indices.map(index => (
            <Line key={index} index={index} grid={props} drawn={drawn} />
          ))}
          <Gap height={rows.behind} />
        </tbody>
      </table>
    </div>
  );
}

/** The columns that are drawn, and how wide each is. */
function useColumns(
  { order, base }: IGridProps,
  scroller: HTMLElement | null,
  isLong: boolean
): IDrawn {
  const [widths, setWidths] = useState<Readonly<Record<number, number>>>({});
  const widthOf = (position: number) => widths[position] ?? WIDTH;
  const pinned = order[0] === base ? [base] : [];
  const free = order.slice(pinned.length);
  const virtual = useVirtualizer({
    horizontal: true,
    count: free.length,
    getScrollElement: () => scroller,
    estimateSize: index => widthOf(free[index]!),
    overscan: 2
  });
  const { indices, before, behind } = inSight(virtual, isLong);
  const name = widths[NAMES] ?? NAME_WIDTH;
  return {
    columns: [...pinned, ...indices.map(index => free[index]!)],
    before,
    behind,
    name,
    total: order.reduce((sum, position) => sum + widthOf(position), name),
    widthOf,
    onWidth: (column, width) => {
      setWidths({ ...widths, [column]: Math.max(LEAST_WIDTH, Math.round(width)) });
      virtual.measure();
    }
  };
}

/** What of a list is drawn, and the pixels before and behind it: all of a short one. */
function inSight(virtual: Virtualizer<HTMLElement, Element>, isLong: boolean) {
  if (!isLong) {
    return { indices: [...Array(virtual.options.count).keys()], before: 0, behind: 0 };
  }
  const items = virtual.getVirtualItems();
  return {
    indices: items.map(({ index }) => index),
    before: items[0]?.start ?? 0,
    behind: virtual.getTotalSize() - (items[items.length - 1]?.end ?? 0)
  };
}

function Line(props: {
  readonly index: number;
  readonly grid: IGridProps;
  readonly drawn: IDrawn;
}): JSX.Element {
  const line = props.grid.lines[props.index]!;
  return line.kind === 'group' ? (
    <GridGroup {...props} line={line} />
  ) : (
    <GridRow {...props} line={line} />
  );
}

function Gap({ height }: { readonly height: number }): JSX.Element | null {
  return height > 0 ? (
    <tr aria-hidden className="jp-modelmgmt-Comparison-gap">
      <td style={{ height }} />
    </tr>
  ) : null;
}
