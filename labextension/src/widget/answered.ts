import { type Outcome } from '../model/trial';
import { type IPrediction, type ITensor } from '../types';

/** What the kernel brought back, as the Test tab has it: tensors are answered with tensors. */
export function answered(prediction: IPrediction, roundTripMs: number): Outcome {
  const { outputs, version } = prediction;
  if (isTensors(outputs)) {
    return { kind: 'inferred', inference: { model_version: version, outputs }, roundTripMs };
  }
  return { kind: 'ready', prediction, roundTripMs };
}

function isTensors(outputs: unknown): outputs is readonly ITensor[] {
  const isTensor = (one: unknown) => typeof one === 'object' && one !== null && 'data' in one;
  return Array.isArray(outputs) && outputs.length > 0 && outputs.every(isTensor);
}
