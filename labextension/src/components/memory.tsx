import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { type IMemory } from '../model/memory';
import { type IMemoryModel } from '../types';
import { type ITranslate, type Run } from './props';
import { Empty } from './states';
import { properName } from './words';

/** The objects in the active notebook's memory, each with a button that registers it. */
export function MemoryView(props: {
  readonly memory: IMemory;
  readonly trans: ITranslate;
  run: Run;
}): JSX.Element {
  const { memory, trans, run } = props;
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
  return (
    <ul className="jp-modelmgmt-List" aria-label={trans.__('Models in memory')}>
      {memory.models.map(model => (
        <MemoryRow key={model.variable} model={model} trans={trans} run={run} />
      ))}
    </ul>
  );
}

function MemoryRow(props: {
  readonly model: IMemoryModel;
  readonly trans: ITranslate;
  run: Run;
}): JSX.Element {
  const { model, trans } = props;
  return (
    <li className="jp-modelmgmt-Item" data-variable={model.variable}>
      <div className="jp-modelmgmt-Item-text">
        <span className="jp-modelmgmt-Item-name jp-modelmgmt-code">{model.variable}</span>
        <span className="jp-modelmgmt-Item-detail">
          {model.problem || `${model.class_name} · ${properName(model.framework, trans)}`}
        </span>
      </div>
      <Button
        minimal
        small
        disabled={model.problem !== ''}
        title={model.problem || trans.__('Register %1 as a model', model.variable)}
        onClick={() => props.run(CommandIDs.register, { variable: model.variable })}
      >
        {trans.__('Register')}
      </Button>
    </li>
  );
}
