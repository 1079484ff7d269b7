import React from 'react';

import { type Mode, type Service } from '../../types';
import { type ITranslate } from '../props';
import { modeLabels, serviceLabel } from '../words';
import { DescriptionField, TagsField } from './about';
import { CheckField, SelectField, TextField } from './fields';
import { ContainerPage } from './importcontainer';
import { MlflowPage } from './importmlflow';
import { ExportPage, ReferencePage, RunPage, StoragePage, TemplatePage } from './importpages';
import { type IImportFormProps } from './importprops';
import { IMPORT_KINDS, type ImportKind, SERVICES } from './importvalues';
import { VersionFields } from './version';

const PAGES: Readonly<Record<ImportKind, (props: IImportFormProps) => JSX.Element>> = {
  run: RunPage,
  template: TemplatePage,
  container: ContainerPage,
  storage: StoragePage,
  mlflow: MlflowPage,
  export: ExportPage,
  reference: ReferencePage
};

/** Imports a version: one page for each kind of source. Source: S8, M10-M18, P1-P4. */
export function ImportForm(props: IImportFormProps): JSX.Element {
  const { values, trans, onChange } = props;
  const Page = PAGES[values.kind];
  const labels = sourceLabels(trans);
  return (
    <>
      <SelectField
        label={trans.__('Source')}
        value={values.kind}
        options={IMPORT_KINDS.map(kind => ({ value: kind, label: labels[kind] }))}
        onChange={kind => onChange({ kind: kind as ImportKind })}
      />
      <Page {...props} />
      {values.kind === 'export' ? <KeptName {...props} /> : <VersionFields {...props} />}
      {values.kind !== 'export' && <MoreFields {...props} />}
    </>
  );
}

export function sourceLabels(trans: ITranslate): Readonly<Record<ImportKind, string>> {
  return {
    run: trans.__('A finished run'),
    template: trans.__('A template'),
    container: trans.__('A container image'),
    storage: trans.__('Storage: folder, file, archive or object store'),
    mlflow: trans.__('An MLflow server'),
    export: trans.__('An export file'),
    reference: trans.__('Files that stay where they are')
  };
}

function KeptName({ values, errors, trans, onChange }: IImportFormProps): JSX.Element {
  return (
    <div className="jp-modelmgmt-Form-columns">
      <TextField
        label={trans.__('Model name')}
        hint={trans.__('Left empty, it keeps its own')}
        value={values.name}
        error={errors.name}
        onChange={name => onChange({ name })}
      />
      <TextField
        label={trans.__('Version')}
        hint={trans.__('Left empty, it keeps its own')}
        value={values.version}
        error={errors.version}
        onChange={version => onChange({ version })}
      />
    </div>
  );
}

/** What is rarely asked: words about the version, and what may become of it. */
function MoreFields(props: IImportFormProps): JSX.Element {
  const { values, trans, onChange } = props;
  return (
    <details className="jp-modelmgmt-Advanced">
      <summary>{trans.__('Advanced')}</summary>
      <div className="jp-modelmgmt-Form-fields">
        <DescriptionField
          value={values.description}
          trans={trans}
          onChange={description => onChange({ description })}
        />
        <TagsField value={values.tags} trans={trans} onChange={tags => onChange({ tags })} />
        {values.kind !== 'reference' && <Services {...props} />}
      </div>
    </details>
  );
}

function Services({ values, errors, trans, onChange }: IImportFormProps): JSX.Element {
  const { services } = values;
  const toggle = (service: Service) =>
    SERVICES.filter(one => services.includes(one) !== (one === service));
  return (
    <>
      {values.kind !== 'mlflow' && (
        <SelectField
          label={trans.__('Input and output')}
          value={values.mode}
          options={[
            { value: '', label: trans.__('As the source says') },
            ...Object.entries(modeLabels(trans)).map(([value, label]) => ({ value, label }))
          ]}
          onChange={mode => onChange({ mode: mode as Mode | '' })}
        />
      )}
      <fieldset className="jp-modelmgmt-Field jp-modelmgmt-Choice">
        <legend>{trans.__('May become')}</legend>
        {SERVICES.map(service => (
          <CheckField
            key={service}
            label={serviceLabel(service, trans)}
            value={services.includes(service)}
            onChange={() => onChange({ services: toggle(service) })}
          />
        ))}
        <div className="jp-modelmgmt-Field-note">{errors.services}</div>
      </fieldset>
    </>
  );
}
