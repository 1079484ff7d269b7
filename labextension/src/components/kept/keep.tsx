import { Button } from '@jupyterlab/ui-components';
import React, { useEffect, useState } from 'react';

import { inShort } from '../../differences';
import { expectedOf, proposedName } from '../../kept';
import { type IKeeping } from '../../model/kept';
import { type ITrialState, saidOf } from '../../model/trial';
import { type IKeptTest } from '../../types';
import { useUniqueId } from '../id';
import { type ITranslate } from '../props';

export interface IKeepProps {
  readonly trial: ITrialState;
  /** Labels and boxes that are less sure are hidden, and do not count. */
  readonly threshold: number;
  readonly tests: readonly IKeptTest[];
  readonly trans: ITranslate;
  /** Tells whether it was kept. */
  onKeep: (keeping: IKeeping) => Promise<boolean>;
}

/** Keeps the answer that is shown as what is expected of every version (N10). */
export function KeepTest(props: IKeepProps): JSX.Element | null {
  const { trial, trans } = props;
  const { outcome } = trial;
  const [state, setState] = useState<'closed' | 'open' | 'busy' | 'kept'>('closed');
  useEffect(() => setState('closed'), [outcome]);
  if (!expectedOf(outcome)) {
    return null;
  }
  if (state === 'kept') {
    return <p role="status">{trans.__('Kept. Every new version is asked this again.')}</p>;
  }
  if (state === 'closed') {
    return (
      <Button className="jp-mod-styled jp-modelmgmt-Keep-open" onClick={() => setState('open')}>
        {trans.__('Keep this test…')}
      </Button>
    );
  }
  return (
    <KeepForm
      {...props}
      isBusy={state === 'busy'}
      onCancel={() => setState('closed')}
      onKeep={async keeping => {
        setState('busy');
        const isKept = await props.onKeep(keeping);
        setState(isKept ? 'kept' : 'open');
        return isKept;
      }}
    />
  );
}

function KeepForm(
  props: IKeepProps & { readonly isBusy: boolean; onCancel: () => void }
): JSX.Element {
  const { trial, tests, threshold, trans, isBusy } = props;
  const { outcome } = trial;
  const id = useUniqueId();
  const isImage = outcome.kind === 'ready';
  const [name, setName] = useState(() => proposedName(isImage ? trial.image : null, tests));
  const [tolerance, setTolerance] = useState('');
  return (
    <form
      className="jp-modelmgmt-Keep"
      aria-label={trans.__('Keep this test')}
      onSubmit={event => {
        event.preventDefault();
        void props.onKeep({
          name,
          threshold,
          tolerance: tolerance === '' ? null : Number(tolerance)
        });
      }}
    >
      <label htmlFor={`${id}-name`}>{trans.__('Name')}</label>
      <input
        id={`${id}-name`}
        className="jp-mod-styled"
        required
        maxLength={80}
        pattern="[^\/\\]+"
        value={name}
        onChange={event => setName(event.target.value)}
      />
      <span>{trans.__('Expected')}</span>
      <output>{expectedText(props)}</output>
      <label htmlFor={`${id}-tolerance`}>{trans.__('Tolerance')}</label>
      <input
        id={`${id}-tolerance`}
        className="jp-mod-styled"
        type="number"
        min={0}
        max={1}
        step="any"
        placeholder={trans.__('what suits the answer')}
        aria-describedby={`${id}-hint`}
        value={tolerance}
        onChange={event => setTolerance(event.target.value)}
      />
      <p id={`${id}-hint`} className="jp-modelmgmt-muted">
        {sameText(props)}
      </p>
      <span className="jp-modelmgmt-Keep-buttons">
        <Button className="jp-mod-styled jp-mod-accept" type="submit" disabled={isBusy}>
          {trans.__('Keep')}
        </Button>
        <Button className="jp-mod-styled" type="button" onClick={props.onCancel}>
          {trans.__('Cancel')}
        </Button>
      </span>
    </form>
  );
}

function expectedText({ trial: { outcome } }: IKeepProps): string {
  const said = saidOf(outcome);
  return said ? inShort(said) : '';
}

/** What the same means for the answer that is shown. */
function sameText({ trial: { outcome }, trans }: IKeepProps): string {
  if (outcome.kind !== 'ready') {
    return trans.__('Names and whole numbers stay equal; other numbers may differ by this part.');
  }
  const { classes, boxes, mask, text } = outcome.prediction;
  if (classes) {
    return trans.__('The best label stays; its score may differ by this much (0.1).');
  }
  if (boxes) {
    return trans.__('The same labels; boxes may overlap by this much less than fully (0.5).');
  }
  if (mask) {
    return trans.__('Each label may overlap by this much less than fully (0.2).');
  }
  return typeof text === 'string'
    ? trans.__('The text stays the same.')
    : trans.__('Numbers may differ by this part (0.01).');
}
