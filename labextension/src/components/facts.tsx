import React, { type ReactNode } from 'react';

import { formatNumber, formatSize, formatValue } from '../format';
import { type IModelVersion } from '../types';
import { StageBadge, StatusBadge } from './badges';
import { type ITranslate } from './props';
import { RelativeTime } from './versioncolumns';
import { modeLabels, properName, serviceLabel, taskLabel } from './words';

const SHOWN_LABELS = 20;

export type Fact = readonly [name: string, value: ReactNode];

/** A titled list of names and values; nothing at all when there is none. */
export function Facts(props: {
  readonly title?: string;
  readonly facts: readonly Fact[];
}): JSX.Element {
  const facts = props.facts.filter(([, value]) => value !== '' && value !== null);
  if (!facts.length) {
    return <></>;
  }
  return (
    <>
      {props.title && <h3>{props.title}</h3>}
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

export function basicFacts(version: IModelVersion, trans: ITranslate): Fact[] {
  return [
    [trans.__('Status'), <StatusBadge key="status" status={version.status} trans={trans} />],
    [trans.__('Stage'), <StageBadge key="stage" stage={version.stage} trans={trans} />],
    [trans.__('Registered at'), <RelativeTime key="created" iso={version.created_at} />],
    [trans.__('Last modified'), <RelativeTime key="updated" iso={version.updated_at} />],
    [trans.__('Registered by'), version.created_by],
    [trans.__('Size'), formatSize(version.size)]
  ];
}

export function configurationFacts(version: IModelVersion, trans: ITranslate): Fact[] {
  return [
    [trans.__('Framework'), properName(version.framework, trans)],
    [trans.__('Task type'), taskLabel(version.task, trans)],
    [trans.__('Model type'), properName(version.model_type, trans)],
    [trans.__('Adapter'), version.adapter],
    [trans.__('Input and output'), modeLabels(trans)[version.interface.mode]],
    [
      trans.__('May become'),
      version.interface.services.map(one => serviceLabel(one, trans)).join(', ')
    ],
    [trans.__('Labels'), <Labels key="labels" labels={version.labels} trans={trans} />]
  ];
}

export function metadataFacts(version: IModelVersion, trans: ITranslate): Fact[] {
  return [
    [trans.__('Tags'), version.tags.join(', ')],
    [trans.__('Author'), version.author],
    [trans.__('License'), version.license],
    [trans.__('Public'), version.public ? trans.__('Yes') : trans.__('No')],
    [trans.__('Cloned from'), version.parent],
    [trans.__('Source'), version.source]
  ];
}

/** The labels of a model, folded when they are many. */
export function Labels(props: {
  readonly labels: readonly string[];
  readonly trans: ITranslate;
}): JSX.Element {
  const { labels, trans } = props;
  if (labels.length <= SHOWN_LABELS) {
    return <>{labels.join(', ') || '–'}</>;
  }
  return (
    <details>
      <summary>{trans._n('%1 label', '%1 labels', labels.length)}</summary>
      {labels.join(', ')}
    </details>
  );
}

export function numbers(record: Readonly<Record<string, number>>): Fact[] {
  return Object.entries(record).map(([name, value]) => [
    name,
    <span key={name} title={String(value)}>
      {formatNumber(value)}
    </span>
  ]);
}

export function values(record: Readonly<Record<string, unknown>>): Fact[] {
  return Object.entries(record).map(([name, value]) => [
    name,
    <span key={name} className="jp-modelmgmt-code">
      {formatValue(value)}
    </span>
  ]);
}
