import { Button } from '@jupyterlab/ui-components';
import React, { type ReactNode } from 'react';

import { type Fetched } from '../model/resource';
import { type ITranslate } from './props';

export function Loading(props: { readonly trans: ITranslate }): JSX.Element {
  return (
    <div className="jp-modelmgmt-Loading" role="status">
      <progress aria-label={props.trans.__('Loading')} />
    </div>
  );
}

/** Says that there is nothing, and what to do next. */
export function Empty(props: {
  readonly title: string;
  readonly children?: ReactNode;
}): JSX.Element {
  return (
    <div className="jp-modelmgmt-Empty">
      <p className="jp-modelmgmt-Empty-title">{props.title}</p>
      {props.children}
    </div>
  );
}

export function Failed(props: {
  readonly message: string;
  readonly trans: ITranslate;
  onRetry?: () => void;
}): JSX.Element {
  return (
    <div className="jp-modelmgmt-Failed" role="alert">
      <span className="jp-modelmgmt-Failed-message">{props.message}</span>
      {props.onRetry && (
        <Button minimal small onClick={props.onRetry}>
          {props.trans.__('Retry')}
        </Button>
      )}
    </div>
  );
}

/** Shows a value that is being read, could not be read or is there. */
export function FetchedView<T>(props: {
  readonly state: Fetched<T>;
  readonly trans: ITranslate;
  onRetry: () => void;
  children: (value: T) => ReactNode;
}): JSX.Element {
  const { state, trans } = props;
  switch (state.kind) {
    case 'loading':
      return <Loading trans={trans} />;
    case 'failed':
      return <Failed message={state.message} trans={trans} onRetry={props.onRetry} />;
    case 'ready':
      return <>{props.children(state.value)}</>;
  }
}
