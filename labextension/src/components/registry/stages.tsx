import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../../commands/ids';
import { type IStageRule } from '../../types';
import { StageBadge } from '../badges';
import { FetchedView } from '../states';
import { stageLabel } from '../words';
import { type IRegistryProps } from './props';

/** These stages stay: every version begins in the one, and the other is for what is over. */
const FIXED: ReadonlySet<string> = new Set(['development', 'archived']);

/** The stages in their order, and what each asks of a version that enters. */
export function Stages(props: IRegistryProps): JSX.Element {
  const { page, trans, run } = props;
  return (
    <section aria-label={trans.__('Stages')}>
      <div className="jp-modelmgmt-Tools">
        <Button minimal small onClick={() => run(CommandIDs.configureStage)}>
          {trans.__('Add stage…')}
        </Button>
      </div>
      <FetchedView state={page.stages.state} trans={trans} onRetry={() => void page.refresh()}>
        {rules => (
          <div className="jp-modelmgmt-scroll" tabIndex={0}>
            <table className="jp-modelmgmt-Table" aria-label={trans.__('Stages')}>
              <thead>
                <tr>
                  <th scope="col">{trans.__('Stage')}</th>
                  <th scope="col">{trans.__('Holds')}</th>
                  <th scope="col">{trans.__('Asks for')}</th>
                  <th scope="col">{trans.__('May be followed by')}</th>
                  <td />
                </tr>
              </thead>
              <tbody>
                {rules.map(rule => (
                  <StageRow key={rule.name} {...props} rule={rule} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </FetchedView>
    </section>
  );
}

function StageRow(props: IRegistryProps & { readonly rule: IStageRule }): JSX.Element {
  const { rule, trans, run } = props;
  const { name, transitions } = rule;
  const label = stageLabel(name, trans);
  return (
    <tr data-stage={name}>
      <th scope="row">
        <StageBadge stage={name} trans={trans} />
      </th>
      <td>
        {rule.exclusive ? trans.__('one version of a model') : trans.__('any number')}
        {rule.protected && `, ${trans.__('not to be deleted')}`}
      </td>
      <td>
        <Wanted rule={rule} trans={trans} />
      </td>
      <td>
        {transitions === null
          ? trans.__('any stage')
          : transitions.map(one => stageLabel(one, trans)).join(', ') || trans.__('none')}
      </td>
      <td>
        <Button
          minimal
          small
          aria-label={trans.__('Change %1', label)}
          onClick={() => run(CommandIDs.configureStage, { stage: name })}
        >
          {trans.__('Change…')}
        </Button>
        {!FIXED.has(name) && (
          <Button
            minimal
            small
            aria-label={trans.__('Remove %1', label)}
            onClick={() => run(CommandIDs.removeStage, { stage: name })}
          >
            {trans.__('Remove…')}
          </Button>
        )}
      </td>
    </tr>
  );
}

function Wanted({ rule, trans }: Pick<IRegistryProps, 'trans'> & { readonly rule: IStageRule }) {
  if (!rule.approval && !rule.gates.length) {
    return <>{trans.__('nothing')}</>;
  }
  return (
    <>
      {rule.approval && <div>{trans.__('an approval')}</div>}
      {rule.gates.map(gate => (
        <div key={gate}>
          <code>{gate}</code>
        </div>
      ))}
    </>
  );
}
