import React from 'react';

import { useFetched } from '../fetched';
import { Failed, Loading } from '../states';
import { AreaField, CheckField, SelectField, TextField } from './fields';
import { FilesField } from './filesfield';
import { type IImportFormProps } from './importprops';

/** A finished run, and where it wrote its model. Source: M10. */
export function RunPage(props: IImportFormProps): JSX.Element {
  const { values, errors, trans, offers, onChange } = props;
  const runs = useFetched(offers.runs);
  if (runs.kind === 'failed') {
    return <Failed message={runs.message} trans={trans} />;
  }
  const items = runs.kind === 'ready' ? runs.value.items : [];
  const shown = items.find(({ id }) => id === values.run);
  return (
    <>
      <SelectField
        label={trans.__('Run')}
        value={values.run}
        error={errors.run}
        hint={
          shown
            ? pairsOf({ ...shown.params, ...shown.metrics })
            : trans.__('Only a finished run gives versions')
        }
        options={[
          { value: '', label: items.length ? trans.__('Choose…') : trans.__('No finished run') },
          ...items.map(({ id, name, ended_at }) => ({
            value: id,
            label: `${name}, ${ended_at ? new Date(ended_at).toLocaleString() : id}`
          }))
        ]}
        onChange={run => onChange({ run })}
      />
      <PathField
        {...props}
        hint={trans.__('A folder, a file, an archive, or s3://, gs://, az://')}
      />
      <AreaField
        label={trans.__('Requirements')}
        hint={trans.__('Lines for pip; left empty, the requirements.txt that lies there counts')}
        value={values.requirements}
        onChange={requirements => onChange({ requirements })}
      />
    </>
  );
}

/** How a kind of model is imported, and where its files are. Source: M11. */
export function TemplatePage(props: IImportFormProps): JSX.Element {
  const { values, errors, trans, offers, onChange } = props;
  const templates = useFetched(offers.templates);
  if (templates.kind === 'loading') {
    return <Loading trans={trans} />;
  }
  if (templates.kind === 'failed') {
    return <Failed message={templates.message} trans={trans} />;
  }
  const { items } = templates.value;
  const shown = items.find(({ name }) => name === values.template);
  return (
    <>
      <SelectField
        label={trans.__('Template')}
        value={values.template}
        error={errors.template}
        hint={shown && [shown.description, shown.files.join(', ')].filter(text => text).join(' · ')}
        options={[
          { value: '', label: trans.__('Choose…') },
          ...items.map(({ name, title, engine }) => ({
            value: name,
            label: `${title} (${engine})`
          }))
        ]}
        onChange={template => onChange({ template })}
      />
      <PathField {...props} hint={trans.__('The folder or archive with its files')} />
    </>
  );
}

/** A folder, a file, an archive or an object store. Source: M13. */
export function StoragePage(props: IImportFormProps): JSX.Element {
  const { trans } = props;
  return (
    <PathField
      {...props}
      hint={trans.__(
        'A folder, a file, a zip or tar archive of this machine, or s3://, gs://, az://; a config.json in it counts'
      )}
    />
  );
}

/** Files that are referred to and not copied. Source: W9. */
export function ReferencePage(props: IImportFormProps): JSX.Element {
  const { values, trans, onChange } = props;
  return (
    <>
      <PathField {...props} hint={trans.__('A folder or file, s3://, gs://, az:// or https://')} />
      <CheckField
        label={trans.__('Keep checksums, so that a change is noticed')}
        value={values.checksum}
        onChange={checksum => onChange({ checksum })}
      />
    </>
  );
}

/** A file that an export wrote. */
export function ExportPage({ values, errors, trans, onChange }: IImportFormProps): JSX.Element {
  return (
    <FilesField
      files={values.files}
      error={errors.files}
      label={trans.__('Export file')}
      trans={trans}
      // One file is one version: the last one that was chosen counts.
      onChange={files => onChange({ files: files.slice(-1) })}
    />
  );
}

function PathField(props: IImportFormProps & { readonly hint: string }): JSX.Element {
  const { values, errors, hint, trans, onChange } = props;
  return (
    <TextField
      label={trans.__('Path')}
      hint={hint}
      value={values.path}
      error={errors.path}
      onChange={path => onChange({ path })}
    />
  );
}

/** The first few of many values, in a line. */
export function pairsOf(record: Readonly<Record<string, unknown>>): string {
  return Object.entries(record)
    .slice(0, 6)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ');
}
