import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../../commands/ids';
import { formatDuration, formatValue } from '../../format';
import { durationOf } from '../../runs';
import { type IRun } from '../../types';
import { RunStatusBadge } from '../badges';
import { type Fact, Facts, numbers, values } from '../facts';
import { type ITranslate } from '../props';
import { RelativeTime } from '../versioncolumns';
import { VersionLinks } from './columns';
import { type IRunsProps } from './props';

/** All that is known of one run but its curves. */
export function RunDetails(props: IRunsProps & { readonly of: IRun }): JSX.Element {
  const { of, trans, run } = props;
  return (
    <aside className="jp-modelmgmt-Details" aria-label={trans.__('Run %1', of.name)}>
      <h2>{of.name}</h2>
      {of.reason && (
        <p className="jp-modelmgmt-Runs-reason" role="note">
          {of.reason}
        </p>
      )}
      <div className="jp-modelmgmt-Tools">
        <Button minimal small onClick={() => run(CommandIDs.copyText, { text: of.id })}>
          {trans.__('Copy id')}
        </Button>
        {of.status === 'running' && (
          <Button
            minimal
            small
            onClick={() => run(CommandIDs.endRun, { run: of.id, name: of.name })}
          >
            {trans.__('End run…')}
          </Button>
        )}
      </div>
      <Facts facts={basicFacts(props)} />
      <Facts title={trans.__('Metrics')} facts={numbers(of.metrics)} />
      <Facts title={trans.__('Params')} facts={values(of.params)} />
      <Facts title={trans.__('Datasets')} facts={datasetFacts(of)} />
      <Facts title={trans.__('Source')} facts={sourceFacts(of, trans)} />
    </aside>
  );
}

function basicFacts({ of, trans, run }: IRunsProps & { readonly of: IRun }): Fact[] {
  return [
    [trans.__('Status'), <RunStatusBadge key="status" status={of.status} trans={trans} />],
    [trans.__('Started'), <RelativeTime key="started" iso={of.started_at} />],
    [trans.__('Duration'), formatDuration(durationOf(of, Date.now()))],
    [trans.__('Started by'), of.created_by],
    [trans.__('Tags'), of.tags.join(', ')],
    [
      trans.__('Versions'),
      of.versions.length ? (
        <VersionLinks key="versions" run={of} onOpen={run} trans={trans} />
      ) : (
        trans.__('none yet')
      )
    ]
  ];
}

function datasetFacts({ datasets }: IRun): Fact[] {
  return datasets.map(({ dataset, role }) => [role, dataset]);
}

/** Where the code is; what is long, such as cells, is not told here. */
function sourceFacts({ source }: IRun, trans: ITranslate): Fact[] {
  const labels: Readonly<Record<string, string>> = {
    notebook: trans.__('Notebook'),
    script: trans.__('Script'),
    git_commit: trans.__('Git commit')
  };
  return Object.entries(source)
    .filter(([, value]) => typeof value === 'string' && value)
    .map(([name, value]) => [labels[name] ?? name, formatValue(value)]);
}
