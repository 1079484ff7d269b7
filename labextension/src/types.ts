/**
 * The records of the registry as they travel: field names as in the Python package's `domain` folder.
 * Times are ISO 8601 texts in UTC, sizes are bytes.
 */

export type Status =
  'draft' | 'training' | 'completed' | 'deployed' | 'archived' | 'failed' | 'cloning';

export type Stage = 'development' | 'staging' | 'production' | 'archived';

export type Task = 'classification' | 'regression' | 'detection' | 'segmentation' | 'other';

export type Bump = 'major' | 'minor' | 'patch';

export type DeploymentState = 'Deploying' | 'Deployed' | 'Stopping' | 'Stopped' | 'Failed';

export type Scalar = string | number | boolean | null;

export type Json = Scalar | readonly Json[] | { readonly [key: string]: Json };

export interface IArtifact {
  readonly path: string;
  readonly digest: string;
  readonly size: number;
}

export interface IDeploymentBadge {
  readonly name: string;
  readonly state: DeploymentState;
  readonly version: string;
}

export interface IVersionSummary {
  readonly model: string;
  readonly version: string;
  readonly sequence: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string;
  readonly description: string;
  readonly framework: string;
  readonly flavor: string;
  readonly task: Task;
  readonly model_type: string;
  readonly status: Status;
  readonly stage: Stage;
  readonly tags: readonly string[];
  readonly author: string;
  readonly license: string;
  readonly public: boolean;
  readonly size: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly params: Readonly<Record<string, Scalar>>;
  readonly aliases: readonly string[];
  readonly deployments: readonly IDeploymentBadge[];
}

export interface IModelVersion extends IVersionSummary {
  readonly adapter: string;
  readonly config: Readonly<Record<string, Json>>;
  readonly labels: readonly string[];
  readonly parent: string;
  readonly source: string;
  readonly artifacts: readonly IArtifact[];
}

export interface IModel {
  readonly name: string;
  readonly description: string;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string;
  readonly version_count: number;
  readonly latest: IVersionSummary | null;
  readonly newest: IVersionSummary | null;
  readonly deployments: readonly IDeploymentBadge[];
}

export interface IDeployment {
  readonly name: string;
  readonly model: string;
  readonly version: string;
  readonly state: DeploymentState;
  readonly message: string;
  readonly replicas: number;
  readonly available: number;
  readonly revision: number;
  readonly created_at: string;
  readonly updated_at: string;
  readonly created_by: string;
  readonly engine: string;
  readonly task: Task;
  readonly adapter: string;
}

export interface IRegistryEvent {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly model: string;
  readonly version: string;
  readonly deployment: string;
  readonly details: Readonly<Record<string, Json>>;
}

export interface ILibraryEntry {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly task: Task;
  readonly framework: string;
  readonly license: string;
  readonly source: string;
  readonly size: number;
  readonly label_count: number;
  readonly cached: boolean;
}

/** An object in the kernel's memory; `problem` says why it cannot be registered. */
export interface IMemoryModel {
  readonly variable: string;
  readonly class_name: string;
  readonly framework: string;
  readonly task: Task;
  readonly flavor: string;
  readonly problem: string;
}

export interface IPage<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

export interface ILabel {
  readonly label: string;
  readonly score: number;
}

/** `box` is [x0, y0, x1, y1] in pixels of the image as it is displayed. */
export interface IBox extends ILabel {
  readonly box: readonly [number, number, number, number];
}

/** `png` is a base64 palette PNG whose pixel values index `labels`; `share` is each label's part. */
export interface IMask {
  readonly labels: readonly string[];
  readonly png: string;
  readonly share: Readonly<Record<string, number>>;
}

/** What a deployed version answered; one of the result fields is set. */
export interface IPrediction {
  readonly task: Task;
  readonly version: string;
  readonly latency_ms: number;
  readonly classes?: readonly ILabel[] | null;
  readonly boxes?: readonly IBox[] | null;
  readonly mask?: IMask | null;
  readonly value?: number | null;
  readonly vector?: readonly number[] | null;
  readonly text?: string | null;
  readonly outputs?: Json;
  readonly width?: number;
  readonly height?: number;
}

export type ComparisonGroup = 'metric' | 'param' | 'config' | 'fact';

/** One fact over all versions; `best` are positions, `deltas` refer to the base version. */
export interface IComparisonRow {
  readonly group: ComparisonGroup;
  readonly name: string;
  readonly values: readonly (Json | undefined)[];
  readonly deltas: readonly (number | null)[];
  readonly best: readonly number[];
  readonly lower_is_better: boolean;
  readonly differs: boolean;
}

/** `versions` are selectors; `base` is the position of the one that deltas refer to. */
export interface IComparisonTable {
  readonly versions: readonly string[];
  readonly base: number;
  readonly rows: readonly IComparisonRow[];
}

/** The six fields that may be edited (K9). */
export interface IVersionEdit {
  readonly description: string;
  readonly tags: readonly string[];
  readonly status: Status;
  readonly author: string;
  readonly license: string;
  readonly public: boolean;
}

/** What the register form says of a version; `version` or `bump` is set. */
export interface INewVersion {
  readonly name: string;
  readonly version?: string;
  readonly bump?: Bump;
  readonly description: string;
  readonly framework: string;
  readonly task: Task;
  readonly model_type: string;
  readonly tags: readonly string[];
  readonly author: string;
  readonly license: string;
  readonly public: boolean;
}

export interface INewDeployment {
  readonly selector: string;
  readonly name?: string;
  readonly replicas?: number;
}

export interface IClone {
  readonly name: string;
  readonly version?: string;
  readonly bump?: Bump;
}
