import { Time } from '@jupyterlab/coreutils';
import { useVirtualizer } from '@tanstack/react-virtual';
import React, { type KeyboardEvent, useEffect, useRef, useState } from 'react';

import { type IModel } from '../types';
import { DeploymentBadge, StageBadge } from './badges';
import { type ITranslate } from './props';

const ROW_HEIGHT = 56;

export interface IModelListProps {
  readonly models: readonly IModel[];
  readonly hasMore: boolean;
  readonly trans: ITranslate;
  onOpen: (model: IModel) => void;
  onMenu: (model: IModel, x: number, y: number) => void;
  onMore: () => void;
}

/** The models as a list box that draws only the rows in sight. */
export function ModelList(props: IModelListProps): JSX.Element {
  const { models, hasMore, onMore } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const rows = useVirtualizer({
    count: models.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8
  });
  const visible = rows.getVirtualItems();
  const last = visible[visible.length - 1]?.index ?? 0;
  useEffect(() => {
    if (hasMore && last >= models.length - 10) {
      onMore();
    }
  }, [hasMore, last, models.length, onMore]);

  const current = Math.min(active, models.length - 1);
  const move = (to: number) => {
    const index = Math.max(0, Math.min(models.length - 1, to));
    setActive(index);
    rows.scrollToIndex(index);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, number> = {
      ArrowDown: current + 1,
      ArrowUp: current - 1,
      Home: 0,
      End: models.length - 1
    };
    const model = models[current];
    if (event.key in moves) {
      move(moves[event.key]!);
    } else if (model && (event.key === 'Enter' || event.key === ' ')) {
      props.onOpen(model);
    } else {
      return;
    }
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      className="jp-modelmgmt-ModelList"
      role="listbox"
      aria-label={props.trans.__('Models')}
      aria-activedescendant={models.length ? rowId(current) : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div style={{ height: rows.getTotalSize(), position: 'relative' }} role="presentation">
        {visible.map(row => (
          <ModelRow
            key={models[row.index]!.name}
            id={rowId(row.index)}
            top={row.start}
            model={models[row.index]!}
            isActive={row.index === current}
            trans={props.trans}
            onOpen={() => {
              setActive(row.index);
              props.onOpen(models[row.index]!);
            }}
            onMenu={(x, y) => props.onMenu(models[row.index]!, x, y)}
          />
        ))}
      </div>
    </div>
  );
}

function rowId(index: number): string {
  return `jp-modelmgmt-Model-${index}`;
}

interface IModelRowProps {
  readonly id: string;
  readonly top: number;
  readonly model: IModel;
  readonly isActive: boolean;
  readonly trans: ITranslate;
  onOpen: () => void;
  onMenu: (x: number, y: number) => void;
}

function ModelRow(props: IModelRowProps): JSX.Element {
  const { model, trans } = props;
  const shown = model.latest ?? model.newest;
  const updated = new Date(model.updated_at);
  return (
    <div
      id={props.id}
      className="jp-modelmgmt-Model"
      role="option"
      aria-selected={props.isActive}
      data-model={model.name}
      style={{ height: ROW_HEIGHT, top: props.top }}
      title={model.description || model.name}
      onClick={props.onOpen}
      onContextMenu={event => {
        event.preventDefault();
        event.stopPropagation();
        props.onMenu(event.clientX, event.clientY);
      }}
    >
      <div className="jp-modelmgmt-Model-line">
        <span className="jp-modelmgmt-Model-name">{model.name}</span>
        <span className="jp-modelmgmt-Model-version">{shown?.version ?? trans.__('empty')}</span>
      </div>
      <div className="jp-modelmgmt-Model-line">
        <span className="jp-modelmgmt-Model-badges">
          {shown && <StageBadge stage={shown.stage} trans={trans} />}
          {model.deployments.map(badge => (
            <DeploymentBadge key={badge.name} badge={badge} trans={trans} />
          ))}
        </span>
        <time
          className="jp-modelmgmt-Model-time"
          dateTime={model.updated_at}
          title={Time.format(updated)}
        >
          {Time.formatHuman(updated)}
        </time>
      </div>
    </div>
  );
}
