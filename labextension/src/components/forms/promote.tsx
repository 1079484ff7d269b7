import React from 'react';

import { type IStageRule, type Stage } from '../../types';
import { type ITranslate } from '../props';
import { stageLabel } from '../words';
import { AreaField, CheckField, SelectField } from './fields';
import { type IFormProps } from './form';

/** Where a version is promoted to, and what is said of it. */
export interface IPromoteValues {
  readonly stage: Stage;
  readonly comment: string;
  readonly archivePrevious: boolean;
}

export function PromoteForm(
  props: IFormProps<IPromoteValues> & {
    readonly rules: readonly IStageRule[];
    readonly from: Stage;
  }
): JSX.Element {
  const { values, trans, rules, from, onChange } = props;
  const rule = rules.find(({ name }) => name === values.stage);
  const allowed = rules.find(({ name }) => name === from)?.transitions ?? null;
  return (
    <>
      <SelectField
        label={trans.__('Stage')}
        hint={trans.__('It is in %1 now', stageLabel(from, trans))}
        value={values.stage}
        options={rules.map(({ name }) => ({
          value: name,
          label: stageLabel(name, trans),
          refusal: refusal(name, from, allowed, trans)
        }))}
        onChange={stage => onChange({ stage })}
      />
      {rule && <StageRuleNote rule={rule} trans={trans} />}
      {rule?.exclusive && (
        <CheckField
          label={trans.__('Archive the version that is in this stage now')}
          value={values.archivePrevious}
          onChange={archivePrevious => onChange({ archivePrevious })}
        />
      )}
      <AreaField
        label={trans.__('Comment')}
        value={values.comment}
        onChange={comment => onChange({ comment })}
      />
    </>
  );
}

function refusal(
  stage: Stage,
  from: Stage,
  allowed: readonly string[] | null,
  trans: ITranslate
): string | undefined {
  if (stage === from) {
    return trans.__('The version is in this stage.');
  }
  return allowed && !allowed.includes(stage)
    ? trans.__('%1 does not follow %2.', stage, from)
    : undefined;
}

/** What a stage asks of a version before it enters. */
function StageRuleNote(props: {
  readonly rule: IStageRule;
  readonly trans: ITranslate;
}): JSX.Element | null {
  const { rule, trans } = props;
  const gates = rule.gates ?? [];
  if (!gates.length && !rule.approval) {
    return null;
  }
  return (
    <div className="jp-modelmgmt-Advice" role="note">
      {rule.approval && (
        <p>{trans.__('This stage wants an approval: pressing Promote asks for it.')}</p>
      )}
      {gates.length > 0 && (
        <>
          <p>{trans.__('The version must match:')}</p>
          <ul aria-label={trans.__('Gates')}>
            {gates.map(gate => (
              <li key={gate}>
                <code>{gate}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
