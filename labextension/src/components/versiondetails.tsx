import React from 'react';

import { type IModelVersion } from '../types';
import { basicFacts, configurationFacts, Facts, metadataFacts, numbers, values } from './facts';
import { type ITranslate, type Run } from './props';
import { FileTable } from './files';

/** All that is known of one version (K8). */
export function VersionDetails(props: {
  readonly version: IModelVersion;
  readonly trans: ITranslate;
  run: Run;
}): JSX.Element {
  const { version, trans } = props;
  return (
    <section
      className="jp-modelmgmt-Details"
      aria-label={trans.__('Details of %1', version.version)}
    >
      <h2>
        {version.model}@{version.version}
      </h2>
      {version.description && <p className="jp-modelmgmt-Details-text">{version.description}</p>}
      <Facts title={trans.__('Basic information')} facts={basicFacts(version, trans)} />
      <Facts title={trans.__('Model configuration')} facts={configurationFacts(version, trans)} />
      <Facts title={trans.__('Metadata')} facts={metadataFacts(version, trans)} />
      <Facts title={trans.__('Metrics')} facts={numbers(version.metrics)} />
      <Facts title={trans.__('Parameters')} facts={values(version.params)} />
      <Facts title={trans.__('Configuration')} facts={values(version.config)} />
      <h3>{trans.__('Files')}</h3>
      <FileTable version={version} trans={trans} run={props.run} />
    </section>
  );
}
