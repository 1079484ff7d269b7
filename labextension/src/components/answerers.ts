import { type IMemory } from '../model/memory';
import { type ITarget } from '../model/trial';
import { type IDeployment, type IModelVersion, type IVersionSummary } from '../types';
import { type ITranslate } from './props';

/** More versions that are not deployed, or more objects, are not offered. */
const MOST_TRIED = 20;

/** Adapters that take something else than an image. */
const NO_IMAGES: readonly string[] = ['', 'tabular', 'tensor', 'text'];

/** One that can be asked, and how it is called in a list. */
export interface IAnswerer {
  readonly key: string;
  readonly label: string;
  readonly target: ITarget;
}

/** Those of `deployments` that answer. */
export function deployed(deployments: readonly IDeployment[]): IAnswerer[] {
  return deployments
    .filter(({ state }) => state === 'Deployed')
    .map(({ name, model, version, adapter }) => ({
      key: name,
      label: `${name} (${version})`,
      // Without a version the weights of the deployment decide.
      target: { deployment: name, model, version: '', takesImages: takesImages(adapter) }
    }));
}

/** Each version that a deployment answers with; a shadow's answers reach nobody. */
export function eachVersion(deployments: readonly IDeployment[]): IAnswerer[] {
  return deployments
    .filter(({ state }) => state === 'Deployed')
    .flatMap(({ name, model, adapter, versions }) =>
      versions
        .filter(({ shadow }) => !shadow)
        .map(({ version }) => ({
          key: `${name} ${version}`,
          label: `${name} ${version}`,
          target: { deployment: name, model, version, takesImages: takesImages(adapter) }
        }))
    );
}

/** The versions that can be tried without a deployment: the one that is looked at, then the others. */
export function tried(
  shown: IModelVersion | null | undefined,
  others: readonly IVersionSummary[],
  trans: ITranslate
): IAnswerer[] {
  if (!shown || !canBeTried(shown)) {
    return [];
  }
  const { model, version: first, flavor } = shown;
  // What an adapter alone loads has no flavor, and its other versions neither.
  const rest = others.filter(
    one => one.version !== first && (isLoadable(one) || one.flavor === flavor)
  );
  return [first, ...rest.map(({ version }) => version)].slice(0, MOST_TRIED).map(version => ({
    key: `@${version}`,
    label: trans.__('%1, not deployed', version),
    // The versions of a model take the same: what is known of one is asked of all.
    target: { deployment: '', model, version, takesImages: versionTakesImages(shown) }
  }));
}

/** The objects in memory, to be asked as the version that is looked at is asked. */
export function inMemory(
  memory: IMemory | undefined,
  shown: IModelVersion,
  trans: ITranslate
): IAnswerer[] {
  const { model, version } = shown;
  return (memory?.models ?? [])
    .filter(({ problem }) => !problem)
    .slice(0, MOST_TRIED)
    .map(({ variable }) => ({
      key: `memory ${variable}`,
      label: trans.__('%1, in memory', variable),
      target: {
        deployment: '',
        model,
        version,
        variable,
        takesImages: versionTakesImages(shown)
      }
    }));
}

function takesImages(adapter: string): boolean {
  return !NO_IMAGES.includes(adapter);
}

function versionTakesImages({ adapter, signature }: IModelVersion): boolean {
  return signature.takes ? signature.takes === 'image' : takesImages(adapter);
}

function canBeTried(version: IModelVersion): boolean {
  return isLoadable(version) || (version.flavor === '' && version.adapter !== '');
}

function isLoadable({ flavor }: { readonly flavor: string }): boolean {
  return flavor !== '' && flavor !== 'container';
}
