/**
 * The records of the registry as they travel, named for this side.
 *
 * `schema.ts` is made from the server's OpenAPI document by `npm run types`: times are ISO 8601
 * texts in UTC, sizes are bytes. What the document does not have is written here.
 */

import { type components } from './schema';

type Records = components['schemas'];

export type Status = Records['Status'];
/** A stage's name; the registry says which there are. */
export type Stage = string;
export type IStageRule = Records['StageRule'];
export type Task = Records['Task'];
export type DeploymentState = Records['DeploymentState'];
export type Bump = NonNullable<Records['CloneBody']['bump']>;

export type IArtifact = Records['Artifact'];
export type IDeploymentBadge = Records['DeploymentBadge'];
export type IVersionSummary = Records['VersionSummary'];
export type IModelVersion = Records['ModelVersion'];
export type IModel = Records['Model'];
export type IBoard = Records['Board'];
export type IDeployment = Records['Deployment'];
/** One version of a deployment with its part of the requests. */
export type IShare = Records['Share'];
export type IRevision = Records['Revision'];
/** A field that differs between two revisions, as texts. */
export type IDifference = Records['Difference'];
export type Outcome = Records['Outcome'];
export type IDeploymentMetrics = Records['DeploymentMetrics'];
export type IVersionMetrics = Records['VersionMetrics'];
export type IClient = Records['Client'];
/** A client with its token, which is shown once. */
export type IAddedClient = Records['AddedClient'];
export type IExample = Records['Example'];
export type IRegistryEvent = Records['Event'];
export type IPreview = Records['Preview'];
export type ITensorHeader = Records['TensorHeader'];
export type IVerdict = Records['Verdict'];
export type IField = Records['Field'];
export type ILineageGraph = Records['LineageGraph'];
export type ILineageNode = Records['Node'];
export type ILineageEdge = Records['Edge'];
export type NodeKind = Records['NodeKind'];
export type ISeries = Records['Series'];
export type ILibraryEntry = Records['LibraryEntry'];

/** An input with the answer that is expected of every version. */
export type IKeptTest = Records['KeptTest'];
export type IKeptTests = Records['KeptTests'];
/** What became of a kept test with a version. */
export type IKeptResult = Records['KeptResult'];
export type IKeep = Records['KeepBody'];

export type ILabel = Records['Label'];
/** `box` is [x0, y0, x1, y1] in pixels of the image as it is displayed. */
export type IBox = Records['Box'];
/** `png` is a base64 palette PNG whose pixel values index `labels`; `share` is each label's part. */
export type IMask = Records['Mask'];
/** What a deployed version answered; one of the result fields is set. */
export type IPrediction = Records['Prediction'];

/** A tensor as the Open Inference Protocol v2 writes it: `data` is flat, row-major. */
export interface ITensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly data: readonly unknown[];
}

/** The answer of a version that takes tensors. Source: Open Inference Protocol v2. */
export interface IInference {
  readonly model_version: string;
  readonly outputs: readonly ITensor[];
}

/** One fact over all versions; `best` are positions, `deltas` refer to the base version. */
export type IComparisonRow = Records['ComparisonRow'];
/** `versions` are selectors; `base` is the position of the one that deltas refer to. */
export type IComparisonTable = Records['ComparisonTable'];

export type INewDeployment = Records['DeployBody'];
export type IRedeployment = Records['RedeployBody'];
export type IClone = Records['CloneBody'];
/** What to import, and where from. */
export type IImport = Records['ImportBody'];
export type IImportSource = IImport['source'];
export type Mode = Records['Mode'];
export type Service = Records['Service'];
export type ITemplate = Records['Template'];
export type IMlflowModel = Records['MlflowModel'];
export type IMlflowVersion = Records['MlflowVersion'];
export type IRun = Records['Run'];
export type RunStatus = Records['RunStatus'];
export type IRunEdit = Records['RunEdit'];
export type ICloneVersion = Records['CloneVersionBody'];
export type IVersionOfFiles = Partial<Omit<Records['NewVersionBody'], 'artifacts'>> &
  Pick<Records['NewVersionBody'], 'artifacts'>;
export type IPromotion = Partial<Omit<Records['StageBody'], 'stage'>> &
  Pick<Records['StageBody'], 'stage'>;
export type IUploadSession = Records['UploadSession'];
export type IApproval = Records['Approval'];
export type ApprovalState = Records['ApprovalState'];
export type ITrashed = Records['Trashed'];
export type ILogs = Records['Logs'];
export type IStatus = Records['StatusReport'];

export interface IPage<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

export interface IItems<T> {
  readonly items: readonly T[];
}

/** An object in the kernel's memory; `problem` says why it cannot be registered. */
export interface IMemoryModel {
  readonly variable: string;
  readonly class_name: string;
  readonly framework: string;
  readonly task: Task;
  readonly flavor: string;
  readonly problem: string;
  readonly fitted?: boolean;
  /** Bytes of what it learned; null where that is not known. */
  readonly size?: number | null;
  /** The number of the cell that last changed it. */
  readonly cell?: number | null;
  /** "= churn 1.2.0", "differs from churn 1.2.0, refit in cell 14", "not registered", or empty. */
  readonly standing?: string;
}

/** A variable of the kernel that holds one image; `width` and `height` in pixels. */
export interface IMemoryPicture {
  readonly variable: string;
  readonly width: number;
  readonly height: number;
}

/** Why a part of the number should grow; `breaking` when those who use the model notice. */
export interface IReason {
  readonly bump: string;
  readonly text: string;
  readonly breaking: boolean;
}

/** The advised bump (none, patch, minor, major) since the version `base`. */
export interface IAdvice {
  readonly base: string;
  readonly bump: string;
  readonly reasons: readonly IReason[];
}

/** The six fields that may be edited (K9). */
export type IVersionEdit = Pick<
  IModelVersion,
  'description' | 'tags' | 'status' | 'author' | 'license' | 'public'
>;

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
  /** Why an incompatible change is minor or patch. */
  readonly reason?: string;
}
