import { tagList } from '../../format';
import { isModelName, isVariableName, isVersion } from '../../rules';
import { type IImport, type IImportSource, type Mode, type Service } from '../../types';
import { type ITranslate } from '../props';
import { type IPair } from './deployvalues';
import { type Errors } from './form';
import { checkVersion, type IVersionValues, versionOrBump } from './version';

export type ImportKind = Exclude<IImportSource['kind'], 'archive'>;
export const IMPORT_KINDS: readonly ImportKind[] = [
  'run',
  'template',
  'container',
  'storage',
  'mlflow',
  'export',
  'reference'
];
export const SERVICES: readonly Service[] = ['real-time', 'batch', 'edge'];

/** The import form: `kind` says which page is shown and which fields count. Source: S8, M10-M18. */
export interface IImportValues extends IVersionValues {
  readonly kind: ImportKind;
  readonly path: string;
  readonly run: string;
  /** Lines for pip. */
  readonly requirements: string;
  readonly template: string;
  readonly image: string;
  readonly replicate: boolean;
  readonly port: string;
  readonly command: string;
  readonly variables: readonly IPair[];
  readonly health: 'http' | 'command';
  /** The path that is asked, or the command that is run. */
  readonly check: string;
  readonly period: string;
  readonly delay: string;
  readonly failures: string;
  readonly uri: string;
  readonly mlflowModel: string;
  readonly mlflowVersion: string;
  readonly files: readonly File[];
  readonly checksum: boolean;
  /** Empty where the source says it. */
  readonly mode: Mode | '';
  readonly services: readonly Service[];
  readonly description: string;
  readonly tags: string;
}

export function importValues(kind: ImportKind, name: string): IImportValues {
  return {
    ...{ kind, name, how: 'minor', version: '', path: '', run: '', requirements: '', template: '' },
    ...{ image: '', replicate: true, port: '8080', command: '', variables: [] },
    ...{ health: 'http', check: '/health', period: '5', delay: '12', failures: '12' },
    ...{ uri: '', mlflowModel: '', mlflowVersion: '', files: [], checksum: true },
    ...{ mode: '', services: SERVICES, description: '', tags: '' }
  };
}

/** The fields that each kind cannot do without. */
const REQUIRED: Readonly<Record<ImportKind, readonly (keyof IImportValues)[]>> = {
  run: ['run', 'path'],
  template: ['template', 'path'],
  container: ['image', 'check'],
  storage: ['path'],
  mlflow: ['mlflowModel', 'mlflowVersion'],
  export: ['files'],
  reference: ['path']
};

export function checkImport(values: IImportValues, trans: ITranslate): Errors<IImportValues> {
  const { kind } = values;
  const missing = REQUIRED[kind].filter(
    field => !(values[field] as string | readonly File[]).length
  );
  return {
    ...(kind === 'export' ? checkKept(values, trans) : checkVersion(values, trans)),
    ...Object.fromEntries(missing.map(field => [field, trans.__('This is needed.')])),
    ...(kind === 'container' && checkContainer(values, trans)),
    ...(!values.services.length && { services: trans.__('Choose at least one.') })
  };
}

/** An export keeps its name and number unless others are given. */
function checkKept({ name, version }: IImportValues, trans: ITranslate): Errors<IImportValues> {
  return {
    ...(name !== '' &&
      !isModelName(name) && { name: trans.__('Use letters, digits, ".", "_" or "-".') }),
    ...(version !== '' &&
      !isVersion(version) && {
        version: trans.__('Write major.minor.patch, for example 1.2.0.')
      })
  };
}

function checkContainer(values: IImportValues, trans: ITranslate): Errors<IImportValues> {
  const numbers = (['port', 'period', 'delay', 'failures'] as const).filter(
    field => !/^\d+$/.test(values[field])
  );
  const wrong = values.variables.find(({ name }) => !isVariableName(name));
  return {
    ...Object.fromEntries(numbers.map(field => [field, trans.__('A whole number.')])),
    ...(wrong && { variables: trans.__('"%1" cannot be a name here.', wrong.name) })
  };
}

/** What the server is asked to import; `upload` holds an export's bytes. */
export function importOf(values: IImportValues, upload = ''): IImport {
  const { kind, name, version, description, tags } = values;
  const source = SOURCE_OF[kind](values, upload);
  if (kind === 'export') {
    return { source, name, version: version || undefined };
  }
  return {
    ...{ source, name, ...versionOrBump(values) },
    ...(description && { description }),
    ...(tags && { tags: tagList(tags) })
  };
}

const SOURCE_OF: Readonly<
  Record<ImportKind, (values: IImportValues, upload: string) => IImportSource>
> = {
  run: values => ({
    ...{ kind: 'run', run: values.run, path: values.path, ...kindOf(values) },
    requirements: lines(values.requirements)
  }),
  template: values => ({
    ...{ kind: 'template', template: values.template, path: values.path, ...kindOf(values) }
  }),
  container: values => ({
    ...{ kind: 'container', image: values.image, replicate: values.replicate, ...kindOf(values) },
    port: Number(values.port),
    command: values.command,
    environment: Object.fromEntries(values.variables.map(({ name, value }) => [name, value])),
    health: healthOf(values)
  }),
  storage: values => ({ kind: 'storage', path: values.path, ...kindOf(values) }),
  mlflow: ({ mlflowModel, mlflowVersion, uri, services }) => ({
    ...{ kind: 'mlflow', model: mlflowModel, version: mlflowVersion, uri, services }
  }),
  export: (_, upload) => ({ kind: 'archive', upload }),
  reference: ({ path, checksum }) => ({ kind: 'reference', uri: path, checksum })
};

function kindOf({ mode, services }: IImportValues) {
  return { services, ...(mode && { mode }) };
}

function healthOf({ health, check, period, delay, failures }: IImportValues) {
  return {
    kind: health,
    ...(health === 'http' ? { path: check } : { command: check.split(/\s+/).filter(part => part) }),
    period_s: Number(period),
    delay_s: Number(delay),
    max_failures: Number(failures)
  };
}

function lines(text: string): readonly string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line);
}
