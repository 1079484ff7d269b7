import React from 'react';

import { tagList } from '../../format';
import { FRAMEWORKS, STATUSES } from '../../rules';
import {
  type IArtifact,
  type IVersionOfFiles,
  type IVersionSummary,
  type Status
} from '../../types';
import { type ITranslate } from '../props';
import { statusLabel } from '../words';
import { DescriptionField, TagsField } from './about';
import { SelectField, TextField } from './fields';
import { FilesField } from './filesfield';
import { type Errors, type IFormProps } from './form';
import { type IKindValues, KindFields } from './kind';
import { AboutFields, type IAboutValues } from './register';
import {
  checkVersion,
  type IVersionValues,
  type LatestOf,
  VersionFields,
  versionOrBump
} from './version';

/** A model made of files (K1 to K6), or a new version of one (K10), which is of the same kind. */
export interface IFilesValues extends IVersionValues, IKindValues, IAboutValues {
  readonly files: readonly File[];
  readonly description: string;
  /** `accuracy=0.98, loss=0.1`. */
  readonly metrics: string;
  readonly status: Status;
}

const FIRST = { task: 'classification', modelType: 'custom', license: '', public: false } as const;

function kindOf({
  task,
  model_type: modelType,
  author,
  license,
  public: isPublic
}: IVersionSummary) {
  return { task, modelType, author, license, public: isPublic };
}

/** What the form begins with: what the version before says, else the defaults of K3 to K5. */
export function filesValues(
  name: string,
  before: IVersionSummary | null,
  author: string
): IFilesValues {
  return {
    name,
    how: 'minor',
    version: '',
    files: [],
    description: '',
    metrics: '',
    framework: '',
    status: 'draft',
    tags: '',
    ...(before ? kindOf(before) : { ...FIRST, author })
  };
}

/** What the server is told; without a framework it follows from the files. */
export function versionOfFiles(
  values: IFilesValues,
  artifacts: readonly IArtifact[]
): IVersionOfFiles {
  return {
    ...versionOrBump(values),
    artifacts,
    description: values.description,
    metrics: metricsOf(values.metrics) ?? {},
    ...(values.framework && { framework: values.framework }),
    task: values.task,
    model_type: values.modelType,
    status: values.status,
    tags: tagList(values.tags),
    author: values.author,
    license: values.license,
    public: values.public
  };
}

export function checkFiles(values: IFilesValues, trans: ITranslate): Errors<IFilesValues> {
  return {
    ...checkVersion(values, trans),
    ...(!values.files.length && { files: trans.__('Choose at least one file.') }),
    ...(metricsOf(values.metrics) === null && {
      metrics: trans.__('Write name=number, for example accuracy=0.98, loss=0.1.')
    })
  };
}

/** The metrics of a text; null when it cannot be read. */
export function metricsOf(text: string): Record<string, number> | null {
  const pairs = text
    .split(',')
    .map(pair => pair.trim())
    .filter(pair => pair)
    .map(pair => pair.split('=').map(part => part.trim()));
  const isReadable = ([name, value]: string[]) => !!name && !!value && !isNaN(Number(value));
  return pairs.every(pair => pair.length === 2 && isReadable(pair))
    ? Object.fromEntries(pairs.map(([name, value]) => [name, Number(value)]))
    : null;
}

export function FilesForm(
  props: IFormProps<IFilesValues> & {
    readonly latestOf: LatestOf;
    /** A new version takes its kind over and is asked less. */
    readonly isNewVersion: boolean;
  }
): JSX.Element {
  const { values, errors, isNewVersion, trans, onChange } = props;
  return (
    <>
      <VersionFields {...props} />
      <Guidelines trans={trans} />
      <FilesField
        files={values.files}
        error={errors.files}
        trans={trans}
        onChange={files => onChange({ files })}
      />
      <DescriptionField
        value={values.description}
        trans={trans}
        onChange={description => onChange({ description })}
      />
      <TextField
        label={trans.__('Metrics')}
        placeholder={trans.__('accuracy=0.98, loss=0.1')}
        value={values.metrics}
        error={errors.metrics}
        onChange={metrics => onChange({ metrics })}
      />
      {isNewVersion ? (
        <TagsField value={values.tags} trans={trans} onChange={tags => onChange({ tags })} />
      ) : (
        <>
          <KindFields {...props} frameworks={['', ...FRAMEWORKS]} />
          <SelectField
            label={trans.__('Status')}
            value={values.status}
            options={STATUSES.filter(status => status !== 'deployed').map(status => ({
              value: status,
              label: statusLabel(status, trans)
            }))}
            onChange={status => onChange({ status: status as Status })}
          />
          <AboutFields {...props} />
        </>
      )}
    </>
  );
}

/** When which part of the number grows (K11). */
function Guidelines(props: { readonly trans: ITranslate }): JSX.Element {
  const { trans } = props;
  return (
    <details className="jp-modelmgmt-Guidelines">
      <summary>{trans.__('Which number?')}</summary>
      <dl>
        <dt>{trans.__('Major')}</dt>
        <dd>{trans.__('Breaking changes or a new architecture')}</dd>
        <dt>{trans.__('Minor')}</dt>
        <dd>{trans.__('Improvements or new features')}</dd>
        <dt>{trans.__('Patch')}</dt>
        <dd>{trans.__('Fixes')}</dd>
        <dt>1.0.0</dt>
        <dd>{trans.__('The first release for production')}</dd>
      </dl>
    </details>
  );
}
