import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { formatSize } from '../format';
import { type IMemory } from '../model/memory';
import { type IMemoryModel } from '../types';
import { type ITranslate, type OpenMenu, type Run } from './props';
import { Empty } from './states';
import { properName } from './words';

export interface IMemoryViewProps {
  readonly memory: IMemory;
  /** The objects that the search leaves. */
  readonly models: readonly IMemoryModel[];
  readonly trans: ITranslate;
  run: Run;
  onMenu: OpenMenu<IMemoryModel>;
}

/** The objects in the active notebook's memory: what each is, and a button that registers it. */
export function MemoryView(props: IMemoryViewProps): JSX.Element {
  const { memory, models, trans } = props;
  if (memory.notebook === null) {
    return (
      <Empty title={trans.__('No notebook is active')}>
        <p>{trans.__('Open a notebook: the models in its memory appear here.')}</p>
      </Empty>
    );
  }
  if (!memory.models.length) {
    return (
      <Empty title={trans.__('No models in memory')}>
        <p>{trans.__('Fit one in a cell of %1, and it appears here.', memory.notebook)}</p>
      </Empty>
    );
  }
  if (!models.length) {
    return <Empty title={trans.__('Nothing in memory matches')} />;
  }
  return (
    <ul className="jp-modelmgmt-List" aria-label={trans.__('Models in memory')}>
      {models.map(model => (
        <MemoryRow key={model.variable} {...props} model={model} />
      ))}
    </ul>
  );
}

function MemoryRow(props: IMemoryViewProps & { readonly model: IMemoryModel }): JSX.Element {
  const { model, trans } = props;
  const facts = [model.class_name, properName(model.framework, trans)];
  if (model.size) {
    facts.push(formatSize(model.size));
  }
  return (
    <li
      className="jp-modelmgmt-Item"
      data-variable={model.variable}
      onContextMenu={event => {
        event.preventDefault();
        event.stopPropagation();
        props.onMenu(model, event.clientX, event.clientY);
      }}
    >
      <div className="jp-modelmgmt-Item-text">
        <span className="jp-modelmgmt-Item-name jp-modelmgmt-code">{model.variable}</span>
        <span className="jp-modelmgmt-Item-detail" title={facts.join(' · ')}>
          {model.problem || facts.join(' · ')}
        </span>
      </div>
      <Button
        minimal
        small
        disabled={model.problem !== ''}
        aria-label={trans.__('Register %1', model.variable)}
        title={model.problem || trans.__('Register %1 as a model', model.variable)}
        onClick={() => props.run(CommandIDs.register, { variable: model.variable })}
      >
        {trans.__('Register')}
      </Button>
      <StandingBadge model={model} trans={trans} />
    </li>
  );
}

export type Standing = 'same' | 'differs' | 'unregistered';

/** What a standing means for people who read it; null where none is known. Source: N12. */
export function standingOf(model: IMemoryModel): Standing | null {
  const { standing = '' } = model;
  if (standing.startsWith('=')) {
    return 'same';
  }
  if (standing.startsWith('differs')) {
    return 'differs';
  }
  return standing ? 'unregistered' : null;
}

/** The model and version that a standing names. */
export function knownAs(model: IMemoryModel): { model: string; version: string } | null {
  const found = /^(?:=|differs from) (\S+) ([^\s,]+)/.exec(model.standing ?? '');
  return found && { model: found[1]!, version: found[2]! };
}

function StandingBadge(props: {
  readonly model: IMemoryModel;
  readonly trans: ITranslate;
}): JSX.Element | null {
  const { model, trans } = props;
  const kind = standingOf(model);
  if (kind === null) {
    return null;
  }
  const known = knownAs(model);
  const name = known ? `${known.model} ${known.version}` : '';
  const texts: Record<Standing, string> = {
    same: trans.__('= %1', name),
    differs:
      typeof model.cell === 'number'
        ? trans.__('differs from %1, refit in cell %2', name, model.cell)
        : trans.__('differs from %1', name),
    unregistered: trans.__('not registered')
  };
  return (
    <span className="jp-modelmgmt-Item-standing">
      <span className="jp-modelmgmt-Badge" data-standing={kind}>
        {texts[kind]}
      </span>
    </span>
  );
}
