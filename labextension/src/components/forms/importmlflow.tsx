import { Button } from '@jupyterlab/ui-components';
import React, { useCallback, useState } from 'react';

import { type IMlflowVersion } from '../../types';
import { useFetched } from '../fetched';
import { type ITranslate } from '../props';
import { Failed, Loading } from '../states';
import { SelectField, TextField } from './fields';
import { type IImportFormProps } from './importprops';
import { pairsOf } from './importpages';

/** A version of a registered model of an MLflow server. Source: P1-P4. */
export function MlflowPage(props: IImportFormProps): JSX.Element {
  const { values, trans, onChange } = props;
  const [asked, setAsked] = useState({ uri: values.uri, times: 0 });
  return (
    <>
      <TextField
        label={trans.__('Server')}
        hint={trans.__('Left empty, MLFLOW_TRACKING_URI of the Jupyter server')}
        placeholder={trans.__('http://mlflow:5000')}
        value={values.uri}
        onChange={uri => onChange({ uri, mlflowModel: '', mlflowVersion: '' })}
      />
      {asked.uri !== values.uri ? (
        <Button
          className="jp-mod-styled"
          onClick={() => setAsked({ uri: values.uri, times: asked.times + 1 })}
        >
          {trans.__('Show its models')}
        </Button>
      ) : (
        <Models key={`${asked.times} ${asked.uri}`} {...props} />
      )}
    </>
  );
}

function Models(props: IImportFormProps): JSX.Element {
  const { values, errors, trans, offers, onChange } = props;
  const { uri } = values;
  const models = useFetched(useCallback(() => offers.mlflowModels(uri), [offers, uri]));
  if (models.kind === 'loading') {
    return <Loading trans={trans} />;
  }
  if (models.kind === 'failed') {
    return <Failed message={models.message} trans={trans} />;
  }
  return (
    <>
      <SelectField
        label={trans.__('Registered model')}
        value={values.mlflowModel}
        error={errors.mlflowModel}
        options={[
          { value: '', label: trans.__('Choose…') },
          ...models.value.items.map(({ name }) => ({ value: name, label: name }))
        ]}
        onChange={name =>
          onChange({ mlflowModel: name, mlflowVersion: '', name: values.name || modelName(name) })
        }
      />
      {values.mlflowModel !== '' && <Versions key={values.mlflowModel} {...props} />}
    </>
  );
}

function Versions(props: IImportFormProps): JSX.Element {
  const { values, errors, trans, offers, onChange } = props;
  const { mlflowModel, uri } = values;
  const read = useCallback(
    () => offers.mlflowVersions(mlflowModel, uri),
    [offers, mlflowModel, uri]
  );
  const versions = useFetched(read);
  if (versions.kind === 'loading') {
    return <Loading trans={trans} />;
  }
  if (versions.kind === 'failed') {
    return <Failed message={versions.message} trans={trans} />;
  }
  const { items } = versions.value;
  const shown = items.find(({ version }) => version === values.mlflowVersion);
  return (
    <SelectField
      label={trans.__('Version there')}
      value={values.mlflowVersion}
      error={errors.mlflowVersion}
      hint={shown && about(shown, trans)}
      options={[
        { value: '', label: trans.__('Choose…') },
        ...items.map(({ version, imported }) => ({
          value: version,
          label: imported.length ? `${version} (${imported.join(', ')})` : version
        }))
      ]}
      onChange={version => onChange({ mlflowVersion: version })}
    />
  );
}

function about(version: IMlflowVersion, trans: ITranslate): string {
  const { description, metrics, params } = version;
  return (
    [description, pairsOf({ ...metrics, ...params })].filter(text => text).join(' · ') ||
    trans.__('Nothing is said of it there')
  );
}

/** A name that may stand here, from one of MLflow's. */
function modelName(name: string): string {
  return name
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '')
    .slice(0, 64);
}
