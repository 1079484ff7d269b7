import { useVirtualizer } from '@tanstack/react-virtual';
import React, { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from 'react';

import { type TreeRow } from '../model/tree';
import { type IModel, type IVersionSummary } from '../types';
import { ROW_HEIGHTS, rowKey, TreeRowView } from './modelrow';
import { type ITranslate } from './props';

export interface IModelTreeProps {
  readonly rows: readonly TreeRow[];
  /** Whether the server has more models than were read. */
  readonly hasMore: boolean;
  readonly trans: ITranslate;
  onOpen: (model: IModel, version?: IVersionSummary) => void;
  onToggle: (model: IModel) => void;
  onMenu: (row: TreeRow, x: number, y: number) => void;
  /** A version, or the latest of a model, begins to be dragged. */
  onDrag?: (row: TreeRow, event: globalThis.MouseEvent) => void;
  onMore: (model?: IModel) => void;
}

/** Models and their versions as a tree that draws only the rows in sight. */
export function ModelTreeView(props: IModelTreeProps): JSX.Element {
  const { rows, hasMore, trans, onMore } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const current = Math.max(0, Math.min(active, rows.length - 1));
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: index => rowKey(rows[index]!),
    estimateSize: index => ROW_HEIGHTS[rows[index]!.kind],
    overscan: 8
  });
  const visible = virtual.getVirtualItems();
  const last = visible[visible.length - 1]?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= rows.length - 10) {
      onMore();
    }
  }, [hasMore, last, rows.length, onMore]);

  const move = (to: number) => {
    const index = Math.max(0, Math.min(rows.length - 1, to));
    setActive(index);
    virtual.scrollToIndex(index);
  };
  const act = (index: number) => {
    setActive(index);
    choose(rows[index]!, props);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows[current];
    const to = target(event.key, current, rows);
    if (to !== null) {
      move(to);
    } else if (row && (event.key === 'Enter' || event.key === ' ')) {
      act(current);
    } else if (row && shouldToggle(event.key, row)) {
      props.onToggle(row.model);
    } else {
      return;
    }
    event.preventDefault();
  };
  const onContextMenu = (event: MouseEvent) => {
    // The menu key names no row: the menu of the active one opens beside it.
    const row = rows[current];
    const element = scroller.current?.querySelector('[aria-selected=true]');
    if (row && element) {
      event.preventDefault();
      event.stopPropagation();
      const { left, bottom } = element.getBoundingClientRect();
      props.onMenu(row, left + 24, bottom);
    }
  };

  return (
    <div
      ref={scroller}
      className="jp-modelmgmt-Tree"
      role="tree"
      aria-label={trans.__('Models')}
      aria-activedescendant={rows.length ? rowId(current) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onContextMenu={onContextMenu}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {visible.map(({ index, start, key }) => (
          <TreeRowView
            key={key}
            id={rowId(index)}
            top={start}
            row={rows[index]!}
            isActive={index === current}
            trans={trans}
            onAct={() => act(index)}
            onToggle={() => {
              setActive(index);
              props.onToggle(rows[index]!.model);
            }}
            onMenu={(x, y) => {
              setActive(index);
              props.onMenu(rows[index]!, x, y);
            }}
            onDrag={event => props.onDrag?.(rows[index]!, event)}
          />
        ))}
      </div>
    </div>
  );
}

function rowId(index: number): string {
  return `jp-modelmgmt-Model-${index}`;
}

/** The row that a key leads to; null when the key leads nowhere. */
function target(key: string, current: number, rows: readonly TreeRow[]): number | null {
  const row = rows[current];
  const moves: Readonly<Record<string, number>> = {
    ArrowDown: current + 1,
    ArrowUp: current - 1,
    Home: 0,
    End: rows.length - 1,
    PageDown: current + 10,
    PageUp: current - 10
  };
  if (key in moves) {
    return moves[key]!;
  }
  if (key === 'ArrowLeft' && row && row.kind !== 'model') {
    return rows.findIndex(one => one.kind === 'model' && one.model.name === row.model.name);
  }
  return key === 'ArrowRight' && row?.kind === 'model' && row.isOpen ? current + 1 : null;
}

function shouldToggle(key: string, row: TreeRow): boolean {
  return row.kind === 'model' && key === (row.isOpen ? 'ArrowLeft' : 'ArrowRight');
}

function choose(row: TreeRow, props: IModelTreeProps): void {
  switch (row.kind) {
    case 'model':
      return props.onOpen(row.model);
    case 'version':
      return props.onOpen(row.model, row.version);
    case 'more':
      return props.onMore(row.model);
    case 'failed':
      props.onToggle(row.model);
      return props.onToggle(row.model);
    case 'note':
      return;
  }
}
