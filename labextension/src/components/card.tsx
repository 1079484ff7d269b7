import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { type CardFact, completeness, missingFacts } from '../card';
import { CommandIDs } from '../commands/ids';
import { type ICardProps } from './cardprops';
import {
  ArchitectureSection,
  DeploymentSection,
  EvaluationSection,
  LicenseSection,
  LoadingSection,
  ReferenceSection,
  SummarySection,
  TaskSection,
  TrainingSection
} from './cardsections';
import { CostFacts, EnvironmentFacts, ProofFacts, SafetyFacts, SourceCells } from './evidence';
import { basicFacts, configurationFacts, Facts, metadataFacts } from './facts';
import { type ITranslate } from './props';

/** The model card of a version (K8, W13): what was found out or said of it, and what nobody knows yet (N24). */
export function Card(props: ICardProps): JSX.Element {
  const { version, trans } = props;
  return (
    <article
      className="jp-modelmgmt-Card"
      aria-label={trans.__('Card of %1', `${version.model}@${version.version}`)}
    >
      <div className="jp-modelmgmt-Card-text">
        <SummarySection {...props} />
        <TrainingSection {...props} />
        <EvaluationSection {...props} />
        <ArchitectureSection {...props} />
        <LoadingSection {...props} />
        <TaskSection {...props} />
        <LicenseSection {...props} />
        <ReferenceSection {...props} />
        <DeploymentSection {...props} />
        <SourceCells {...props} />
      </div>
      <aside className="jp-modelmgmt-Card-facts" aria-label={trans.__('Facts')}>
        <Completeness {...props} />
        <Facts title={trans.__('Basic information')} facts={basicFacts(version, trans)} />
        <Facts title={trans.__('Model configuration')} facts={configurationFacts(version, trans)} />
        <Facts title={trans.__('Metadata')} facts={metadataFacts(version, trans)} />
        <ProofFacts {...props} />
        <CostFacts {...props} />
        <SafetyFacts {...props} />
        <EnvironmentFacts {...props} />
      </aside>
    </article>
  );
}

/** How much of the card is known, and how to tell the rest. */
function Completeness(props: ICardProps): JSX.Element {
  const { version, trans, run } = props;
  const share = completeness(version);
  const missing = missingFacts(version);
  const { model } = version;
  return (
    <section className="jp-modelmgmt-Completeness" aria-label={trans.__('Completeness')}>
      <div className="jp-modelmgmt-Completeness-head">
        <meter value={share} aria-label={trans.__('Share of the card that is known')} />
        <span>{trans.__('%1 % complete', Math.round(share * 100))}</span>
      </div>
      {missing.length > 0 && (
        <details>
          <summary>
            {trans._n('%1 fact is unknown', '%1 facts are unknown', missing.length)}
          </summary>
          <ul>
            {missing.map(fact => (
              <li key={fact}>{hint(fact, trans)}</li>
            ))}
          </ul>
          <Button
            minimal
            small
            onClick={() => run(CommandIDs.editVersion, { model, version: version.version })}
          >
            {trans.__('Edit…')}
          </Button>
        </details>
      )}
    </section>
  );
}

function hint(fact: CardFact, trans: ITranslate): string {
  const hints: Record<CardFact, string> = {
    summary: trans.__('Summary: edit the description.'),
    'training-data': trans.__('Training data: register with datasets={"train": data}.'),
    evaluation: trans.__('Evaluation: register with metrics, or log an evaluation.'),
    architecture: trans.__('Architecture: register the object in memory, not its files.'),
    signature: trans.__('Signature: register with an input_example.'),
    proof: trans.__('Proof: register the object in memory with an input_example.'),
    environment: trans.__('Environment: register from a notebook.'),
    cells: trans.__('Cells: register from a notebook.'),
    author: trans.__('Author: edit the version.'),
    license: trans.__('License: edit the version.'),
    references: trans.__('References: name addresses in the description.')
  };
  return hints[fact];
}
