import React from 'react';

import { tagList } from '../../format';
import { isRunning, STATUSES } from '../../rules';
import { type IVersionEdit, type IVersionSummary, type Status } from '../../types';
import { type ITranslate } from '../props';
import { statusLabel } from '../words';
import { DescriptionField } from './about';
import { SelectField } from './fields';
import { type IFormProps } from './form';
import { AboutFields } from './register';

/** The six fields of a version that may be edited (K9), tags as one text. */
export type IEditValues = Omit<IVersionEdit, 'tags'> & { readonly tags: string };

export function editValues(version: IVersionSummary): IEditValues {
  const { description, status, author, license } = version;
  return {
    description,
    status,
    author,
    license,
    public: version.public,
    tags: version.tags.join(', ')
  };
}

/** The fields that differ from those of `version`. */
export function edits(version: IVersionSummary, values: IEditValues): Partial<IVersionEdit> {
  const before = editValues(version);
  const { tags, ...others } = values;
  const changed = Object.entries(others).filter(
    ([field, value]) => value !== before[field as keyof IEditValues]
  );
  return {
    ...Object.fromEntries(changed),
    ...(tags !== before.tags && { tags: tagList(tags) })
  };
}

export function EditForm(
  props: IFormProps<IEditValues> & { readonly version: IVersionSummary }
): JSX.Element {
  const { values, trans, version, onChange } = props;
  return (
    <>
      <DescriptionField
        value={values.description}
        trans={trans}
        onChange={description => onChange({ description })}
      />
      <SelectField
        label={trans.__('Status')}
        hint={trans.__('"Deployed" follows from a running deployment.')}
        value={values.status}
        options={STATUSES.map(status => ({
          value: status,
          label: statusLabel(status, trans),
          refusal: refusal(status, version, trans)
        }))}
        onChange={status => onChange({ status: status as Status })}
      />
      <AboutFields {...props} />
    </>
  );
}

function refusal(status: Status, version: IVersionSummary, trans: ITranslate): string | undefined {
  const runs = version.deployments.some(badge => isRunning(badge.state));
  if (runs) {
    return status === 'deployed' ? undefined : trans.__('Stop all deployments first.');
  }
  return status === 'deployed' ? trans.__('Deploy the version instead.') : undefined;
}
