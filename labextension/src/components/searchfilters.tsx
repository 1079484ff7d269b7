import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { filterCount, NO_QUERY } from '../model/query';
import { TASKS } from '../rules';
import { SelectField, TextField } from './forms/fields';
import { type ISearchBoxProps } from './searchboxprops';
import { properName, stageLabel, taskLabel } from './words';

/** The filters beside the search: framework, task, stage and tag. */
export function SearchFilters(props: ISearchBoxProps): JSX.Element {
  const { query, words, trans, onChange } = props;
  const any = { value: '', label: trans.__('Any') };
  return (
    <div className="jp-modelmgmt-Filters" role="group" aria-label={trans.__('Filters')}>
      <SelectField
        label={trans.__('Framework')}
        value={query.framework}
        options={[
          any,
          ...words.frameworks.map(value => ({ value, label: properName(value, trans) }))
        ]}
        onChange={framework => onChange({ framework })}
      />
      <SelectField
        label={trans.__('Task')}
        value={query.task}
        options={[any, ...TASKS.map(value => ({ value, label: taskLabel(value, trans) }))]}
        onChange={task => onChange({ task })}
      />
      <SelectField
        label={trans.__('Stage')}
        value={query.stage}
        options={[any, ...words.stages.map(value => ({ value, label: stageLabel(value, trans) }))]}
        onChange={stage => onChange({ stage })}
      />
      <TextField
        label={trans.__('Tag')}
        suggestions={words.tags}
        value={query.tag}
        onChange={tag => onChange({ tag })}
      />
      {filterCount(query) > 0 && (
        <Button
          minimal
          small
          className="jp-modelmgmt-Filters-clear"
          onClick={() => onChange({ ...NO_QUERY, text: query.text })}
        >
          {trans.__('Clear filters')}
        </Button>
      )}
    </div>
  );
}
