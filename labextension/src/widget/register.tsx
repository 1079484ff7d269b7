import '../../style/base.css';
import '../../style/form.css';
import '../../style/widget.css';

import React, { useEffect, useMemo, useState } from 'react';

import { type AdviceOf } from '../components/forms/advice';
import {
  type IRegisterValues,
  newVersion,
  RegisterForm,
  registerValues
} from '../components/forms/register';
import { checkVersion, type LatestOf, versionOrBump } from '../components/forms/version';
import { type IAdvice, type IMemoryModel, type INewVersion } from '../types';
import { asked } from './asked';
import { Button } from './lab';
import { type IWidgetModel, rendered, untranslated as trans, useTrait } from './live';

type About = Pick<IMemoryModel, 'class_name' | 'framework' | 'task'>;

function RegisterWidget(props: { readonly model: IWidgetModel }): JSX.Element {
  const { model } = props;
  const [about] = useTrait<About>(model, 'about');
  const [isBusy] = useTrait<boolean>(model, 'is_busy');
  const [registered] = useTrait<string>(model, 'registered');
  const [isTouched, setTouched] = useState(false);
  const latestOf = useMemo<LatestOf>(
    () => async name => {
      const found = await asked<string | null | false>(model, 'latest', { name });
      return found === false ? undefined : found;
    },
    [model]
  );
  const adviceOf = useMemo<AdviceOf>(
    () => values =>
      asked<IAdvice | null>(model, 'advice', { name: values.name, ...versionOrBump(values) }),
    [model]
  );
  const [values, change] = useValues(model, about);
  const errors = checkVersion(values, trans);
  const submit = () => {
    setTouched(true);
    if (!Object.keys(errors).length) {
      model.send({ verb: 'register' });
    }
  };
  return (
    <div className="jp-modelmgmt-Widget-form">
      <h3>{trans.__('Register %1', about.class_name)}</h3>
      <fieldset className="jp-modelmgmt-Form-fields" disabled={isBusy}>
        <RegisterForm
          values={values}
          errors={isTouched ? errors : {}}
          trans={trans}
          onChange={change}
          latestOf={latestOf}
          adviceOf={adviceOf}
        />
      </fieldset>
      <div className="jp-modelmgmt-Widget-foot">
        <Button disabled={isBusy} onClick={submit}>
          {isBusy ? trans.__('Registering…') : trans.__('Create model')}
        </Button>
        {registered && <span role="status">{trans.__('%1 is registered.', registered)}</span>}
      </div>
    </div>
  );
}

/** What the form shows for what was filled in from the browser or from code. */
function valuesOf(name: string, form: Partial<INewVersion>, about: About): IRegisterValues {
  const fresh = registerValues({ ...about, variable: name, flavor: '', problem: '' }, '');
  const { version = '', bump = 'minor', model_type, tags = [], ...rest } = form;
  return {
    ...fresh,
    ...rest,
    name,
    version,
    how: version ? 'exact' : bump,
    modelType: model_type ?? fresh.modelType,
    tags: tags.join(', ')
  };
}

/** What is typed, also half-way, which the traits do not hold; what code sets replaces it. */
function useValues(
  model: IWidgetModel,
  about: About
): [IRegisterValues, (changes: Partial<IRegisterValues>) => void] {
  const [name, setName] = useTrait<string>(model, 'name');
  const [form, setForm] = useTrait<Partial<INewVersion>>(model, 'form');
  const [values, setValues] = useState(() => valuesOf(name, form, about));
  useEffect(() => {
    setValues(now => {
      const isSame = JSON.stringify(traitsOf(now)) === JSON.stringify({ name, form });
      return isSame ? now : valuesOf(name, form, about);
    });
  }, [name, form, about]);
  const change = (changes: Partial<IRegisterValues>) => {
    const next = { ...values, ...changes };
    setValues(next);
    const traits = traitsOf(next);
    setForm(traits.form);
    if (traits.name !== name) {
      setName(traits.name);
    }
  };
  return [values, change];
}

function traitsOf(values: IRegisterValues) {
  const { name, ...form } = newVersion(values);
  return { name, form };
}

export default rendered(RegisterWidget);
