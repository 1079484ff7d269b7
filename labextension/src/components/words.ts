import { type DeploymentState, type Stage, type Status, type Task } from '../types';
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
