import React from 'react';

import { MODEL_TYPES, TASKS } from '../../rules';
import { type Task } from '../../types';
import { properName, taskLabel } from '../words';
import { SelectField } from './fields';
import { type IFormProps } from './form';

/** What kind of model it is (K2 to K4). */
export interface IKindValues {
  readonly framework: string;
  readonly task: Task;
  readonly modelType: string;
}

export function KindFields(
  props: Pick<IFormProps<IKindValues>, 'values' | 'trans' | 'onChange'> & {
    /** What can be chosen; the empty text stands for what the files say. */
    readonly frameworks: readonly string[];
  }
): JSX.Element {
  const { values, frameworks, trans, onChange } = props;
  const named = (word: string) => ({
    value: word,
    label: word ? properName(word, trans) : trans.__('As the files say')
  });
  return (
    <div className="jp-modelmgmt-Form-columns">
      <SelectField
        label={trans.__('Framework')}
        value={values.framework}
        options={frameworks.map(named)}
        onChange={framework => onChange({ framework })}
      />
      <SelectField
        label={trans.__('Task type')}
        value={values.task}
        options={TASKS.map(task => ({ value: task, label: taskLabel(task, trans) }))}
        onChange={task => onChange({ task: task as Task })}
      />
      <SelectField
        label={trans.__('Model type')}
        value={values.modelType}
        options={MODEL_TYPES.map(named)}
        onChange={modelType => onChange({ modelType })}
      />
    </div>
  );
}
