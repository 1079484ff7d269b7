import React from 'react';

import { isKnown, packagesOf } from '../card';
import { formatNumber, formatSize } from '../format';
import { type IVerdict } from '../types';
import { type ICardProps } from './cardprops';
import { Section, Unknown } from './cardsections';
import { type Fact, Facts } from './facts';
import { type ITranslate } from './props';
import { FetchedView } from './states';

/** What a fresh process found when it loaded the version (N3). */
export function ProofFacts({ version, trans }: ICardProps): JSX.Element {
  const { proof } = version;
  if (!proof) {
    return <UnknownFact title={trans.__('Proof')} trans={trans} />;
  }
  const facts: Fact[] = [
    [
      trans.__('Result'),
      proof.difference === null
        ? trans.__('loads in a fresh process')
        : trans.__('loads in a fresh process and predicts alike')
    ],
    [
      trans.__('Difference'),
      proof.difference === null
        ? ''
        : trans.__(
            '%1, at most %2 allowed',
            formatNumber(proof.difference),
            formatNumber(proof.tolerance)
          )
    ],
    [trans.__('Proven with'), `Python ${proof.python}`]
  ];
  return <Facts title={trans.__('Proof')} facts={facts} />;
}

/** What using the version takes (N23). */
export function CostFacts({ version, trans }: ICardProps): JSX.Element {
  const { cost } = version;
  if (!cost) {
    return <></>;
  }
  const facts: Fact[] = [
    [trans.__('Loading'), `${formatNumber(cost.load_ms)} ms`],
    [
      trans.__('One prediction'),
      cost.latency_ms === null ? '' : `${formatNumber(cost.latency_ms)} ms`
    ],
    [
      trans.__('Peak memory'),
      cost.peak_memory_bytes === null ? '' : formatSize(cost.peak_memory_bytes)
    ],
    [trans.__('On disk'), formatSize(cost.size_bytes)]
  ];
  return <Facts title={trans.__('Cost')} facts={facts} />;
}

/** Whether loading a file can run code of its author (N13). */
export function SafetyFacts({ version, trans }: ICardProps): JSX.Element {
  if (!version.safety.length) {
    return <UnknownFact title={trans.__('Safety')} trans={trans} />;
  }
  const facts = version.safety.map(
    verdict =>
      [verdict.path, <SafetyVerdict key={verdict.path} verdict={verdict} trans={trans} />] as const
  );
  return <Facts title={trans.__('Safety')} facts={facts} />;
}

export function SafetyVerdict(props: {
  readonly verdict: IVerdict;
  readonly trans: ITranslate;
  /** Leaves the reason to the title. */
  readonly isBrief?: boolean;
}): JSX.Element {
  const { verdict, trans, isBrief } = props;
  const words = {
    data: trans.__('data'),
    code: trans.__('runs code'),
    refused: trans.__('refused')
  };
  const why = [verdict.reason, verdict.imports.join(', ')].filter(text => text).join(': ');
  return (
    <>
      <span className="jp-modelmgmt-Badge" data-safety={verdict.safety} title={why}>
        {words[verdict.safety]}
      </span>
      {why && !isBrief && (
        <span className="jp-modelmgmt-muted jp-modelmgmt-Verdict-why">{why}</span>
      )}
    </>
  );
}

export function EnvironmentFacts({ version, trans }: ICardProps): JSX.Element {
  const title = trans.__('Environment');
  if (!isKnown('environment', version)) {
    return <UnknownFact title={title} trans={trans} />;
  }
  const { python, platform, packages } = packagesOf(version);
  const facts: Fact[] = [
    ['Python', python],
    [trans.__('Platform'), platform],
    [
      trans.__('Packages'),
      <details key="packages">
        <summary>{trans._n('%1 package', '%1 packages', packages.length)}</summary>
        <ul className="jp-modelmgmt-Packages">
          {packages.map(([name, number]) => (
            <li key={name} className="jp-modelmgmt-code">
              {name} {number}
            </li>
          ))}
        </ul>
      </details>
    ]
  ];
  return <Facts title={title} facts={facts} />;
}

/** The cells that made the version, as a program (N1). */
export function SourceCells({ version, source, trans }: ICardProps): JSX.Element {
  const { notebook, cells, git_commit: commit } = version.code;
  const facts: Fact[] = [
    [trans.__('Notebook'), text(notebook)],
    [trans.__('Cells in order'), Array.isArray(cells) ? cells.join(', ') : ''],
    [trans.__('Commit'), text(commit).slice(0, 12)]
  ];
  return (
    <Section title={trans.__('Source cells')}>
      {isKnown('cells', version) ? (
        <>
          <Facts facts={facts} />
          <FetchedView state={source} trans={trans} onRetry={() => undefined}>
            {preview =>
              preview && (
                <pre
                  className="jp-modelmgmt-Code"
                  tabIndex={0}
                  aria-label={trans.__('Program of the source cells')}
                >
                  {preview.text}
                </pre>
              )
            }
          </FetchedView>
        </>
      ) : (
        <Unknown trans={trans} />
      )}
    </Section>
  );
}

function text(value: unknown): string {
  return typeof value === 'string' && value !== 'unknown' ? value : '';
}

function UnknownFact(props: { readonly title: string; readonly trans: ITranslate }): JSX.Element {
  return (
    <>
      <h3>{props.title}</h3>
      <Unknown trans={props.trans} />
    </>
  );
}
