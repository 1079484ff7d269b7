import {
  type IDeployment,
  type INewDeployment,
  type IRedeployment,
  type IShare
} from '../../types';

/** One row of variables or metadata; what a secret is worth is never shown. */
export interface IPair {
  readonly name: string;
  readonly value: string;
  readonly secret?: boolean;
}

/** A row of the split, `weight` as it was typed. */
export interface IShareRow {
  readonly version: string;
  readonly weight: string;
  readonly shadow: boolean;
}

/** The deploy form; numbers are as they were typed, empty where nothing limits. Source: P6, P7, M21, M22. */
export interface IDeployValues {
  /** The deployment to update, empty for a new one. */
  readonly target: string;
  readonly name: string;
  readonly traffic: 'one' | 'split';
  readonly shares: readonly IShareRow[];
  readonly replicas: string;
  readonly environment: 'jupyter' | 'isolated' | 'path';
  readonly interpreter: string;
  readonly message: string;
  readonly description: string;
  readonly private: boolean;
  readonly variables: readonly IPair[];
  readonly metadata: readonly IPair[];
  readonly cpu: string;
  readonly memory: string;
  readonly gpus: string;
  readonly answer: string;
  readonly queue: string;
  readonly autoStop: string;
  readonly engine: string;
  readonly address: string;
  /** Whether the cluster chooses the number of replicas; the fields below say within which bounds. */
  readonly scales: boolean;
  readonly scaleMin: string;
  readonly scaleMax: string;
  readonly scaleTarget: string;
}

/** The fields below "Advanced": an error in one of them unfolds it. */
export const ADVANCED: readonly (keyof IDeployValues)[] = [
  'variables',
  'metadata',
  'cpu',
  'memory',
  'gpus',
  'answer',
  'queue',
  'autoStop',
  'address',
  'scaleMin',
  'scaleMax',
  'scaleTarget'
];

type Spec = Pick<
  IDeployment,
  | 'engine'
  | 'engine_address'
  | 'replicas'
  | 'resources'
  | 'limits'
  | 'environment'
  | 'variables'
  | 'secrets'
  | 'metadata'
  | 'description'
  | 'private'
  | 'auto_stop_s'
  | 'autoscale'
>;

/** What stands in for the value of a secret. */
const HIDDEN = '***';
const S_PER_MINUTE = 60;

/** What a new deployment is when nothing is said. */
const FRESH: Spec = {
  engine: '',
  engine_address: '',
  replicas: 1,
  resources: { cpu: 0, memory_mb: 0, gpus: 0 },
  limits: { answer_s: null, max_queue: null, max_body: null },
  environment: 'jupyter',
  variables: {},
  secrets: {},
  metadata: {},
  description: '',
  private: false,
  auto_stop_s: null,
  autoscale: null
};

/** What the fields of scaling begin with. */
const SCALE = { min: 1, max: 4, target_ongoing: 2 };

/** The form for `version`: a new deployment, or `target` as it is now. */
export function deployValues(version: string, target?: IDeployment): IDeployValues {
  const spec = target ?? FRESH;
  const shares = target ? sharesWith(target, version) : [{ version, weight: '100', shadow: false }];
  const isPath = spec.environment.startsWith('/');
  return {
    target: target?.name ?? '',
    name: '',
    traffic: target && target.versions.length > 1 ? 'split' : 'one',
    shares,
    replicas: String(spec.replicas),
    environment: isPath ? 'path' : (spec.environment as 'jupyter' | 'isolated'),
    interpreter: isPath ? spec.environment : '',
    message: '',
    description: spec.description,
    private: spec.private,
    variables: [...pairs(spec.variables), ...pairs(spec.secrets, true)],
    metadata: pairs(spec.metadata),
    cpu: typed(spec.resources.cpu),
    memory: typed(spec.resources.memory_mb),
    gpus: typed(spec.resources.gpus),
    answer: typed(spec.limits.answer_s),
    queue: typed(spec.limits.max_queue),
    autoStop: typed((spec.auto_stop_s ?? 0) / S_PER_MINUTE),
    engine: spec.engine,
    address: spec.engine_address,
    ...scaleValues(spec.autoscale)
  };
}

