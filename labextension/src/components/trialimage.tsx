import React, { useState } from 'react';

import { type ITrialState } from '../model/trial';
import { ImageView } from './imageview';
import { PredictionOverlay } from './overlay';
import { type ITranslate } from './props';

/** The chosen image with what was found in it. */
export function TrialImage(props: {
  readonly image: File;
  readonly trial: ITrialState;
  readonly trans: ITranslate;
}): JSX.Element {
  const { image, trial, trans } = props;
  const [opacity, setOpacity] = useState(0.6);
  const prediction = trial.outcome.kind === 'ready' ? trial.outcome.prediction : null;
  const slider = prediction?.mask && (
    <label className="jp-modelmgmt-Image-opacity">
      {trans.__('Mask')}
      <input
        type="range"
        min={0}
        max={1}
        step={0.05}
        value={opacity}
        onChange={event => setOpacity(Number(event.target.value))}
      />
    </label>
  );
  return (
    <ImageView image={image} trans={trans} tools={slider}>
      {prediction && <PredictionOverlay prediction={prediction} opacity={opacity} />}
    </ImageView>
  );
}
