import '../../style/base.css';
import '../../style/card.css';
import '../../style/tabs.css';
import '../../style/trial.css';
import '../../style/request.css';
import '../../style/widget.css';

import React from 'react';

import { BoxOverlay, MaskOverlay } from '../components/overlay';
import { PredictionView } from '../components/prediction';
import { type IPrediction } from '../types';
import { InferenceView } from '../components/tensors';
import { answered } from './answered';
import { Button } from './lab';
import { type IWidgetModel, rendered, untranslated as trans, useTrait } from './live';
import { type ITargetName, Several } from './several';
import { TrialInput, useTrialInput } from './trialinput';

function TestWidget(props: { readonly model: IWidgetModel }): JSX.Element {
  const { model } = props;
  const [targets] = useTrait<readonly ITargetName[]>(model, 'targets');
  const [deployment] = useTrait<string>(model, 'deployment');
  const [target] = useTrait<string>(model, 'target');
  const [isBusy] = useTrait<boolean>(model, 'is_busy');
  if (targets.length) {
    return <Several model={model} targets={targets} />;
  }
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
  const [answer] = useTrait<Partial<IPrediction>>(model, 'prediction');
  const input = useTrialInput(model, 'predict');
  const prediction = answer.task ? (answer as IPrediction) : null;
  return (
    <div className="jp-modelmgmt-Trial">
      <TrialInput
        {...input}
        title={deployment}
        label={isBusy ? trans.__('Predicting…') : trans.__('Predict')}
        isBusy={isBusy}
        overlay={
          <>
            {prediction?.mask && <MaskOverlay mask={prediction.mask} opacity={0.6} />}
            {prediction?.boxes?.length ? <BoxOverlay prediction={prediction} /> : null}
          </>
        }
      >
        <aside className="jp-modelmgmt-Trial-outcome" aria-live="polite">
          <Answer prediction={prediction} />
        </aside>
      </TrialInput>
    </div>
  );
}

function Answer({ prediction }: { readonly prediction: IPrediction | null }): JSX.Element {
  const outcome = prediction && answered(prediction, prediction.latency_ms);
  switch (outcome?.kind) {
    case 'ready':
      return <PredictionView {...outcome} trans={trans} />;
    case 'inferred':
      return <InferenceView {...outcome} trans={trans} />;
    default:
      return <p className="jp-modelmgmt-muted">{trans.__('The answer appears here.')}</p>;
  }
}

export default rendered(TestWidget);
