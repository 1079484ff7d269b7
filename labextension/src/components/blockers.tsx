import React from 'react';

import { isRunning } from '../rules';
import { type IModelVersion, type IStageRule } from '../types';
import { type ITranslate } from './props';
import { stageLabel } from './words';

/** What keeps a version from being deleted (K13). */
export interface IBlockers {
  /** Deployments that run it. */
  readonly deployments: readonly string[];
  /** The protected stage that it is in; empty when it is in none. */
  readonly stage: string;
  readonly aliases: readonly string[];
}

export function blockersOf(version: IModelVersion, rules: readonly IStageRule[]): IBlockers {
  const rule = rules.find(({ name }) => name === version.stage);
  return {
    deployments: version.deployments
      .filter(({ state }) => isRunning(state))
      .map(({ name }) => name),
    stage: rule?.protected ? version.stage : '',
    aliases: version.aliases
  };
}

export function BlockersView(props: {
  readonly blockers: IBlockers;
  readonly trans: ITranslate;
}): JSX.Element {
  const { blockers, trans } = props;
  const { deployments, stage, aliases } = blockers;
  return (
    <div className="jp-modelmgmt-Blockers">
      {deployments.length > 0 && (
        <p role="alert">
          {trans.__(
            'You cannot delete a model that is currently deployed. Stop all deployments first.'
          )}
        </p>
      )}
      {!deployments.length && !stage && (
        <p>
          {trans.__(
            'Deployments and notebooks that name this version will no longer find it. If you are not sure, archive it or download its files first.'
          )}
        </p>
      )}
      {(deployments.length > 0 || stage || aliases.length > 0) && (
        <ul aria-label={trans.__('What keeps it')}>
          {deployments.map(name => (
            <li key={name}>{trans.__('Deployment %1 runs it', name)}</li>
          ))}
          {stage && (
            <li>
              {trans.__(
                'It is in the protected stage %1: promote another version, or move this one first',
                stageLabel(stage, trans)
              )}
            </li>
          )}
          {aliases.map(alias => (
            <li key={alias}>{trans.__('The alias %1 points at it', alias)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}
