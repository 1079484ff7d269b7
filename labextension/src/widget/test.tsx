import '../../style/base.css';
import '../../style/trial.css';
import '../../style/widget.css';

import React, { useState } from 'react';

import { DropZone } from '../components/dropzone';
import { ImageView } from '../components/imageview';
import { BoxOverlay, MaskOverlay } from '../components/overlay';
import { PredictionView } from '../components/prediction';
import { TensorInput } from '../components/tensors';
import { EXAMPLE_TENSORS } from '../model/tensors';
import { type IPrediction } from '../types';
import { Button } from './lab';
import { type IWidgetModel, rendered, untranslated as trans, useTrait } from './live';

/** More than this does not pass through a widget's channel; the Test tab takes larger images. */
const LARGEST_BYTES = 8 * 2 ** 20;

function TestWidget(props: { readonly model: IWidgetModel }): JSX.Element {
  const { model } = props;
  const [deployment] = useTrait<string>(model, 'deployment');
  const [target] = useTrait<string>(model, 'target');
  const [isBusy] = useTrait<boolean>(model, 'is_busy');
  if (!deployment) {
    return (
      <div className="jp-modelmgmt-Empty">
        <p className="jp-modelmgmt-Empty-title">{trans.__('Need to deploy before predicting')}</p>
        <Button disabled={isBusy} onClick={() => model.send({ verb: 'deploy' })}>
          {isBusy ? trans.__('Deploying…') : trans.__('Deploy %1', target)}
        </Button>
      </div>
    );
  }
  return <Trial model={model} deployment={deployment} isBusy={isBusy} />;
}

function Trial(props: {
  readonly model: IWidgetModel;
  readonly deployment: string;
  readonly isBusy: boolean;
}): JSX.Element {
  const { model, deployment, isBusy } = props;
  const [takesImages] = useTrait<boolean>(model, 'takes_images');
  const [answer] = useTrait<Partial<IPrediction>>(model, 'prediction');
  const [image, setImage] = useState<File | null>(null);
  const [request, setRequest] = useState(EXAMPLE_TENSORS);
  const [problem, setProblem] = useState('');
  const prediction = answer.task ? (answer as IPrediction) : null;
  const predict = async () => {
    if (!takesImages) {
      model.send({ verb: 'predict', request });
    } else if (image && image.size <= LARGEST_BYTES) {
      model.send({ verb: 'predict' }, undefined, [await image.arrayBuffer()]);
    }
  };
  const choose = (file: File) => {
    const isLarge = file.size > LARGEST_BYTES;
    setProblem(isLarge ? trans.__('At most 8 MB here; the Test tab of the model takes more.') : '');
    setImage(isLarge ? null : file);
  };
  return (
    <div className="jp-modelmgmt-Trial">
      <div className="jp-modelmgmt-Trial-bar">
        <strong>{deployment}</strong>
        <span className="jp-modelmgmt-Trial-buttons">
          <Button disabled={isBusy || (takesImages && !image)} onClick={() => void predict()}>
            {isBusy ? trans.__('Predicting…') : trans.__('Predict')}
          </Button>
          <Button disabled={!image} onClick={() => setImage(null)}>
            {trans.__('Discard')}
          </Button>
        </span>
      </div>
      {problem && <p role="alert">{problem}</p>}
      <div className="jp-modelmgmt-Trial-panes">
        {takesImages ? (
          <Picture image={image} prediction={prediction} onImage={choose} />
        ) : (
          <TensorInput text={request} trans={trans} onChange={setRequest} />
        )}
        <aside className="jp-modelmgmt-Trial-outcome" aria-live="polite">
          {prediction ? (
            <PredictionView
              prediction={prediction}
              roundTripMs={prediction.latency_ms}
              trans={trans}
            />
          ) : (
            <p className="jp-modelmgmt-muted">{trans.__('The answer appears here.')}</p>
          )}
        </aside>
      </div>
    </div>
  );
}

function Picture(props: {
  readonly image: File | null;
  readonly prediction: IPrediction | null;
  onImage: (image: File) => void;
}): JSX.Element {
  const { image, prediction } = props;
  if (!image) {
    return <DropZone trans={trans} onImage={props.onImage} />;
  }
  return (
    <ImageView image={image} trans={trans}>
      {prediction?.mask && <MaskOverlay mask={prediction.mask} opacity={0.6} />}
      {prediction?.boxes?.length ? <BoxOverlay prediction={prediction} /> : null}
    </ImageView>
  );
}

export default rendered(TestWidget);
