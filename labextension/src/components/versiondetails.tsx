import React, { type ReactNode } from 'react';

import { formatNumber, formatSize, formatValue } from '../format';
import { type IModelVersion } from '../types';
import { StageBadge, StatusBadge } from './badges';
import { type ITranslate, type Run } from './props';
import { FileTable } from './files';
import { RelativeTime } from './versioncolumns';
import { properName, taskLabel } from './words';

const SHOWN_LABELS = 20;

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

type Fact = readonly [name: string, value: ReactNode];

/** A titled list of names and values; nothing at all when there is none. */
function Facts(props: { readonly title: string; readonly facts: readonly Fact[] }): JSX.Element {
  const facts = props.facts.filter(([, value]) => value !== '' && value !== null);
  if (!facts.length) {
    return <></>;
  }
  return (
    <>
      <h3>{props.title}</h3>
      <dl className="jp-modelmgmt-Facts">
        {facts.map(([name, value]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </React.Fragment>
        ))}
      </dl>
    </>
  );
}

function basicFacts(version: IModelVersion, trans: ITranslate): Fact[] {
  return [
    [trans.__('Status'), <StatusBadge key="status" status={version.status} trans={trans} />],
    [trans.__('Stage'), <StageBadge key="stage" stage={version.stage} trans={trans} />],
    [trans.__('Registered at'), <RelativeTime key="created" iso={version.created_at} />],
    [trans.__('Last modified'), <RelativeTime key="updated" iso={version.updated_at} />],
    [trans.__('Registered by'), version.created_by],
    [trans.__('Size'), formatSize(version.size)]
  ];
}

function configurationFacts(version: IModelVersion, trans: ITranslate): Fact[] {
  return [
    [trans.__('Framework'), properName(version.framework, trans)],
    [trans.__('Task type'), taskLabel(version.task, trans)],
    [trans.__('Model type'), properName(version.model_type, trans)],
    [trans.__('Adapter'), version.adapter],
    [trans.__('Labels'), labels(version, trans)]
  ];
}

function metadataFacts(version: IModelVersion, trans: ITranslate): Fact[] {
  return [
    [trans.__('Tags'), version.tags.join(', ')],
    [trans.__('Author'), version.author],
    [trans.__('License'), version.license],
    [trans.__('Public'), version.public ? trans.__('Yes') : trans.__('No')],
    [trans.__('Cloned from'), version.parent],
    [trans.__('Source'), version.source]
  ];
}

function labels(version: IModelVersion, trans: ITranslate): ReactNode {
  const { length } = version.labels;
  const first = version.labels.slice(0, SHOWN_LABELS).join(', ');
  if (length <= SHOWN_LABELS) {
    return first;
  }
  return (
    <details>
      <summary>{trans._n('%1 label', '%1 labels', length)}</summary>
      {version.labels.join(', ')}
    </details>
  );
}

function numbers(record: Readonly<Record<string, number>>): Fact[] {
  return Object.entries(record).map(([name, value]) => [
    name,
    <span key={name} title={String(value)}>
      {formatNumber(value)}
    </span>
  ]);
}

function values(record: Readonly<Record<string, unknown>>): Fact[] {
  return Object.entries(record).map(([name, value]) => [
    name,
    <span key={name} className="jp-modelmgmt-code">
      {formatValue(value)}
    </span>
  ]);
}
