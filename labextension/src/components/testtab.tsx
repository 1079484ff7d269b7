import { Button, HTMLSelect } from '@jupyterlab/ui-components';
import React, { type ReactNode, useMemo, useState } from 'react';

import { CommandIDs } from '../commands/ids';
import { requestFor } from '../model/tensors';
import { type ITarget, type ITrialState } from '../model/trial';
import { tableOf } from '../requestreading';
import { type IDeployment } from '../types';
import { deployed, eachVersion, type IAnswerer } from './answerers';
import { StateDot } from './badges';
import { DropZone } from './dropzone';
import { useUniqueId } from './id';
import { MemoryPictures } from './memorypictures';
import { PredictionView } from './prediction';
import { type ITranslate, type Run } from './props';
import { type ITestMemory } from './remembering';
import { RequestInput } from './requestinput';
import { problemOf } from './requestwords';
import { SideBySide, waitingFor } from './sidebyside';
import { Empty, Failed } from './states';
import { InferenceView } from './tensors';
import { hasScores, surer, Threshold } from './threshold';
import { TrialImage } from './trialimage';

export interface ITestTabProps {
  readonly model: string;
  readonly version: string | null;
  readonly deployments: readonly IDeployment[];
  /** Who answers without being deployed. */
  readonly tried: readonly IAnswerer[];
  /** What the active notebook has in memory: it is asked in its kernel. */
  readonly memory: ITestMemory;
  readonly trial: ITrialState;
  readonly trans: ITranslate;
  run: Run;
  onImage: (image: File) => void;
  onTensors: (text: string) => void;
  onPredict: (target: ITarget) => void;
  onCompare: (targets: readonly ITarget[]) => void;
  onCancel: () => void;
  onDiscard: () => void;
  /** What stands below an answer, of which what is less sure than `threshold` is hidden. */
  belowAnswer?: (threshold: number) => ReactNode;
}

interface IAsking extends ITestTabProps {
  readonly asked: IAnswerer;
  /** Whether there is something that can be sent. */
  readonly isReady: boolean;
}

/** Choose an image, let a version predict, see the answer drawn over it (D35, N4). */
export function TestTab(props: ITestTabProps): JSX.Element {
  const answering = eachVersion(props.deployments);
  const undeployed = props.tried.filter(
    ({ target }) => !answering.some(one => one.target.version === target.version)
  );
  const tried = [...undeployed, ...props.memory.objects];
  const [chosen, setChosen] = useState<string | null>(null);
  const [threshold, setThreshold] = useState(0);
  const ready = deployed(props.deployments);
  const asked = [...ready, ...tried].find(({ key }) => key === chosen) ?? ready[0];
  const { image, tensors, inputs } = props.trial;
  const problem = useMemo(
    () => problemOf(tableOf(tensors, inputs), props.trans),
    [tensors, inputs, props.trans]
  );
  if (!asked) {
    return <NotDeployed {...props} onTry={setChosen} />;
  }
  const { takesImages } = asked.target;
  const isReady = takesImages ? image !== null : problem === '';
  const shown = { ...props, tried, asked, isReady, trial: surer(props.trial, threshold) };
  return (
    <div className="jp-modelmgmt-Trial">
      <TrialBar {...shown} ready={ready} onChoose={setChosen} />
      <div className="jp-modelmgmt-Trial-panes">
        <TrialInput {...shown} />
        <div>
          {hasScores(props.trial) && (
            <Threshold value={threshold} trans={props.trans} onChange={setThreshold} />
          )}
          <TrialOutcome {...shown} />
          {props.belowAnswer?.(threshold)}
        </div>
      </div>
      <SideBySide
        {...shown}
        deployed={answering.filter(alike(takesImages))}
        tried={tried.filter(alike(takesImages))}
      />
    </div>
  );
}

/** Versions without an adapter take tensors; all others take an image. */
function alike(takesImages: boolean): (answerer: IAnswerer) => boolean {
  return ({ target }) => target.takesImages === takesImages;
}

