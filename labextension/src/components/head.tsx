import { Button, ellipsesIcon } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../commands/ids';
import { standingOf } from '../kept';
import { type ModelPage } from '../model/page';
import { type IDeployment, type IModel, type IVersionSummary } from '../types';
import { TestsBadge } from './kept/badge';
import { StageBadge, StateDot, StatusBadge } from './badges';
import { type ITranslate, type Run } from './props';
import { RelativeTime } from './versioncolumns';

export interface IHeadProps {
  readonly page: ModelPage;
  readonly trans: ITranslate;
  run: Run;
  onMenu: (version: IVersionSummary, x: number, y: number) => void;
}

/** Name and state of a model, the version that the tabs show, and what one does with it. */
export function ModelHead(props: IHeadProps & { readonly model: IModel }): JSX.Element {
  const { model, page, trans } = props;
  return (
    <header className="jp-modelmgmt-Head">
      <div className="jp-modelmgmt-Head-line">
        <h1>{model.name}</h1>
        {page.chosen !== null && <ChosenVersion {...props} chosen={page.chosen} />}
      </div>
      <div className="jp-modelmgmt-muted">
        {trans._n('%1 version', '%1 versions', model.version_count)}
        {' · '}
        {trans.__('last modified')} <RelativeTime iso={model.updated_at} />
      </div>
      {model.description && <p className="jp-modelmgmt-Details-text">{model.description}</p>}
      <DeploymentStrip {...props} deployments={page.deployments.value ?? []} />
    </header>
  );
}

function ChosenVersion(props: IHeadProps & { readonly chosen: string }): JSX.Element {
  const { page, trans, run, chosen } = props;
  const versions = page.versions.items;
  const version = versions.find(one => one.version === chosen) ?? page.version.value;
  const names = versions.map(one => one.version);
  const standing = standingOf(page.kept.tests.value, chosen);
  const args = { model: page.name, version: chosen };
  return (
    <>
      <select
        className="jp-modelmgmt-Select jp-modelmgmt-Head-version"
        aria-label={trans.__('Version')}
        value={chosen}
        onChange={event => page.choose(event.target.value)}
      >
        {(names.includes(chosen) ? names : [chosen, ...names]).map(name => (
          <option key={name}>{name}</option>
        ))}
      </select>
      {version && (
        <span className="jp-modelmgmt-Model-badges">
          <StageBadge stage={version.stage} trans={trans} />
          <StatusBadge status={version.status} trans={trans} />
          {standing && <TestsBadge standing={standing} trans={trans} isNamed />}
        </span>
      )}
      <span className="jp-modelmgmt-Head-actions">
        <Button minimal small onClick={() => run(CommandIDs.deployVersion, args)}>
          {trans.__('Deploy…')}
        </Button>
        <Button minimal small onClick={() => run(CommandIDs.editVersion, args)}>
          {trans.__('Edit…')}
        </Button>
        {version && (
          <Button
            minimal
            small
            aria-haspopup="menu"
            aria-label={trans.__('More actions for the shown version')}
            onClick={event => {
              const { left, bottom } = event.currentTarget.getBoundingClientRect();
              props.onMenu(version, left, bottom);
            }}
          >
            <ellipsesIcon.react tag="span" />
          </Button>
        )}
      </span>
    </>
  );
}

/** The deployments in one line; a failed one says why. The tab of deployments has the rest. */
function DeploymentStrip(
  props: IHeadProps & { readonly deployments: readonly IDeployment[] }
): JSX.Element | null {
  const { page, deployments, trans } = props;
  if (!deployments.length || page.tab === 'deployments') {
    return null;
  }
  return (
    <ul className="jp-modelmgmt-Strip" aria-label={trans.__('Deployments')}>
      {deployments.map(({ name, state, version, message }) => (
        <li key={name} data-deployment={name} data-state={state}>
          <Button
            minimal
            small
            title={trans.__('Open the deployments')}
            onClick={() => {
              page.tab = 'deployments';
            }}
          >
            {name}
          </Button>
          <StateDot state={state} trans={trans} />
          <span className="jp-modelmgmt-muted">{version}</span>
          {state === 'Failed' && message && (
            <p className="jp-modelmgmt-Deployment-message" role="alert">
              {message}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
