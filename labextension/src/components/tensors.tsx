import React from 'react';

import { useUniqueId } from './id';
import { formatValue } from '../format';
import { IN_MEMORY } from '../predictions';
import { type IInference } from '../types';
import { RawJson } from './prediction';
import { type ITranslate } from './props';

const SHOWN_VALUES = 12;

/** The text of a request to a version that takes tensors. */
export function TensorInput(props: {
  readonly text: string;
  readonly trans: ITranslate;
  onChange: (text: string) => void;
}): JSX.Element {
  const { text, trans } = props;
  const id = useUniqueId();
  return (
    <div className="jp-modelmgmt-Tensors">
      <label htmlFor={id}>{trans.__('Tensors, as JSON of the Open Inference Protocol v2')}</label>
      <textarea
        id={id}
        className="jp-mod-styled jp-modelmgmt-code"
        rows={14}
        spellCheck={false}
        value={text}
        onChange={event => props.onChange(event.target.value)}
      />
      <p className="jp-modelmgmt-muted">
        {trans.__('This version takes tensors and no image. Data is flat, row by row.')}
      </p>
    </div>
  );
}

/** The tensors that a version answered with. */
export function InferenceView(props: {
  readonly inference: IInference;
  readonly roundTripMs: number;
  readonly trans: ITranslate;
}): JSX.Element {
  const { inference, roundTripMs, trans } = props;
  return (
    <div className="jp-modelmgmt-Prediction">
      <h3>{trans.__('Result')}</h3>
      <dl className="jp-modelmgmt-Facts">
        {inference.outputs.map(({ name, datatype, shape, data }) => (
          <React.Fragment key={name}>
            <dt title={`${datatype} [${shape.join(', ')}]`}>{name}</dt>
            <dd className="jp-modelmgmt-code">{shownData(data)}</dd>
          </React.Fragment>
        ))}
      </dl>
      <p className="jp-modelmgmt-Prediction-latency">
        {inference.model_version === IN_MEMORY
          ? trans.__('%1 ms in all, in the kernel', Math.round(roundTripMs))
          : trans.__(
              '%1 ms in all, by version %2',
              Math.round(roundTripMs),
              inference.model_version
            )}
      </p>
      <RawJson value={inference} trans={trans} />
    </div>
  );
}

function shownData(data: readonly unknown[]): string {
  const first = data.slice(0, SHOWN_VALUES).map(formatValue).join(', ');
  return data.length > SHOWN_VALUES ? `${first}, … (${data.length})` : first;
}
