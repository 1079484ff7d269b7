import React from 'react';

import { type IStageRule, type Stage } from '../../types';
import { type ITranslate } from '../props';
import { stageLabel } from '../words';
import { AreaField, CheckField, TextField } from './fields';
import { type Errors, type IFormProps } from './form';

/** What a stage asks, as it is typed: a gate in each line. */
export interface IStageValues {
  readonly name: string;
  readonly exclusive: boolean;
  readonly protected: boolean;
  readonly approval: boolean;
  readonly gates: string;
  readonly restricts: boolean;
  readonly transitions: readonly Stage[];
}

/** A stage that asks nothing. */
const OPEN: IStageRule = {
  name: '',
  exclusive: false,
  protected: false,
  approval: false,
  transitions: null,
  gates: []
};

export function stageValues({ gates, transitions, ...rule }: IStageRule = OPEN): IStageValues {
  return {
    ...rule,
    gates: gates.join('\n'),
    restricts: transitions !== null,
    transitions: transitions ?? []
  };
}

export function checkStage({ name }: IStageValues, trans: ITranslate): Errors<IStageValues> {
  return name.trim() ? {} : { name: trans.__('Give the stage a name.') };
}

/** The rule that the values mean. */
export function stageRule(values: IStageValues): Omit<IStageRule, 'name'> {
  const lines = values.gates.split('\n').map(line => line.trim());
  return {
    exclusive: values.exclusive,
    protected: values.protected,
    approval: values.approval,
    gates: lines.filter(line => line),
    transitions: values.restricts ? values.transitions : null
  };
}

export function StageForm(
  props: IFormProps<IStageValues> & {
    readonly isNew: boolean;
    readonly stages: readonly Stage[];
  }
): JSX.Element {
  const { values, errors, trans, isNew, onChange } = props;
  return (
    <>
      {isNew && (
        <TextField
          label={trans.__('Name')}
          hint={trans.__('Lower-case letters, digits and "-": shadow, release-candidate.')}
          value={values.name}
          error={errors.name}
          required
          onChange={name => onChange({ name })}
        />
      )}
      <CheckField
        label={trans.__('One version of a model at a time')}
        value={values.exclusive}
        onChange={exclusive => onChange({ exclusive })}
      />
      <CheckField
        label={trans.__('What is in it cannot be deleted')}
        value={values.protected}
        onChange={isProtected => onChange({ protected: isProtected })}
      />
      <CheckField
        label={trans.__('Nobody enters without an approval')}
        value={values.approval}
        onChange={approval => onChange({ approval })}
      />
      <AreaField
        label={trans.__('Gates')}
        hint={trans.__(
          'Searches that a version must match to enter, one in each line: metrics.accuracy >= 0.95'
        )}
        value={values.gates}
        onChange={gates => onChange({ gates })}
      />
      <Followers {...props} />
    </>
  );
}

/** Which stages may follow this one. */
function Followers(
  props: IFormProps<IStageValues> & { readonly stages: readonly Stage[] }
): JSX.Element {
  const { values, stages, trans, onChange } = props;
  const { name, restricts, transitions } = values;
  return (
    <>
      <CheckField
        label={trans.__('Only some stages may follow it')}
        value={restricts}
        onChange={chosen => onChange({ restricts: chosen })}
      />
      {restricts && (
        <fieldset className="jp-modelmgmt-Field jp-modelmgmt-Choice">
          <legend>{trans.__('May be followed by')}</legend>
          {stages
            .filter(one => one !== name)
            .map(one => (
              <CheckField
                key={one}
                label={stageLabel(one, trans)}
                value={transitions.includes(one)}
                onChange={isChosen =>
                  onChange({
                    transitions: isChosen
                      ? [...transitions, one]
                      : transitions.filter(other => other !== one)
                  })
                }
              />
            ))}
        </fieldset>
      )}
    </>
  );
}
