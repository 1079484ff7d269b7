import React from 'react';

import { tagList } from '../../format';
import { FRAMEWORKS, LICENSES } from '../../rules';
import { type IMemoryModel, type INewVersion } from '../../types';
import { type AdviceOf, AdviceNote, needsReason, useAdvice } from './advice';
import { DescriptionField, TagsField } from './about';
import { CheckField, TextField } from './fields';
import { type IFormProps } from './form';
import { type IKindValues, KindFields } from './kind';
import { type IVersionValues, type LatestOf, VersionFields, versionOrBump } from './version';

/** The register form (K1 to K6). */
export interface IRegisterValues extends IVersionValues, IKindValues, IAboutValues {
  readonly reason: string;
  readonly description: string;
}

/** What is said about a version besides (K6). */
export interface IAboutValues {
  readonly tags: string;
  readonly author: string;
  readonly license: string;
  readonly public: boolean;
}

/** What the form begins with for an object in memory. */
export function registerValues(model: IMemoryModel, author: string): IRegisterValues {
  return {
    name: model.variable.replace(/^_+/, '').replace(/_+/g, '-') || 'model',
    how: 'minor',
    version: '',
    reason: '',
    description: '',
    framework: model.framework,
    task: model.task,
    modelType: 'custom',
    tags: '',
    author,
    license: '',
    public: false
  };
}

export function newVersion(values: IRegisterValues): INewVersion {
  return {
    name: values.name,
    ...versionOrBump(values),
    description: values.description,
    framework: values.framework,
    task: values.task,
    model_type: values.modelType,
    tags: tagList(values.tags),
    author: values.author,
    license: values.license,
    public: values.public,
    reason: values.reason
  };
}

export function RegisterForm(
  props: IFormProps<IRegisterValues> & {
    readonly latestOf: LatestOf;
    readonly adviceOf: AdviceOf;
  }
): JSX.Element {
  const { values, trans, onChange } = props;
  const advice = useAdvice(values, props.adviceOf);
  return (
    <>
      <VersionFields {...props} />
      <AdviceNote
        advice={advice}
        how={values.how}
        trans={trans}
        onBump={how => onChange({ how })}
      />
      {needsReason(advice, values.how) && (
        <TextField
          label={trans.__('Reason')}
          hint={trans.__('Why a change that others notice is no major version')}
          value={values.reason}
          onChange={reason => onChange({ reason })}
        />
      )}
      <DescriptionField
        value={values.description}
        trans={trans}
        onChange={description => onChange({ description })}
      />
      <KindFields {...props} frameworks={[...new Set([values.framework, ...FRAMEWORKS])]} />
      <AboutFields {...props} />
    </>
  );
}

/** The fields that the register, the files and the edit form share. */
export function AboutFields(
  props: Pick<IFormProps<IAboutValues>, 'values' | 'trans' | 'onChange'>
): JSX.Element {
  const { values, trans, onChange } = props;
  return (
    <>
      <TagsField value={values.tags} trans={trans} onChange={tags => onChange({ tags })} />
      <div className="jp-modelmgmt-Form-columns">
        <TextField
          label={trans.__('Author')}
          value={values.author}
          onChange={author => onChange({ author })}
        />
        <TextField
          label={trans.__('License')}
          suggestions={LICENSES}
          value={values.license}
          onChange={license => onChange({ license })}
        />
      </div>
      <CheckField
        label={trans.__('Public: every member of the organization may use it')}
        value={values.public}
        onChange={isPublic => onChange({ public: isPublic })}
      />
    </>
  );
}
