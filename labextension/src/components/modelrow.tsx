import { Time } from '@jupyterlab/coreutils';
import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import React, { type MouseEvent as ReactMouseEvent, type ReactNode } from 'react';

import { type TreeRow } from '../model/tree';
import { type IModel, type IVersionSummary } from '../types';
import { DeploymentBadge, StageBadge, StateDot } from './badges';
import { type ITranslate } from './props';
import { properName, taskLabel } from './words';

/** Heights in pixels; the list is laid out before its rows are drawn. */
export const ROW_HEIGHTS: Readonly<Record<TreeRow['kind'], number>> = {
  model: 50,
  version: 28,
  more: 28,
  note: 28,
  failed: 28
};

const DRAG_AFTER_PX = 5;

/** What tells a row from all others, also after the list was read again. */
export function rowKey(row: TreeRow): string {
  return row.kind === 'version'
    ? `${row.model.name}@${row.version.version}`
    : `${row.kind} ${row.model.name}`;
}

export interface ITreeRowProps {
  readonly id: string;
  readonly top: number;
  readonly row: TreeRow;
  readonly isActive: boolean;
  readonly trans: ITranslate;
  onAct: () => void;
  onToggle: () => void;
  onMenu: (x: number, y: number) => void;
  onDrag: (event: MouseEvent) => void;
}

export function TreeRowView(props: ITreeRowProps): JSX.Element {
  const { row, trans } = props;
  switch (row.kind) {
    case 'model':
      return (
        <TreeItem
          {...props}
          level={1}
          isOpen={row.isOpen}
          title={row.model.description || row.model.name}
          name={row.model.name}
        >
          <ModelRow model={row.model} isOpen={row.isOpen} trans={trans} onToggle={props.onToggle} />
        </TreeItem>
      );
    case 'version':
      return (
        <TreeItem {...props} level={2} title={versionTitle(row.version, trans)}>
          <VersionRow version={row.version} trans={trans} />
        </TreeItem>
      );
    case 'more':
      return (
        <TreeItem {...props} level={2}>
          <span className="jp-modelmgmt-Tree-more">{trans.__('Show more versions')}</span>
        </TreeItem>
      );
    case 'note':
      return (
        <TreeItem {...props} level={2}>
          <span className="jp-modelmgmt-muted">
            {row.state === 'loading' ? trans.__('Loading…') : trans.__('No versions')}
          </span>
        </TreeItem>
      );
    case 'failed':
      return (
        <TreeItem {...props} level={2} title={row.message}>
          <span className="jp-modelmgmt-Tree-failed">
            {trans.__('%1 Press to try again.', row.message)}
          </span>
        </TreeItem>
      );
  }
}

function TreeItem(
  props: ITreeRowProps & {
    readonly level: number;
    readonly isOpen?: boolean;
    readonly title?: string;
    readonly name?: string;
    readonly children: ReactNode;
  }
): JSX.Element {
  const { row, level, name } = props;
  return (
    <div
      id={props.id}
      className="jp-modelmgmt-Tree-row"
      role="treeitem"
      aria-level={level}
      aria-expanded={props.isOpen}
      aria-selected={props.isActive}
      data-kind={row.kind}
      data-model={name}
      data-selector={row.kind === 'version' ? rowKey(row) : undefined}
      style={{ height: ROW_HEIGHTS[row.kind], top: props.top }}
      title={props.title}
      onClick={props.onAct}
      onMouseDown={event => watchDrag(event, props.onDrag)}
      onContextMenu={event => {
        event.preventDefault();
        event.stopPropagation();
        props.onMenu(event.clientX, event.clientY);
      }}
    >
      {props.children}
    </div>
  );
}

/** Calls `onDrag` when the pressed mouse has moved far enough to mean it. */
function watchDrag(event: ReactMouseEvent, onDrag: (event: MouseEvent) => void): void {
  if (event.button !== 0) {
    return;
  }
  const { clientX, clientY } = event;
  const stop = () => {
    document.removeEventListener('mousemove', onMove);
    document.removeEventListener('mouseup', stop);
  };
  const onMove = (moved: MouseEvent) => {
    const far = Math.max(Math.abs(moved.clientX - clientX), Math.abs(moved.clientY - clientY));
    if (far > DRAG_AFTER_PX) {
      stop();
      onDrag(moved);
    }
  };
  document.addEventListener('mousemove', onMove);
  document.addEventListener('mouseup', stop);
}

function ModelRow(props: {
  readonly model: IModel;
  readonly isOpen: boolean;
  readonly trans: ITranslate;
  onToggle: () => void;
}): JSX.Element {
  const { model, trans } = props;
  const shown = model.latest ?? model.newest;
  const updated = new Date(model.updated_at);
  const Caret = props.isOpen ? caretDownIcon : caretRightIcon;
  return (
    <>
      <span
        className="jp-modelmgmt-Tree-caret"
        aria-hidden="true"
        onClick={event => {
          event.stopPropagation();
          props.onToggle();
        }}
      >
        <Caret.react tag="span" />
      </span>
      <span className="jp-modelmgmt-Tree-lines">
        <span className="jp-modelmgmt-Model-line">
          <span className="jp-modelmgmt-Model-name">{model.name}</span>
          <span className="jp-modelmgmt-Model-version">{shown?.version ?? trans.__('empty')}</span>
        </span>
        <span className="jp-modelmgmt-Model-line">
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
            {Time.formatHuman(updated, 'narrow')}
          </time>
        </span>
      </span>
    </>
  );
}

function VersionRow(props: {
  readonly version: IVersionSummary;
  readonly trans: ITranslate;
}): JSX.Element {
  const { version, trans } = props;
  return (
    <>
      <span className="jp-modelmgmt-Tree-version">{version.version}</span>
      <span className="jp-modelmgmt-Model-badges">
        <StageBadge stage={version.stage} trans={trans} />
        {version.aliases.map(alias => (
          <span key={alias} className="jp-modelmgmt-Badge" data-alias={alias}>
            {alias}
          </span>
        ))}
      </span>
      <span className="jp-modelmgmt-Tree-dots">
        {version.deployments.map(badge => (
          <span key={badge.name} title={badge.name}>
            <StateDot state={badge.state} trans={trans} compact />
          </span>
        ))}
      </span>
    </>
  );
}

function versionTitle(version: IVersionSummary, trans: ITranslate): string {
  const facts = [properName(version.framework, trans), taskLabel(version.task, trans)];
  const tags = version.tags.length ? trans.__('tags: %1', version.tags.join(', ')) : '';
  return [
    `${version.model}@${version.version}`,
    facts.join(' · '),
    tags,
    version.description,
    trans.__('Drag into a notebook: load it. With Shift: predict. With Alt: a live widget.')
  ]
    .filter(line => line)
    .join('\n');
}
