import { Button } from '@jupyterlab/ui-components';
import React, { useEffect, useRef } from 'react';

import { type ILogsQuery } from '../../deploymentapi';
import { CommandIDs } from '../../commands/ids';
import { MOST_LINES } from '../../model/deploymentpage';
import { FetchedView } from '../states';
import { Tick } from '../tick';
import { type IDeploymentTabProps } from './pageprops';

const FEW_LINES = 200;

/** What the workers wrote: filtered, followed, downloaded. Source: P14. */
export function Logs(props: IDeploymentTabProps): JSX.Element {
  const { page, trans } = props;
  return (
    <section aria-label={trans.__('Logs')}>
      <LogTools {...props} />
      <FetchedView state={page.logs.state} trans={trans} onRetry={() => void page.logs.refresh()}>
        {({ text }) => <LogText {...props} text={text} />}
      </FetchedView>
    </section>
  );
}

function LogTools({ page, trans, run }: IDeploymentTabProps): JSX.Element {
  const { lines, replica, filter } = page.logQuery;
  const ask = (changes: ILogsQuery) => {
    page.logQuery = { ...page.logQuery, ...changes };
  };
  return (
    <div className="jp-modelmgmt-Tools">
      <input
        type="search"
        className="jp-mod-styled"
        aria-label={trans.__('Filter the logs')}
        placeholder={trans.__('Lines with this text')}
        value={filter}
        onChange={event => ask({ filter: event.target.value })}
      />
      <select
        className="jp-modelmgmt-Select"
        aria-label={trans.__('Lines')}
        value={lines}
        onChange={event => ask({ lines: Number(event.target.value) })}
      >
        {[FEW_LINES, MOST_LINES].map(count => (
          <option key={count} value={count}>
            {trans.__('last %1 lines', count)}
          </option>
        ))}
      </select>
      <select
        className="jp-modelmgmt-Select"
        aria-label={trans.__('Replica')}
        value={replica}
        onChange={event => ask({ replica: event.target.value })}
      >
        <option value="">{trans.__('all replicas')}</option>
        {(page.logs.value?.replicas ?? []).map(name => (
          <option key={name} value={name}>
            {trans.__('replica %1', name)}
          </option>
        ))}
      </select>
      <Tick
        label={trans.__('Follow')}
        value={page.follows}
        onChange={follows => {
          page.follows = follows;
        }}
      />
      <span className="jp-modelmgmt-Tools-end">
        <Button
          minimal
          small
          disabled={!page.logs.value?.replicas.length}
          onClick={() =>
            run(CommandIDs.downloadLogs, {
              deployment: page.name,
              ...(filter && { filter }),
              ...(replica && { replica })
            })
          }
        >
          {trans.__('Download')}
        </Button>
      </span>
    </div>
  );
}

/** The lines; while they are followed the last one stays in sight. */
function LogText(props: IDeploymentTabProps & { readonly text: string }): JSX.Element {
  const { page, text, trans } = props;
  const host = useRef<HTMLPreElement>(null);
  useEffect(() => {
    if (page.follows && host.current) {
      host.current.scrollTop = host.current.scrollHeight;
    }
  }, [text, page.follows]);
  if (!text) {
    return (
      <p className="jp-modelmgmt-muted">
        {page.logQuery.filter
          ? trans.__('No line has this text.')
          : trans.__('Nothing was written yet.')}
      </p>
    );
  }
  return (
    <pre
      ref={host}
      className="jp-modelmgmt-Logs jp-modelmgmt-LogPage"
      tabIndex={0}
      aria-label={trans.__('Logs of %1', page.name)}
    >
      {text}
    </pre>
  );
}
