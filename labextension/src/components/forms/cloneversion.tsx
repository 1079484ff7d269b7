import React from 'react';

import { tagList } from '../../format';
import { type ICloneVersion, type IModelVersion } from '../../types';
import { type ITranslate } from '../props';
import { DescriptionField, TagsField } from './about';
import { AreaField } from './fields';
import { type Errors, type IFormProps } from './form';
import {
  checkVersion,
  type IVersionValues,
  type LatestOf,
  VersionFields,
  versionOrBump
} from './version';

/** A copy of a version with labels and configuration of its own (D18). */
export interface ICloneVersionValues extends IVersionValues {
  readonly description: string;
  readonly tags: string;
  readonly labels: string;
  /** A JSON object. */
  readonly config: string;
}

export function cloneVersionValues(version: IModelVersion): ICloneVersionValues {
  return {
    name: `${version.model}-copy`.slice(0, 64),
    how: 'minor',
    version: '',
    description: version.description,
    tags: version.tags.join(', '),
    labels: version.labels.join(', '),
    config: JSON.stringify(version.config, null, 2)
  };
}

export function checkCloneVersion(
  values: ICloneVersionValues,
  trans: ITranslate
): Errors<ICloneVersionValues> {
  return {
    ...checkVersion(values, trans),
    ...(configOf(values.config) === null && {
      config: trans.__('Write a JSON object, for example {"top_k": 3}.')
    })
  };
}

/** The configuration that a text holds; null when it is no JSON object. */
function configOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text.trim() || '{}');
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** What the server is told: labels and configuration only where they differ. */
export function clonedVersion(values: ICloneVersionValues, version: IModelVersion): ICloneVersion {
  const before = cloneVersionValues(version);
  return {
    name: values.name,
    ...versionOrBump(values),
    description: values.description,
    tags: tagList(values.tags),
    ...(values.labels !== before.labels && { labels: tagList(values.labels) }),
    ...(values.config !== before.config && { config: configOf(values.config) ?? {} })
  };
}

export function CloneVersionForm(
  props: IFormProps<ICloneVersionValues> & { readonly latestOf: LatestOf }
): JSX.Element {
  const { values, errors, trans, onChange } = props;
  return (
    <>
      <VersionFields {...props} />
      <DescriptionField
        value={values.description}
        trans={trans}
        onChange={description => onChange({ description })}
      />
      <TagsField value={values.tags} trans={trans} onChange={tags => onChange({ tags })} />
      <AreaField
        label={trans.__('Labels')}
        hint={trans.__('In the order of the outputs, separated by commas')}
        value={values.labels}
        onChange={labels => onChange({ labels })}
      />
      <AreaField
        label={trans.__('Configuration')}
        hint={trans.__('JSON; it is merged over that of the copied version')}
        error={errors.config}
        value={values.config}
        onChange={config => onChange({ config })}
      />
    </>
  );
}
