import {
  type DeploymentState,
  type ILineageEdge,
  type Mode,
  type NodeKind,
  type Outcome,
  type RunStatus,
  type Service,
  type Stage,
  type Status,
  type Task
} from '../types';
import { type ITranslate } from './props';

export function stageLabel(stage: Stage, trans: ITranslate): string {
  const labels: Readonly<Record<string, string>> = {
    development: trans.__('Development'),
    staging: trans.__('Staging'),
    production: trans.__('Production'),
    archived: trans.__('Archived')
  };
  return labels[stage] ?? stage;
}

export function statusLabel(status: Status, trans: ITranslate): string {
  const labels: Record<Status, string> = {
    draft: trans.__('Draft'),
    training: trans.__('Training'),
    completed: trans.__('Completed'),
    deployed: trans.__('Deployed'),
    archived: trans.__('Archived'),
    failed: trans.__('Failed'),
    cloning: trans.__('Cloning')
  };
  return labels[status] ?? status;
}

export function stateLabel(state: DeploymentState, trans: ITranslate): string {
  const labels: Record<DeploymentState, string> = {
    Deploying: trans.__('Deploying'),
    Deployed: trans.__('Deployed'),
    Stopping: trans.__('Stopping'),
    Stopped: trans.__('Stopped'),
    Failed: trans.__('Failed')
  };
  return labels[state] ?? state;
}

export function runStatusLabel(status: RunStatus, trans: ITranslate): string {
  const labels: Record<RunStatus, string> = {
    running: trans.__('Running'),
    finished: trans.__('Finished'),
    failed: trans.__('Failed'),
    killed: trans.__('Killed')
  };
  return labels[status] ?? status;
}

/** What became of a revision. */
export function outcomeLabel(outcome: Outcome, trans: ITranslate): string {
  const labels: Record<Outcome, string> = {
    pending: trans.__('Pending'),
    deployed: trans.__('Deployed'),
    failed: trans.__('Failed'),
    stopped: trans.__('Stopped'),
    replaced: trans.__('Replaced'),
    noted: trans.__('Noted')
  };
  return labels[outcome] ?? outcome;
}

export function taskLabel(task: Task, trans: ITranslate): string {
  const labels: Record<Task, string> = {
    classification: trans.__('Classification'),
    regression: trans.__('Regression'),
    detection: trans.__('Detection'),
    segmentation: trans.__('Segmentation'),
    other: trans.__('Other')
  };
  return labels[task] ?? task;
}

/** Proper names of frameworks and model types; an unknown word is shown as it is. */
export function properName(word: string, trans: ITranslate): string {
  const labels: Record<string, string> = {
    pytorch: 'PyTorch',
    tensorflow: 'TensorFlow',
    onnx: 'ONNX',
    'scikit-learn': 'scikit-learn',
    tflite: 'TensorFlow Lite',
    xgboost: 'XGBoost',
    resnet: 'ResNet',
    bert: 'BERT',
    yolo: 'YOLO',
    custom: trans.__('Custom'),
    other: trans.__('Other')
  };
  return labels[word] ?? word;
}

export function kindLabel(kind: NodeKind, trans: ITranslate): string {
  const labels: Record<NodeKind, string> = {
    code: trans.__('Code'),
    dataset: trans.__('Dataset'),
    deployment: trans.__('Deployment'),
    environment: trans.__('Environment'),
    run: trans.__('Run'),
    source: trans.__('Source'),
    version: trans.__('Version')
  };
  return labels[kind] ?? kind;
}

/** What an edge of the lineage says, read from cause to effect. */
export function edgeLabel(kind: ILineageEdge['kind'], trans: ITranslate): string {
  const labels: Record<ILineageEdge['kind'], string> = {
    cloned: trans.__('cloned'),
    deployed: trans.__('deployed'),
    evaluated: trans.__('evaluated'),
    produced: trans.__('produced'),
    ran: trans.__('ran'),
    trained: trans.__('trained')
  };
  return labels[kind] ?? kind;
}

/** What an event of the registry says was done. */
export function actionLabel(action: string, trans: ITranslate): string {
  const labels: Record<string, string> = {
    'alias.removed': trans.__('Alias removed'),
    'alias.set': trans.__('Alias set'),
    'approval.approved': trans.__('Promotion approved'),
    'approval.rejected': trans.__('Promotion rejected'),
    'approval.requested': trans.__('Approval asked for'),
    'deployment.created': trans.__('Deployment created'),
    'deployment.deleted': trans.__('Deployment deleted'),
    'deployment.started': trans.__('Deployment started'),
    'deployment.state': trans.__('Deployment changed its state'),
    'deployment.stopped': trans.__('Deployment stopped'),
    'deployment.updated': trans.__('Deployment updated'),
    'evaluation.logged': trans.__('Evaluation logged'),
    'model.created': trans.__('Model created'),
    'model.deleted': trans.__('Model deleted'),
    'model.edited': trans.__('Model edited'),
    'model.restored': trans.__('Model restored'),
    'test.kept': trans.__('Test kept'),
    'test.removed': trans.__('Test removed'),
    'tests.run': trans.__('Kept tests run'),
    'version.deleted': trans.__('Version deleted'),
    'version.expired': trans.__('Version expired'),
    'version.edited': trans.__('Version edited'),
    'version.imported': trans.__('Version imported'),
    'version.promoted': trans.__('Version promoted'),
    'version.purged': trans.__('Version purged'),
    'version.registered': trans.__('Version registered'),
    'version.restored': trans.__('Version restored')
  };
  return labels[action] ?? action;
}

/** What a version is asked with, for people. */
export function takesText(takes: string, trans: ITranslate): string {
  const texts: Readonly<Record<string, string>> = {
    image: trans.__('Takes images'),
    text: trans.__('Takes texts'),
    table: trans.__('Takes tables'),
    tensor: trans.__('Takes tensors')
  };
  return texts[takes] ?? takes;
}

/** What a version takes and gives (M15). */
export function modeLabels(trans: ITranslate): Readonly<Record<Mode, string>> {
  return {
    adapter: trans.__('As its adapter or signature says'),
    object_detection: trans.__('Built-in object detection'),
    image_processing: trans.__('Built-in image processing'),
    predictive_analytics: trans.__('Built-in predictive analytics'),
    undefined: trans.__('Undefined: known to its author')
  };
}

/** What a version may become (M14). */
export function serviceLabel(service: Service, trans: ITranslate): string {
  const labels: Readonly<Record<Service, string>> = {
    'real-time': trans.__('Real-time'),
    batch: trans.__('Batch'),
    edge: trans.__('Edge')
  };
  return labels[service];
}
