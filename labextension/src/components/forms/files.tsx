import { Button } from '@jupyterlab/ui-components';
import React, { type DragEvent, useRef, useState } from 'react';

import { formatSize } from '../../format';
import { pathOf } from '../../model/upload';
import { type ITranslate } from '../props';
import { AreaField, TextField } from './fields';
import { type Errors, type IFormProps } from './form';
import { checkVersion, type IVersionValues, type LatestOf, VersionFields } from './version';

/** A version made of files (K10). */
export interface IFilesValues extends IVersionValues {
  readonly files: readonly File[];
  readonly description: string;
  /** `accuracy=0.98, loss=0.1`. */
  readonly metrics: string;
  readonly tags: string;
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
  props: IFormProps<IFilesValues> & { readonly latestOf: LatestOf }
): JSX.Element {
  const { values, errors, trans, onChange } = props;
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
      <AreaField
        label={trans.__('Description')}
        value={values.description}
        onChange={description => onChange({ description })}
      />
      <div className="jp-modelmgmt-Form-columns">
        <TextField
          label={trans.__('Metrics')}
          placeholder={trans.__('accuracy=0.98, loss=0.1')}
          value={values.metrics}
          error={errors.metrics}
          onChange={metrics => onChange({ metrics })}
        />
        <TextField
          label={trans.__('Tags')}
          hint={trans.__('Separated by commas')}
          value={values.tags}
          onChange={tags => onChange({ tags })}
        />
      </div>
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

export function FilesField(props: {
  readonly files: readonly File[];
  /** What is chosen when it is one file of another kind. */
  readonly label?: string;
  readonly error?: string;
  readonly trans: ITranslate;
  onChange: (files: readonly File[]) => void;
}): JSX.Element {
  const { files, error, trans, onChange } = props;
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const label = props.label ?? trans.__('Files of the model');
  const add = (more: FileList | null) => {
    const known = new Map([...files, ...(more ?? [])].map(file => [pathOf(file), file]));
    onChange([...known.values()]);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    add(event.dataTransfer.files);
  };
  return (
    <div
      className="jp-modelmgmt-Field jp-modelmgmt-Files"
      role="group"
      aria-label={trans.__('Files')}
      data-invalid={error !== undefined}
      data-over={isOver}
      onDragOver={event => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      <div className="jp-modelmgmt-Files-head">
        <span>
          {props.label
            ? trans.__('%1: drop it here, or', props.label)
            : trans.__('Drop the files of the model here, or')}
        </span>
        <Button className="jp-mod-styled" onClick={() => input.current?.click()}>
          {trans.__('Browse')}
        </Button>
        <input
          ref={input}
          type="file"
          multiple={!props.label}
          aria-label={label}
          onChange={event => add(event.target.files)}
        />
      </div>
      <FileRows files={files} trans={trans} onChange={onChange} />
      <div className="jp-modelmgmt-Field-note" role={error ? 'alert' : undefined}>
        {error ?? (props.label ? '' : trans.__('The format is recognised from the files.'))}
      </div>
    </div>
  );
}

function FileRows(props: {
  readonly files: readonly File[];
  readonly trans: ITranslate;
  onChange: (files: readonly File[]) => void;
}): JSX.Element | null {
  const { files, trans } = props;
  if (!files.length) {
    return null;
  }
  return (
    <ul>
      {files.map(file => (
        <li key={pathOf(file)}>
          <span className="jp-modelmgmt-code">{pathOf(file)}</span>
          <span className="jp-modelmgmt-muted">{formatSize(file.size)}</span>
          <Button
            minimal
            small
            aria-label={trans.__('Leave out %1', pathOf(file))}
            onClick={() => props.onChange(files.filter(one => one !== file))}
          >
            ×
          </Button>
        </li>
      ))}
    </ul>
  );
}
