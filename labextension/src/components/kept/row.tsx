import { Button } from '@jupyterlab/ui-components';
import React, { useState } from 'react';

import { formatNumber } from '../../format';
import { type IKeptResult, type IKeptTest } from '../../types';
import { type ITranslate } from '../props';
import { RelativeTime } from '../versioncolumns';

export interface IKeptRowProps {
  readonly test: IKeptTest;
  /** What became of it with the version that is shown; undefined when it was not run. */
  readonly result: IKeptResult | undefined;
  readonly expected: string;
  /** Where its picture is; null for tensors. */
  readonly url: string | null;
  /** Whether tests run now. */
  readonly isBusy: boolean;
  /** Whether this one is among them. */
  readonly isWaiting: boolean;
  readonly trans: ITranslate;
  onRun: () => void;
  onRemove: () => void;
}

/** A kept test: its input, what it expects, and how the version did. */
export function KeptRow(props: IKeptRowProps): JSX.Element {
  const { test, expected, trans, isBusy } = props;
  return (
    <tr data-test={test.name}>
      <td>
        <Picture {...props} />
      </td>
      <td>
        <span className="jp-modelmgmt-Kept-name">{test.name}</span>
        <span className="jp-modelmgmt-muted">
          {test.created_by}, <RelativeTime iso={test.created_at} />
        </span>
      </td>
      <td>
        <span className="jp-modelmgmt-Kept-expected" title={expected}>
          {expected}
        </span>
        <span className="jp-modelmgmt-muted">
          {trans.__('by %1, tolerance %2', test.expected.version, formatNumber(test.tolerance))}
        </span>
      </td>
      <td>
        <Result {...props} />
      </td>
      <td className="jp-modelmgmt-Kept-actions">
        <Button
          minimal
          small
          disabled={isBusy}
          aria-label={trans.__('Run %1', test.name)}
          onClick={props.onRun}
        >
          {trans.__('Run')}
        </Button>
        <Button
          minimal
          small
          disabled={isBusy}
          aria-label={trans.__('Remove %1', test.name)}
          onClick={props.onRemove}
        >
          {trans.__('Remove…')}
        </Button>
      </td>
    </tr>
  );
}

function Picture({ url, test, trans }: IKeptRowProps): JSX.Element {
  const [isDrawable, setDrawable] = useState(true);
  return url && isDrawable ? (
    <img
      className="jp-modelmgmt-Kept-picture"
      src={url}
      alt={trans.__('The input of %1', test.name)}
      loading="lazy"
      onError={() => setDrawable(false)}
    />
  ) : (
    <span className="jp-modelmgmt-Kept-picture" data-kind="tensors" aria-hidden="true">
      {url ? '?' : '{ }'}
    </span>
  );
}

function Result({ result, isWaiting, trans }: IKeptRowProps): JSX.Element {
  if (!result) {
    return (
      <span className="jp-modelmgmt-muted">
        {isWaiting ? trans.__('waits') : trans.__('not run')}
      </span>
    );
  }
  const labels: Readonly<Record<IKeptResult['state'], string>> = {
    passed: trans.__('Passed'),
    failed: trans.__('Failed'),
    error: trans.__('Error')
  };
  const isSame = result.state === 'passed';
  return (
    <>
      <span className="jp-modelmgmt-Badge" data-standing={isSame ? 'same' : 'failed'}>
        {labels[result.state]}
      </span>{' '}
      <span className="jp-modelmgmt-muted">
        {result.latency_ms > 0 && trans.__('%1 ms', formatNumber(Math.round(result.latency_ms)))}
      </span>
      {result.difference && (
        <span className="jp-modelmgmt-Kept-difference">{result.difference}</span>
      )}
    </>
  );
}
