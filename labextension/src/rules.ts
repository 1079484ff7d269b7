import { type Bump, type DeploymentState, type Stage, type Status } from './types';

/**
 * The few rules of the registry that the forms apply before the server does, so that a form can
 * answer while one types. The server has the last word; tests hold both sides equal.
 */

export const FIRST_VERSION = '1.0.0';

export const FRAMEWORKS = [
  'pytorch',
  'tensorflow',
  'onnx',
  'scikit-learn',
  'tflite',
  'xgboost',
  'lightgbm',
  'catboost',
  'statsmodels',
  'keras',
  'transformers',
  'python',
  'other'
] as const;
export const TASKS = [
  'classification',
  'regression',
  'detection',
  'segmentation',
  'other'
] as const;
export const MODEL_TYPES = ['custom', 'resnet', 'bert', 'yolo', 'other'] as const;
export const LICENSES = ['MIT', 'Apache-2.0', 'GPL', 'Proprietary', 'Other'] as const;
export const STAGES: readonly Stage[] = ['development', 'staging', 'production', 'archived'];
export const STATUSES: readonly Status[] = [
  'draft',
  'training',
  'completed',
  'deployed',
  'archived',
  'failed'
];
/** The fields of the search language, and the groups whose values have names of their own. */
export const SEARCH_FIELDS = [
  'model',
  'version',
  'sequence',
  'description',
  'framework',
  'flavor',
  'task',
  'model_type',
  'status',
  'stage',
  'author',
  'license',
  'public',
  'downloadable',
  'size',
  'created_at',
  'updated_at',
  'created_by',
  'tag',
  'alias',
  'deployment'
] as const;
export const SEARCH_GROUPS = ['metrics', 'params', 'properties', 'evaluations'] as const;
export const MAX_REPLICAS = 128;
export const BUMPS: readonly Bump[] = ['major', 'minor', 'patch'];

const MODEL_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const VARIABLE_NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;
const CLIENT_NAME = /^[a-z_][a-z0-9_-]*$/;
const DEPLOYMENT_NAME = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const SEMVER =
  /^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

// The words of a metric's name that say that less is better.
export const LOWER_WORDS: ReadonlySet<string> = new Set([
  'loss',
  'error',
  'err',
  'rmse',
  'mse',
  'mae',
  'mape',
  'latency',
  'perplexity',
  'fpr',
  'fnr',
  'ms',
  'seconds',
  'time',
  'brier',
  'hinge'
]);

export function isModelName(name: string): boolean {
  return MODEL_NAME.test(name) && !name.endsWith('.');
}

export function isDeploymentName(name: string): boolean {
  return DEPLOYMENT_NAME.test(name);
}

export function isClientName(name: string): boolean {
  return CLIENT_NAME.test(name);
}

/** Whether an environment variable of a deployment may be called so. Source: P7. */
export function isVariableName(name: string): boolean {
  return VARIABLE_NAME.test(name);
}

export function isVersion(text: string): boolean {
  return SEMVER.test(text);
}

/** The release after `latest`; the first one when there is none. */
export function bumped(latest: string | null, bump: Bump): string {
  const match = latest === null ? null : /^(\d+)\.(\d+)\.(\d+)/.exec(latest);
  if (!match) {
    return FIRST_VERSION;
  }
  const [major, minor, patch] = match.slice(1).map(Number) as [number, number, number];
  const next = {
    major: `${major + 1}.0.0`,
    minor: `${major}.${minor + 1}.0`,
    patch: `${major}.${minor}.${patch + 1}`
  };
  return next[bump];
}

/** Whether a smaller value of `metric` is the better one, from the words of its name. */
export function lowerIsBetter(metric: string): boolean {
  return metric
    .toLowerCase()
    .split(/[^a-z]+/)
    .some(word => LOWER_WORDS.has(word));
}

/** The best of `values` of a metric; undefined when all are equal or fewer than two are known. */
export function bestValue(
  metric: string,
  values: readonly (number | undefined)[]
): number | undefined {
  const known = values.filter((value): value is number => value !== undefined);
  if (new Set(known).size < 2) {
    return undefined;
  }
  return lowerIsBetter(metric) ? Math.min(...known) : Math.max(...known);
}

export function isRunning(state: DeploymentState): boolean {
  return state === 'Deploying' || state === 'Deployed' || state === 'Stopping';
}

/** Whether a deployment is on its way to another state. */
export function isMoving(state: DeploymentState): boolean {
  return state === 'Deploying' || state === 'Stopping';
}
