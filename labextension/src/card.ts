import { type IModelVersion } from './types';

/** What a complete card tells; each is found out while registering or said by the user (N24, W13). */
export const CARD_FACTS = [
  'summary',
  'training-data',
  'evaluation',
  'architecture',
  'signature',
  'proof',
  'environment',
  'cells',
  'author',
  'license',
  'references'
] as const;

export type CardFact = (typeof CARD_FACTS)[number];

type Question = (version: IModelVersion) => boolean;

const QUESTIONS: Readonly<Record<CardFact, Question>> = {
  summary: version => version.description.trim() !== '',
  'training-data': version =>
    version.datasets.some(use => use.role === 'train') || capturedData(version).length > 0,
  evaluation: version => Object.keys({ ...version.metrics, ...version.evaluations }).length > 0,
  architecture: version => version.architecture !== '',
  signature: ({ signature }) =>
    signature.inputs.length + signature.outputs.length > 0 || signature.takes === 'image',
  proof: version => version.proof !== null,
  environment: version => Object.keys(version.environment).length > 0,
  cells: version => sourceFile(version) !== null,
  author: version => version.author !== '',
  license: version => version.license !== '',
  references: version => references(version).length > 0
};

/** Whether a fact of a card is known; nothing is guessed. */
export function isKnown(fact: CardFact, version: IModelVersion): boolean {
  return QUESTIONS[fact](version);
}

export function missingFacts(version: IModelVersion): CardFact[] {
  return CARD_FACTS.filter(fact => !isKnown(fact, version));
}

/** The share of a card's facts that are known, in [0, 1]. */
export function completeness(version: IModelVersion): number {
  return 1 - missingFacts(version).length / CARD_FACTS.length;
}

export interface ICapturedData {
  readonly name: string;
  readonly rows: number | null;
  readonly digest: string;
}

/** The data that the captured cells used, as the kernel found it when the version was registered. */
export function capturedData(version: IModelVersion): readonly ICapturedData[] {
  const { data } = version.code;
  return Array.isArray(data) ? (data as ICapturedData[]) : [];
}

/** The program of the cells that made a version, if they were captured. */
export function sourceFile(version: IModelVersion): string | null {
  return version.artifacts.some(file => file.path === 'source.py') ? 'source.py' : null;
}

const LINK = /https?:\/\/[^\s)\]>"'`]+[^\s)\]>"'`.,;:!?]/g;

/** Where to read on: what a version was made from, and the addresses that its texts name. */
export function references(version: IModelVersion): string[] {
  const texts = [version.description, version.source, ...Object.values(version.properties)];
  const links = texts.flatMap(text => (typeof text === 'string' ? (text.match(LINK) ?? []) : []));
  const origins = [version.parent, version.source].filter(text => text && !links.includes(text));
  return [...new Set([...origins, ...links])];
}

export interface IPackages {
  readonly python: string;
  readonly platform: string;
  readonly packages: readonly (readonly [name: string, version: string])[];
}

/** What a version was made with. */
export function packagesOf(version: IModelVersion): IPackages {
  const { python, platform, packages } = version.environment;
  const entries = packages && typeof packages === 'object' ? Object.entries(packages) : [];
  return {
    python: String(python ?? ''),
    platform: String(platform ?? ''),
    packages: entries.map(([name, number]) => [name, String(number)] as const).sort()
  };
}

/** The lines that load a version in a notebook. */
export function loadingCode(version: IModelVersion): string {
  const isCode = version.safety.some(verdict => verdict.safety === 'code');
  const selector = `${version.model}@${version.version}`;
  const use = version.flavor
    ? `model = reg.get("${selector}").load(${isCode ? 'allow_code=True' : ''})`
    : `folder = reg.get("${selector}").download("${version.model}")`;
  return `import jupyter_modelmgmt as mm\n\nreg = mm.connect()\n${use}\n`;
}

/** The sentence-less words of a shape: 64 × 3, `n` for any length. */
export function shapeText(shape: readonly (number | string)[]): string {
  return shape.map(length => (length === -1 ? 'n' : String(length))).join(' × ');
}