function scaleValues(given: Spec['autoscale']) {
  const { min, max, target_ongoing } = given ?? SCALE;
  return {
    scales: !!given,
    scaleMin: String(min),
    scaleMax: String(max),
    scaleTarget: String(target_ongoing)
  };
}

function autoscale({ engine, scales, scaleMin, scaleMax, scaleTarget }: IDeployValues) {
  return engine === 'ray' && scales
    ? { min: Number(scaleMin), max: Number(scaleMax), target_ongoing: Number(scaleTarget) }
    : null;
}

/** Deploys `selector` anew, or several versions of its model at once. */
export function newDeployment(values: IDeployValues, selector: string): INewDeployment {
  const { name, message } = values;
  const first = values.shares.find(({ shadow }) => !shadow);
  const split = values.traffic === 'split' &&
    first && {
      selector: `${selector.split('@')[0]}@${first.version}`,
      versions: sharesOf(values)
    };
  return { selector, name: name || undefined, message, ...wanted(values), ...split };
}

/** Moves `target` to `selector`, or splits it, and changes what differs from how it is now. */
export function redeployment(
  values: IDeployValues,
  selector: string,
  target: IDeployment
): IRedeployment {
  const now = wanted(deployValues('', target));
  const changed = Object.entries(wanted(values, target)).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(now[field as keyof typeof now])
  );
  return {
    ...(values.traffic === 'split' ? { versions: sharesOf(values) } : { selector }),
    message: values.message,
    ...Object.fromEntries(changed)
  };
}

function sharesOf({ shares }: IDeployValues): IShare[] {
  return shares.map(({ version, weight, shadow }) => ({
    version,
    weight: shadow ? 0 : Number(weight),
    shadow
  }));
}

/** What the weights of those that answer sum to. */
export function weightSum(shares: readonly IShareRow[]): number {
  return shares.reduce((sum, { weight, shadow }) => sum + (shadow ? 0 : Number(weight)), 0);
}

/** The fields of a deployment; what `before` has and the form no longer has is taken away. */
function wanted(values: IDeployValues, before?: IDeployment) {
  const { variables, engine } = values;
  const isPath = values.environment === 'path';
  return {
    replicas: Number(values.replicas),
    environment: isPath ? values.interpreter : values.environment,
    description: values.description,
    private: values.private,
    variables: mapped(
      variables.filter(({ secret }) => !secret),
      before?.variables
    ),
    secrets: mapped(
      variables.filter(({ secret }) => secret),
      before?.secrets
    ),
    metadata: mapped(values.metadata, before?.metadata),
    resources: {
      cpu: Number(values.cpu),
      memory_mb: Number(values.memory),
      gpus: Number(values.gpus)
    },
    limits: {
      answer_s: numberOrNull(values.answer),
      max_queue: numberOrNull(values.queue),
      max_body: before?.limits.max_body ?? null
    },
    auto_stop_s: values.autoStop ? Math.round(Number(values.autoStop) * S_PER_MINUTE) : null,
    autoscale: autoscale(values),
    ...(engine && { engine, engine_address: engine === 'ray' ? values.address : '' })
  };
}

type Texts = Readonly<Record<string, string>>;

function mapped(rows: readonly IPair[], before: Texts = {}): Record<string, string | null> {
  const gone = Object.fromEntries(Object.keys(before).map(name => [name, null]));
  return { ...gone, ...Object.fromEntries(rows.map(({ name, value }) => [name, value])) };
}

function pairs(record: Texts = {}, secret = false): IPair[] {
  return Object.entries(record).map(([name, value]) => ({
    name,
    value: secret ? HIDDEN : value,
    secret
  }));
}

/** The shares as they are, and `version` without any where it has none yet. */
function sharesWith(target: IDeployment, version: string): readonly IShareRow[] {
  const rows = target.versions.map((share: IShare) => ({
    version: share.version,
    weight: String(share.weight ?? 100),
    shadow: share.shadow ?? false
  }));
  const isThere = version === '' || rows.some(row => row.version === version);
  return isThere ? rows : [...rows, { version, weight: '0', shadow: false }];
}

function typed(value: number | null | undefined): string {
  return value ? String(value) : '';
}

function numberOrNull(text: string): number | null {
  return text === '' ? null : Number(text);
}
