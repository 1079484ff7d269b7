import { isDeploymentName, isVariableName, MAX_REPLICAS } from '../../rules';
import { type ITranslate } from '../props';
import { type IDeployValues, type IPair, weightSum } from './deployvalues';
import { type Errors } from './form';

/** Which fields are numbers: those that count things are whole. */
const NUMBERS = {
  cpu: /^(\d*\.?\d+)?$/,
  memory: /^\d*$/,
  gpus: /^\d*$/,
  answer: /^(\d*\.?\d+)?$/,
  queue: /^([1-9]\d*)?$/,
  autoStop: /^(\d*\.?\d+)?$/
};

export function checkDeploy(values: IDeployValues, trans: ITranslate): Errors<IDeployValues> {
  return {
    ...nameError(values, trans),
    ...sharesError(values, trans),
    ...placeErrors(values, trans),
    ...pairsError('variables', values.variables, isVariableName, trans),
    ...pairsError('metadata', values.metadata, name => name !== '', trans),
    ...numberErrors(values, trans),
    ...scaleErrors(values, trans)
  };
}

function nameError({ target, name }: IDeployValues, trans: ITranslate): Errors<IDeployValues> {
  const isFine = target || name === '' || isDeploymentName(name);
  return isFine ? {} : { name: trans.__('Use 3 to 63 lower-case letters, digits or "-".') };
}

function placeErrors(values: IDeployValues, trans: ITranslate): Errors<IDeployValues> {
  const { environment, interpreter, engine, address } = values;
  return {
    ...(environment === 'path' &&
      !interpreter.startsWith('/') && {
        interpreter: trans.__('The whole path, for example /opt/py/bin/python.')
      }),
    ...(engine === 'ray' &&
      !address && { address: trans.__('Where its dashboard answers: http://head:8265.') })
  };
}

function numberErrors(values: IDeployValues, trans: ITranslate): Errors<IDeployValues> {
  const { replicas } = values;
  const isCount = /^[1-9]\d*$/.test(replicas) && Number(replicas) <= MAX_REPLICAS;
  const wrong = Object.entries(NUMBERS).filter(
    ([field, pattern]) => !pattern.test(values[field as keyof typeof NUMBERS])
  );
  return {
    ...(!isCount && { replicas: trans.__('A number from 1 to %1.', MAX_REPLICAS) }),
    ...Object.fromEntries(wrong.map(([field]) => [field, trans.__('A number, or nothing.')]))
  };
}

function scaleErrors(values: IDeployValues, trans: ITranslate): Errors<IDeployValues> {
  const { scales, scaleMin, scaleMax, scaleTarget } = values;
  if (!scales || values.engine !== 'ray') {
    return {};
  }
  const [min, max] = [Number(scaleMin), Number(scaleMax)];
  const isMax = /^[1-9]\d*$/.test(scaleMax) && max <= MAX_REPLICAS;
  return {
    ...(!isMax && { scaleMax: trans.__('A number from 1 to %1.', MAX_REPLICAS) }),
    ...(!(/^\d+$/.test(scaleMin) && (!isMax || min <= max)) && {
      scaleMin: trans.__('A number from 0 to the most.')
    }),
    ...(!(Number(scaleTarget) >= 0.1) && { scaleTarget: trans.__('A number from 0.1 on.') })
  };
}

function sharesError(values: IDeployValues, trans: ITranslate): Errors<IDeployValues> {
  const { shares } = values;
  if (values.traffic === 'one') {
    return {};
  }
  if (shares.some(({ weight, shadow }) => !shadow && !/^\d+$/.test(weight))) {
    return { shares: trans.__('Each weight is a whole number from 0 to 100.') };
  }
  const sum = weightSum(shares);
  return sum === 100
    ? {}
    : { shares: trans.__('The weights sum to %1. They must sum to 100.', sum) };
}

function pairsError(
  field: 'variables' | 'metadata',
  rows: readonly IPair[],
  isName: (name: string) => boolean,
  trans: ITranslate
): Errors<IDeployValues> {
  const wrong = rows.find(({ name }) => !isName(name));
  if (wrong) {
    return { [field]: trans.__('"%1" cannot be a name here.', wrong.name) };
  }
  const twice = rows.find(({ name }, place) =>
    rows.some((row, i) => i > place && row.name === name)
  );
  return twice ? { [field]: trans.__('%1 appears twice.', twice.name) } : {};
}