function TrialInput(props: IAsking): JSX.Element {
  const { trial, trans, asked } = props;
  if (!asked.target.takesImages) {
    return (
      <RequestInput
        text={trial.tensors}
        fields={trial.inputs}
        trans={trans}
        onChange={props.onTensors}
      />
    );
  }
  return trial.image ? (
    <TrialImage {...props} image={trial.image} />
  ) : (
    <DropZone trans={trans} onImage={props.onImage}>
      <MemoryPictures {...props.memory} trans={trans} onImage={props.onImage} />
    </DropZone>
  );
}

function NotDeployed(props: ITestTabProps & { onTry: (key: string) => void }): JSX.Element {
  const { deployments, tried, trans, run, model, version } = props;
  const moving = deployments.find(deployment => deployment.state === 'Deploying');
  if (moving) {
    return (
      <Empty title={trans.__('%1 is being deployed', moving.name)}>
        <progress aria-label={trans.__('Deploying')} />
      </Empty>
    );
  }
  const [first] = tried;
  return (
    <Empty title={trans.__('Need to deploy before predicting')}>
      {first && <p>{trans.__('Or try a version in a worker of its own, for a while.')}</p>}
      <div className="jp-modelmgmt-Empty-actions">
        {version !== null && (
          <Button
            className="jp-mod-styled jp-mod-accept"
            onClick={() => run(CommandIDs.deployVersion, { model, version })}
          >
            {trans.__('Deploy %1', version)}
          </Button>
        )}
        {first && (
          <Button className="jp-mod-styled" onClick={() => props.onTry(first.key)}>
            {trans.__('Try %1 without deploying', first.target.version)}
          </Button>
        )}
      </div>
    </Empty>
  );
}

function TrialBar(
  props: IAsking & { readonly ready: readonly IAnswerer[]; onChoose: (key: string) => void }
): JSX.Element {
  const { ready, tried, asked, trial, trans } = props;
  const id = useUniqueId();
  return (
    <div className="jp-modelmgmt-Trial-bar">
      <label htmlFor={id}>{trans.__('Answered by')}</label>
      <HTMLSelect id={id} value={asked.key} onChange={event => props.onChoose(event.target.value)}>
        {[...ready, ...tried].map(({ key, label }) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </HTMLSelect>
      {asked.target.deployment !== '' && <StateDot state="Deployed" trans={trans} />}
      <span className="jp-modelmgmt-Trial-buttons">
        {trial.outcome.kind === 'predicting' ? (
          <Button className="jp-mod-styled jp-mod-reject" onClick={props.onCancel}>
            {trans.__('Cancel')}
          </Button>
        ) : (
          <Button
            className="jp-mod-styled jp-mod-accept"
            disabled={!props.isReady}
            onClick={() => props.onPredict(asked.target)}
          >
            {trans.__('Predict')}
          </Button>
        )}
        <Button
          className="jp-mod-styled jp-mod-reject"
          disabled={!trial.image && trial.outcome.kind === 'none' && !isWritten(trial)}
          onClick={props.onDiscard}
        >
          {trans.__('Discard')}
        </Button>
      </span>
    </div>
  );
}

/** Whether the request is another than the one that was offered. */
function isWritten({ tensors, inputs }: ITrialState): boolean {
  return tensors !== requestFor(inputs);
}

function TrialOutcome(props: IAsking): JSX.Element {
  const { trial, trans, asked } = props;
  const { outcome } = trial;
  const { deployment, version, variable, takesImages } = asked.target;
  return (
    <aside className="jp-modelmgmt-Trial-outcome" aria-live="polite">
      {outcome.kind === 'none' && (
        <p className="jp-modelmgmt-muted">
          {trial.image || !takesImages
            ? trans.__('Press Predict to see what %1 finds.', variable ?? (deployment || version))
            : trans.__('The answer appears here.')}
        </p>
      )}
      {outcome.kind === 'predicting' && (
        <>
          <progress aria-label={trans.__('Predicting')} />
          <p className="jp-modelmgmt-muted">{waitingFor(asked.target, trans)}</p>
        </>
      )}
      {outcome.kind === 'failed' && (
        <Failed
          message={outcome.message}
          trans={trans}
          onRetry={() => props.onPredict(asked.target)}
        />
      )}
      {outcome.kind === 'ready' && <PredictionView {...outcome} trans={trans} />}
      {outcome.kind === 'inferred' && <InferenceView {...outcome} trans={trans} />}
    </aside>
  );
}
