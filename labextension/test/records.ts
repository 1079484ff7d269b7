import {
  type IDeployment,
  type IModel,
  type IModelVersion,
  type IPrediction,
  type IRegistryEvent,
  type IVersionSummary
} from '../src/types';

const AT = '2026-11-20T10:00:00Z';

export function versionRecord(changes: Partial<IModelVersion> = {}): IModelVersion {
  return {
    model: 'digits',
    version: '1.0.0',
    sequence: 1,
    created_at: AT,
    updated_at: AT,
    created_by: 'ada',
    description: '',
    framework: 'scikit-learn',
    flavor: 'sklearn',
    task: 'classification',
    model_type: 'custom',
    status: 'draft',
    stage: 'development',
    tags: [],
    author: '',
    license: '',
    public: false,
    size: 1234,
    metrics: {},
    params: {},
    aliases: [],
    deployments: [],
    adapter: '',
    config: {},
    labels: [],
    parent: '',
    source: '',
    downloadable: true,
    properties: {},
    evaluations: {},
    run: '',
    code: {},
    environment: {},
    architecture: '',
    weights: '',
    signature: { inputs: [], outputs: [], takes: '' },
    interface: {
      mode: 'adapter',
      services: ['real-time', 'batch', 'edge'],
      apis: [],
      template: ''
    },
    proof: null,
    cost: null,
    safety: [],
    datasets: [],
    artifacts: [],
    notice: '',
    ...changes
  };
}

export function modelRecord(changes: Partial<IModel> = {}): IModel {
  const latest: IVersionSummary = versionRecord();
  return {
    name: 'digits',
    description: '',
    created_at: AT,
    updated_at: AT,
    created_by: 'ada',
    version_count: 1,
    aliases: [],
    latest,
    newest: latest,
    deployments: [],
    ...changes
  };
}

export function deploymentRecord(changes: Partial<IDeployment> = {}): IDeployment {
  return {
    name: 'digits-a1b2c',
    model: 'digits',
    version: '1.0.0',
    state: 'Deployed',
    message: '',
    replicas: 1,
    available: 1,
    revision: 1,
    created_at: AT,
    updated_at: AT,
    created_by: 'ada',
    title: 'digits-a1b2c',
    endpoint: '',
    host: '',
    updated_by: 'ada',
    versions: [{ version: '1.0.0', weight: 100, shadow: false }],
    engine: 'local',
    engine_address: '',
    resources: { cpu: 0, memory_mb: 0, gpus: 0 },
    limits: { answer_s: null, max_queue: null, max_body: null },
    max_batch: null,
    environment: 'jupyter',
    variables: {},
    secrets: {},
    metadata: {},
    description: '',
    private: false,
    auto_stop_s: null,
    autoscale: null,
    task: 'classification',
    adapter: 'image_classifier',
    ...changes
  };
}

export function eventRecord(changes: Partial<IRegistryEvent> = {}): IRegistryEvent {
  return {
    id: 1,
    at: AT,
    actor: 'ada',
    action: 'version.registered',
    model: 'digits',
    version: '1.0.0',
    deployment: '',
    details: {},
    ...changes
  };
}

export function predictionRecord(changes: Partial<IPrediction> = {}): IPrediction {
  return {
    task: 'classification',
    version: '1.0.0',
    latency_ms: 3.21,
    classes: null,
    boxes: null,
    mask: null,
    value: null,
    vector: null,
    text: null,
    outputs: null,
    width: 0,
    height: 0,
    ...changes
  };
}

/** A notebook's memory with nothing in it. */
export const NO_MEMORY = {
  objects: [],
  pictures: [],
  picture: () => Promise.reject(new Error('There is no image.'))
};
