import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../../commands/ids';
import { useUniqueId } from '../id';
import { Empty, FetchedView } from '../states';
import { type IDeploymentTabProps } from './pageprops';

/** How to ask a deployment from elsewhere. Source: P12. */
export function Example(props: IDeploymentTabProps): JSX.Element {
  const { page, deployment, trans, run } = props;
  if (deployment.state !== 'Deployed') {
    return <Empty title={trans.__('It answers when it is deployed')} />;
  }
  return (
    <FetchedView
      state={page.example.state}
      trans={trans}
      onRetry={() => void page.example.refresh()}
    >
      {({ curl, python }) => (
        <>
          {deployment.private && <AsClient {...props} />}
          {[
            [trans.__('In a terminal'), curl] as const,
            [trans.__('In Python'), python] as const
          ].map(([title, text]) => (
            <section key={title} aria-label={title}>
              <div className="jp-modelmgmt-Tools">
                <h2>{title}</h2>
                <Button minimal small onClick={() => run(CommandIDs.copyText, { text })}>
                  {trans.__('Copy')}
                </Button>
              </div>
              <pre className="jp-modelmgmt-Code" tabIndex={0}>
                {text}
              </pre>
            </section>
          ))}
        </>
      )}
    </FetchedView>
  );
}

/** For whom the example is. */
function AsClient({ page, trans }: IDeploymentTabProps): JSX.Element {
  const id = useUniqueId();
  return (
    <div className="jp-modelmgmt-Tools">
      <label htmlFor={id}>{trans.__('Asked by')}</label>
      <select
        id={id}
        className="jp-modelmgmt-Select"
        value={page.client ?? ''}
        onChange={event => {
          page.client = event.target.value || undefined;
        }}
      >
        <option value="">{trans.__('you')}</option>
        {(page.clients.value ?? []).map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      {page.client !== undefined && (
        <span className="jp-modelmgmt-muted">
          {trans.__('Put the token in the place of TOKEN.')}
        </span>
      )}
    </div>
  );
}
