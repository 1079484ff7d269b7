import { Button, HTMLSelect } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { useUniqueId } from './id';
import { CommandIDs } from '../commands/ids';
import { type ITarget, type ITrialState } from '../model/trial';
import { type IDeployment } from '../types';
import { StateDot } from './badges';
import { DropZone } from './dropzone';
import { PredictionView } from './prediction';
import { type ITranslate, type Run } from './props';
import { SideBySide } from './sidebyside';
import { Empty, Failed } from './states';
import { InferenceView, TensorInput } from './tensors';
import { hasScores, surer, Threshold } from './threshold';
import { TrialImage } from './trialimage';

export interface ITestTabProps {
  readonly model: string;
  readonly version: string | null;
  readonly deployments: readonly IDeployment[];
  readonly trial: ITrialState;
  readonly trans: ITranslate;
  run: Run;
  onImage: (image: File) => void;
  onTensors: (text: string) => void;
  onPredict: (deployment: string) => void;
  onInfer: (deployment: string) => void;
  onCompare: (targets: readonly ITarget[]) => void;
  onCancel: () => void;
  onDiscard: () => void;
}

/** Choose an image, let a deployment predict, see the answer drawn over it (D35). */
export function TestTab(props: ITestTabProps): JSX.Element {
  const { deployments } = props;
  const [chosen, setChosen] = useState<string | null>(null);
  const [threshold, setThreshold] = useState(0);
  const ready = deployments.filter(deployment => deployment.state === 'Deployed');
  const deployment = ready.find(({ name }) => name === chosen) ?? ready[0];
  if (!deployment) {
    return <NotDeployed {...props} />;
  }
  const shown = { ...props, trial: surer(props.trial, threshold) };
  return (
    <div className="jp-modelmgmt-Trial">
      <TrialBar {...props} ready={ready} deployment={deployment} onChoose={setChosen} />
      <div className="jp-modelmgmt-Trial-panes">
        <TrialInput {...shown} deployment={deployment} />
        <div>
          {hasScores(props.trial) && (
            <Threshold value={threshold} trans={props.trans} onChange={setThreshold} />
          )}
          <TrialOutcome {...shown} deployment={deployment} />
        </div>
      </div>
      <SideBySide {...shown} deployments={ready.filter(takesImages)} />
    </div>
  );
}

/** Versions without an adapter take tensors; all others take an image. */
function takesImages(deployment: IDeployment): boolean {
  return deployment.adapter !== '';
}

function TrialInput(props: ITestTabProps & { readonly deployment: IDeployment }): JSX.Element {
  const { trial, trans, deployment } = props;
  if (!takesImages(deployment)) {
    return <TensorInput text={trial.tensors} trans={trans} onChange={props.onTensors} />;
  }
  return trial.image ? (
    <TrialImage {...props} image={trial.image} />
  ) : (
    <DropZone trans={trans} onImage={props.onImage} />
  );
}

function NotDeployed(props: ITestTabProps): JSX.Element {
  const { deployments, trans, run, model, version } = props;
  const moving = deployments.find(deployment => deployment.state === 'Deploying');
  if (moving) {
    return (
      <Empty title={trans.__('%1 is being deployed', moving.name)}>
        <progress aria-label={trans.__('Deploying')} />
      </Empty>
    );
  }
  return (
    <Empty title={trans.__('Need to deploy before predicting')}>
      {version !== null && (
        <Button
          className="jp-mod-styled jp-mod-accept"
          onClick={() => run(CommandIDs.deployVersion, { model, version })}
        >
          {trans.__('Deploy %1', version)}
        </Button>
      )}
    </Empty>
  );
}

function TrialBar(
  props: ITestTabProps & {
    readonly ready: readonly IDeployment[];
    readonly deployment: IDeployment;
    onChoose: (name: string) => void;
  }
): JSX.Element {
  const { ready, deployment, trial, trans } = props;
  const id = useUniqueId();
  return (
    <div className="jp-modelmgmt-Trial-bar">
      <label htmlFor={id}>{trans.__('Deployment')}</label>
      <HTMLSelect
        id={id}
        value={deployment.name}
        onChange={event => props.onChoose(event.target.value)}
      >
        {ready.map(({ name, version }) => (
          <option key={name} value={name}>
            {name} ({version})
          </option>
        ))}
      </HTMLSelect>
      <StateDot state={deployment.state} trans={trans} />
      <span className="jp-modelmgmt-Trial-buttons">
        {trial.outcome.kind === 'predicting' ? (
          <Button className="jp-mod-styled jp-mod-reject" onClick={props.onCancel}>
            {trans.__('Cancel')}
          </Button>
        ) : (
          <Button
            className="jp-mod-styled jp-mod-accept"
            disabled={takesImages(deployment) && !trial.image}
            onClick={() => predict(props, deployment)}
          >
            {trans.__('Predict')}
          </Button>
        )}
        <Button
          className="jp-mod-styled jp-mod-reject"
          disabled={!trial.image && trial.outcome.kind === 'none'}
          onClick={props.onDiscard}
        >
          {trans.__('Discard')}
        </Button>
      </span>
    </div>
  );
}

function predict(props: ITestTabProps, deployment: IDeployment): void {
  const ask = takesImages(deployment) ? props.onPredict : props.onInfer;
  ask(deployment.name);
}

function TrialOutcome(props: ITestTabProps & { readonly deployment: IDeployment }): JSX.Element {
  const { trial, trans, deployment } = props;
  const { outcome } = trial;
  return (
    <aside className="jp-modelmgmt-Trial-outcome" aria-live="polite">
      {outcome.kind === 'none' && (
        <p className="jp-modelmgmt-muted">
          {trial.image || !takesImages(deployment)
            ? trans.__('Press Predict to see what %1 finds.', deployment.name)
            : trans.__('The answer appears here.')}
        </p>
      )}
      {outcome.kind === 'predicting' && <progress aria-label={trans.__('Predicting')} />}
      {outcome.kind === 'failed' && (
        <Failed
          message={outcome.message}
          trans={trans}
          onRetry={() => predict(props, deployment)}
        />
      )}
      {outcome.kind === 'ready' && <PredictionView {...outcome} trans={trans} />}
      {outcome.kind === 'inferred' && <InferenceView {...outcome} trans={trans} />}
    </aside>
  );
}
