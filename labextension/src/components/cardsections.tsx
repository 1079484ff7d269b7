import { Button, copyIcon } from '@jupyterlab/ui-components';
import React, { type ReactNode } from 'react';

import { capturedData, isKnown, loadingCode, references, shapeText } from '../card';
import { CommandIDs } from '../commands/ids';
import { formatNumber } from '../format';
import { type IField } from '../types';
import { DeploymentBadge } from './badges';
import { type ICardProps } from './cardprops';
import { Labels } from './facts';
import { Markdown } from './markdown';
import { type ITranslate } from './props';
import { properName, takesText, taskLabel } from './words';

const DIGEST_DIGITS = 12;

/** A part of the card under its heading. */
export function Section(props: {
  readonly title: string;
  readonly children: ReactNode;
}): JSX.Element {
  return (
    <section className="jp-modelmgmt-Card-section" aria-label={props.title}>
      <h2>{props.title}</h2>
      {props.children}
    </section>
  );
}

/** The word for what nobody told: a card never guesses. */
export function Unknown(props: { readonly trans: ITranslate }): JSX.Element {
  return <p className="jp-modelmgmt-Unknown">{props.trans.__('unknown')}</p>;
}

export function SummarySection({ version, trans, renderMarkdown }: ICardProps): JSX.Element {
  return (
    <Section title={trans.__('Summary')}>
      {version.description.trim() ? (
        <Markdown text={version.description} render={renderMarkdown} />
      ) : (
        <Unknown trans={trans} />
      )}
    </Section>
  );
}

export function TrainingSection({ version, trans }: ICardProps): JSX.Element {
  const said = version.datasets.map(({ dataset, role, digest }) => ({
    name: dataset,
    role,
    digest
  }));
  const found = capturedData(version).map(({ name, digest }) => ({ name, role: '', digest }));
  const rows = said.length ? said : found;
  return (
    <Section title={trans.__('Training data')}>
      {rows.length ? (
        <table className="jp-modelmgmt-Table">
          <thead>
            <tr>
              <th scope="col">{trans.__('Role')}</th>
              <th scope="col">{trans.__('Dataset')}</th>
              <th scope="col">{trans.__('Digest')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, role, digest }) => (
              <tr key={`${role} ${name}`}>
                <td>{role || trans.__('used by the cells')}</td>
                <td>{name}</td>
                <td className="jp-modelmgmt-code" title={digest}>
                  {digest.split(':').pop()!.slice(0, DIGEST_DIGITS)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : (
        <Unknown trans={trans} />
      )}
    </Section>
  );
}

/** Metrics as they were logged, and what the version scored on golden datasets (S12). */
export function EvaluationSection({ version, trans }: ICardProps): JSX.Element {
  const golden = Object.keys(version.evaluations);
  const scores = [version.metrics, ...Object.values(version.evaluations)];
  const names = [...new Set(scores.flatMap(record => Object.keys(record)))].sort();
  return (
    <Section title={trans.__('Evaluation')}>
      {names.length ? (
        <div className="jp-modelmgmt-scroll" tabIndex={0}>
          <table className="jp-modelmgmt-Table">
            <thead>
              <tr>
                <th scope="col">{trans.__('Metric')}</th>
                {[trans.__('Registered'), ...golden].map(name => (
                  <th key={name} scope="col" data-numeric="true">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {names.map(name => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  {scores.map((record, position) => (
                    <Score key={position} value={record[name]} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <Unknown trans={trans} />
      )}
    </Section>
  );
}

function Score({ value }: { readonly value: number | undefined }): JSX.Element {
  return (
    <td data-numeric="true" title={value === undefined ? undefined : String(value)}>
      {value === undefined ? '–' : formatNumber(value)}
    </td>
  );
}

export function ArchitectureSection({ version, trans }: ICardProps): JSX.Element {
  const { signature } = version;
  return (
    <Section title={trans.__('Architecture')}>
      {version.architecture ? (
        <p className="jp-modelmgmt-code">{version.architecture}</p>
      ) : (
        <Unknown trans={trans} />
      )}
      {signature.takes && <p>{takesText(signature.takes, trans)}</p>}
      {isKnown('signature', version) && (
        <div className="jp-modelmgmt-Signature">
          <Fields title={trans.__('Inputs')} fields={signature.inputs} />
          <Fields title={trans.__('Outputs')} fields={signature.outputs} />
        </div>
      )}
    </Section>
  );
}

function Fields(props: {
  readonly title: string;
  readonly fields: readonly IField[];
}): JSX.Element | null {
  if (!props.fields.length) {
    return null;
  }
  return (
    <table className="jp-modelmgmt-Table">
      <caption>{props.title}</caption>
      <tbody>
        {props.fields.map(({ name, datatype, shape }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="jp-modelmgmt-code">{datatype}</td>
            <td className="jp-modelmgmt-code">{shapeText(shape)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function LoadingSection({ version, trans, run }: ICardProps): JSX.Element {
  const code = loadingCode(version);
  return (
    <Section title={trans.__('How to load')}>
      <div className="jp-modelmgmt-Snippet">
        <pre tabIndex={0} aria-label={trans.__('Code that loads the version')}>
          {code}
        </pre>
        <Button
          minimal
          small
          title={trans.__('Copy the code')}
          aria-label={trans.__('Copy the code')}
          onClick={() => run(CommandIDs.copyText, { text: code })}
        >
          <copyIcon.react tag="span" />
        </Button>
      </div>
    </Section>
  );
}

export function TaskSection({ version, trans }: ICardProps): JSX.Element {
  return (
    <Section title={trans.__('Task')}>
      <p>
        {taskLabel(version.task, trans)}
        {' · '}
        {properName(version.framework, trans)}
      </p>
      {version.labels.length > 0 && <Labels labels={version.labels} trans={trans} />}
    </Section>
  );
}

export function LicenseSection({ version, trans }: ICardProps): JSX.Element {
  return (
    <Section title={trans.__('License')}>
      {version.license ? <p>{version.license}</p> : <Unknown trans={trans} />}
    </Section>
  );
}

export function ReferenceSection({ version, trans }: ICardProps): JSX.Element {
  const found = references(version);
  return (
    <Section title={trans.__('References')}>
      {found.length ? (
        <ul className="jp-modelmgmt-References">
          {found.map(text => (
            <li key={text}>
              {/^https?:/.test(text) ? (
                <a href={text} target="_blank" rel="noopener noreferrer">
                  {text}
                </a>
              ) : (
                text
              )}
            </li>
          ))}
        </ul>
      ) : (
        <Unknown trans={trans} />
      )}
    </Section>
  );
}

export function DeploymentSection({ version, trans, run }: ICardProps): JSX.Element {
  const args = { model: version.model, version: version.version };
  return (
    <Section title={trans.__('Deployment')}>
      {version.deployments.length ? (
        <span className="jp-modelmgmt-Model-badges">
          {version.deployments.map(badge => (
            <DeploymentBadge key={badge.name} badge={badge} trans={trans} />
          ))}
        </span>
      ) : (
        <p>
          {trans.__('Not deployed.')}{' '}
          <Button minimal small onClick={() => run(CommandIDs.deployVersion, args)}>
            {trans.__('Deploy…')}
          </Button>
        </p>
      )}
    </Section>
  );
}
