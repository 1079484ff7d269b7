import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { formatNumber, formatShare } from '../format';
import { groupedLabels, type ILabelGroup, IN_MEMORY } from '../predictions';
import { type IPrediction } from '../types';
import { type ITranslate } from './props';

const SHOWN_VECTOR = 8;

/** The right pane of the Test tab: what was found, how sure, how fast (D35). */
export function PredictionView(props: {
  readonly prediction: IPrediction;
  readonly roundTripMs: number;
  readonly trans: ITranslate;
}): JSX.Element {
  const { prediction, roundTripMs, trans } = props;
  const groups = groupedLabels(prediction);
  return (
    <div className="jp-modelmgmt-Prediction">
      <h3>{resultTitle(prediction, trans)}</h3>
      {groups ? <LabelRows groups={groups} trans={trans} /> : <Scalar prediction={prediction} />}
      <p className="jp-modelmgmt-Prediction-latency">{latency(prediction, roundTripMs, trans)}</p>
      <RawJson value={prediction} trans={trans} />
    </div>
  );
}

function latency(prediction: IPrediction, roundTripMs: number, trans: ITranslate): string {
  const { version, latency_ms } = prediction;
  const times = [formatNumber(Math.round(latency_ms * 10) / 10), Math.round(roundTripMs)];
  return version === IN_MEMORY
    ? trans.__('%1 ms in the model, %2 ms in all, in the kernel', ...times)
    : trans.__('%1 ms in the model, %2 ms in all, by version %3', ...times, version);
}

function resultTitle(prediction: IPrediction, trans: ITranslate): string {
  if (prediction.mask) {
    return trans.__('Share of the image');
  }
  return prediction.boxes || prediction.classes
    ? trans.__('Labels confidence')
    : trans.__('Result');
}

function LabelRows(props: {
  readonly groups: readonly ILabelGroup[];
  readonly trans: ITranslate;
}): JSX.Element {
  const { groups, trans } = props;
  if (!groups.length) {
    return <p role="status">{trans.__('Nothing was found in this image.')}</p>;
  }
  return (
    <ul className="jp-modelmgmt-Labels">
      {groups.map(group => (
        <li key={group.label} data-label={group.label}>
          {group.scores.length > 1 ? (
            <details>
              <summary>
                <LabelBar group={group} />
              </summary>
              <ol className="jp-modelmgmt-Labels-scores">
                {group.scores.map((score, i) => (
                  <li key={i}>{formatShare(score)}</li>
                ))}
              </ol>
            </details>
          ) : (
            <LabelBar group={group} />
          )}
        </li>
      ))}
    </ul>
  );
}

function LabelBar(props: { readonly group: ILabelGroup }): JSX.Element {
  const { label, scores, color } = props.group;
  const best = scores[0] ?? 0;
  return (
    <span className="jp-modelmgmt-LabelBar">
      <span className="jp-modelmgmt-LabelBar-label" title={label}>
        {color && (
          <span
            className="jp-modelmgmt-LabelBar-color"
            style={{ background: color }}
            aria-hidden="true"
          />
        )}
        {label}
        {scores.length > 1 && <span className="jp-modelmgmt-muted"> × {scores.length}</span>}
      </span>
      <span className="jp-modelmgmt-LabelBar-score">{formatShare(best)}</span>
      <span className="jp-modelmgmt-LabelBar-bar" aria-hidden="true">
        <span style={{ width: `${100 * best}%` }} />
      </span>
    </span>
  );
}

function Scalar(props: { readonly prediction: IPrediction }): JSX.Element {
  const { value, text, vector } = props.prediction;
  if (typeof value === 'number') {
    return (
      <output className="jp-modelmgmt-Prediction-value" title={String(value)}>
        {formatNumber(value)}
      </output>
    );
  }
  if (vector) {
    const first = vector.slice(0, SHOWN_VECTOR).map(formatNumber).join(', ');
    const more = vector.length > SHOWN_VECTOR ? `, … (${vector.length})` : '';
    return <output className="jp-modelmgmt-code">{first + more}</output>;
  }
  return <output>{text ?? ''}</output>;
}

/** An answer as it came, to look at and to copy. */
export function RawJson(props: {
  readonly value: object;
  readonly trans: ITranslate;
}): JSX.Element {
  const { trans } = props;
  const text = JSON.stringify(props.value, null, 2);
  return (
    <details className="jp-modelmgmt-Raw">
      <summary>{trans.__('Raw JSON')}</summary>
      <Button minimal small onClick={() => void navigator.clipboard.writeText(text)}>
        {trans.__('Copy')}
      </Button>
      <pre>{text}</pre>
    </details>
  );
}
