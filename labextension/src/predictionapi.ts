import { ImportApi } from './importapi';
import { type IInference, type IPrediction } from './types';

/** Who is asked: one of a deployment's versions, or without one a version that is not deployed. */
export interface IAsked {
  readonly deployment: string;
  readonly model: string;
  /** Empty to let the deployment's weights decide. */
  readonly version: string;
}

/** Requests to versions, deployed or not. */
export class PredictionApi extends ImportApi {
  /** Aborting ends the work. */
  predict(asked: IAsked, image: Blob, signal?: AbortSignal): Promise<IPrediction> {
    // Any other type would be read as tensors; a file that is no image is refused with a reason.
    return this._ask(
      asked,
      image,
      image.type.startsWith('image/') ? image.type : 'image/*',
      signal
    );
  }

  /** `request` is the JSON of an Open Inference Protocol v2 request. */
  infer(asked: IAsked, request: string, signal?: AbortSignal): Promise<IInference> {
    return this._ask(asked, new Blob([request]), 'application/json', signal);
  }

  private _ask<T>(
    { deployment, model, version }: IAsked,
    body: Blob,
    type: string,
    signal?: AbortSignal
  ): Promise<T> {
    const path = deployment
      ? ['deployments', deployment, 'predict']
      : ['models', model, 'versions', version, 'predict'];
    const query = deployment ? { version } : {};
    return this.request('POST', path, { query, body, headers: { 'Content-Type': type }, signal });
  }
}
