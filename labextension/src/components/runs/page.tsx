import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { type IRun } from '../../types';
import { Figures } from '../figures';
import { useLogarithmic } from '../logarithmic';
import { useRedraw } from '../signal';
import { Empty, FetchedView } from '../states';
import { runStatusLabel } from '../words';
import { RunDetails } from './details';
import { type IRunsProps } from './props';
import { RunTable } from './table';

const EXAMPLE = 'with reg.run("train") as run:\n    run.log_metric("loss", 0.3, step=1)';

const STATUSES: readonly IRun['status'][] = ['running', 'finished', 'failed', 'killed'];

/** The runs as a table, one of them in detail, and the curves of those that are ticked. */
export function RunsContent(props: IRunsProps): JSX.Element {
  const { page, trans } = props;
  useRedraw(page.changed);
  const chosen = page.chosenRun.value;
  return (
    <div className="jp-modelmgmt-Runs">
      <h1>{trans.__('Runs')}</h1>
      <Filter {...props} />
      <FetchedView state={page.runs.state} trans={trans} onRetry={() => void page.refresh()}>
        {part =>
          part.items.length ? (
            <div className="jp-modelmgmt-Versions" data-alone={!chosen}>
              <div>
                <RunTable {...props} part={part} />
              </div>
              {chosen && <RunDetails {...props} of={chosen} />}
            </div>
          ) : (
            <NoRuns {...props} />
          )
        }
      </FetchedView>
      {page.picked.length > 0 && <Curves {...props} />}
    </div>
  );
}

function Filter({ page, trans }: IRunsProps): JSX.Element {
  const { name = '', status = '', tag = '' } = page.filter;
  return (
    <div className="jp-modelmgmt-Tools">
      <input
        type="search"
        className="jp-mod-styled"
        aria-label={trans.__('Filter runs by name')}
        placeholder={trans.__('Filter by name')}
        value={name}
        onChange={event => {
          page.filter = { ...page.filter, name: event.target.value };
        }}
      />
      <select
        className="jp-modelmgmt-Select"
        aria-label={trans.__('Status')}
        value={status}
        onChange={event => {
          page.filter = { ...page.filter, status: event.target.value };
        }}
      >
        <option value="">{trans.__('All runs')}</option>
        {STATUSES.map(one => (
          <option key={one} value={one}>
            {runStatusLabel(one, trans)}
          </option>
        ))}
      </select>
      {tag && (
        <Button
          minimal
          small
          aria-label={trans.__('Show runs without the tag %1 too', tag)}
          onClick={() => {
            page.filter = { ...page.filter, tag: '' };
          }}
        >
          {trans.__('tag: %1 ×', tag)}
        </Button>
      )}
    </div>
  );
}

function NoRuns({ page, trans }: IRunsProps): JSX.Element {
  if (Object.values(page.filter).some(text => text)) {
    return (
      <Empty title={trans.__('No run matches')}>
        <Button
          minimal
          small
          onClick={() => {
            page.filter = {};
          }}
        >
          {trans.__('Show all runs')}
        </Button>
      </Empty>
    );
  }
  return (
    <Empty title={trans.__('No runs yet')}>
      <p>{trans.__('Write %%model run NAME above a cell that trains, or in Python:')}</p>
      <pre className="jp-modelmgmt-Code" tabIndex={0}>
        {EXAMPLE}
      </pre>
    </Empty>
  );
}

function Curves({ page, trans }: IRunsProps): JSX.Element {
  const [isLogarithmic, box] = useLogarithmic(trans);
  return (
    <section className="jp-modelmgmt-Runs-curves" aria-label={trans.__('Curves')}>
      <div className="jp-modelmgmt-Tools">
        <h2>{trans.__('Curves')}</h2>
        {box}
        <Button
          minimal
          small
          onClick={() => {
            page.picked = [];
          }}
        >
          {trans.__('Clear')}
        </Button>
      </div>
      <FetchedView
        state={page.curves.state}
        trans={trans}
        onRetry={() => void page.curves.refresh()}
      >
        {curves => (
          <Figures curves={curves} isLogarithmic={isLogarithmic} trans={trans}>
            {trans.__(
              'The ticked runs have no series. Log them: run.log_metric("loss", 0.3, step=1).'
            )}
          </Figures>
        )}
      </FetchedView>
    </section>
  );
}
