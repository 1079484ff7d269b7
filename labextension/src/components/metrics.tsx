import React, { useState } from 'react';

import { type INamedCurves, scoreNames, scorePoints } from '../curves';
import { type Fetched } from '../model/resource';
import { type IVersionSummary } from '../types';
import { ScoreChart } from './charts/metrics';
import { Figures } from './figures';
import { useUniqueId } from './id';
import { useLogarithmic } from './logarithmic';
import { type ITranslate } from './props';
import { Empty, FetchedView } from './states';
import { Tick } from './tick';

export interface IMetricsProps {
  readonly versions: readonly IVersionSummary[];
  /** The versions whose curves are laid over one another. */
  readonly overlaid: readonly string[];
  readonly curves: Fetched<readonly INamedCurves[]>;
  readonly trans: ITranslate;
  onOverlay: (versions: readonly string[]) => void;
  onRetry: () => void;
}

/** A score over versions, and the training curves of several versions over one another (D24). */
export default function Metrics(props: IMetricsProps): JSX.Element {
  return (
    <div className="jp-modelmgmt-Metrics">
      <Scores {...props} />
      <Curves {...props} />
    </div>
  );
}

function Scores({ versions, trans }: IMetricsProps): JSX.Element {
  const names = scoreNames(versions);
  const [chosen, setChosen] = useState('');
  const id = useUniqueId();
  const name = names.includes(chosen) ? chosen : names[0];
  if (name === undefined) {
    return (
      <Empty title={trans.__('No version has metrics')}>
        <p>{trans.__('Register with metrics={"accuracy": 0.98}, or log them in a run.')}</p>
      </Empty>
    );
  }
  return (
    <section aria-label={trans.__('Over versions')}>
      <div className="jp-modelmgmt-Tools">
        <h2>{trans.__('Over versions')}</h2>
        <label htmlFor={id}>{trans.__('Metric')}</label>
        <select
          id={id}
          className="jp-modelmgmt-Select"
          value={name}
          onChange={event => setChosen(event.target.value)}
        >
          {names.map(one => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </div>
      <ScoreChart
        name={name}
        label={trans.__('%1 over versions', name)}
        points={scorePoints(versions, name)}
      />
    </section>
  );
}

function Curves(props: IMetricsProps): JSX.Element {
  const { curves, trans } = props;
  const [isLogarithmic, box] = useLogarithmic(trans);
  return (
    <section aria-label={trans.__('Training curves')}>
      <div className="jp-modelmgmt-Tools">
        <h2>{trans.__('Training curves')}</h2>
        <VersionBoxes {...props} />
        {box}
      </div>
      <FetchedView state={curves} trans={trans} onRetry={props.onRetry}>
        {value => (
          <Figures curves={value} isLogarithmic={isLogarithmic} trans={trans}>
            {trans.__(
              'The chosen versions have no series. Log them: run.log_metric("loss", 0.3, step=1).'
            )}
          </Figures>
        )}
      </FetchedView>
    </section>
  );
}

/** Chooses the versions that are laid over one another. */
function VersionBoxes(props: IMetricsProps): JSX.Element {
  const { versions, overlaid, trans } = props;
  return (
    <details className="jp-modelmgmt-Columns">
      <summary>{trans._n('%1 version', '%1 versions', overlaid.length)}</summary>
      <div
        className="jp-modelmgmt-Columns-list"
        role="group"
        aria-label={trans.__('Versions in the charts')}
      >
        {versions.map(({ version }) => (
          <Tick
            key={version}
            label={version}
            value={overlaid.includes(version)}
            onChange={isShown =>
              props.onOverlay(
                isShown ? [...overlaid, version] : overlaid.filter(one => one !== version)
              )
            }
          />
        ))}
      </div>
    </details>
  );
}
