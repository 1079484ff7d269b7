import React from 'react';

import { answerColumns, listed } from '../answerrows';
import { IN_MEMORY } from '../predictions';
import { type IInference } from '../types';
import { AnswerTable } from './answertable';
import { RawJson } from './prediction';
import { type ITranslate } from './props';

/** The tensors that a version answered with. */
export function InferenceView(props: {
  readonly inference: IInference;
  readonly roundTripMs: number;
  readonly trans: ITranslate;
}): JSX.Element {
  const { inference, roundTripMs, trans } = props;
  const columns = answerColumns(inference);
  return (
    <div className="jp-modelmgmt-Prediction">
      <h3>{trans.__('Result')}</h3>
      {columns ? (
        <AnswerTable columns={columns} trans={trans} />
      ) : (
        <dl className="jp-modelmgmt-Facts">
          {inference.outputs.map(({ name, datatype, shape, data }) => (
            <React.Fragment key={name}>
              <dt title={`${datatype} [${shape.join(', ')}]`}>{name}</dt>
              <dd className="jp-modelmgmt-code">{listed(data)}</dd>
            </React.Fragment>
          ))}
        </dl>
      )}
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
