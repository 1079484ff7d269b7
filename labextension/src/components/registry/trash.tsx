import { Button } from '@jupyterlab/ui-components';
import React from 'react';

import { CommandIDs } from '../../commands/ids';
import { formatSize } from '../../format';
import { type ITrashed } from '../../types';
import { Empty, FetchedView } from '../states';
import { RelativeTime } from '../versioncolumns';
import { type IRegistryProps } from './props';

/** What was deleted: it comes back, or goes for ever. */
export function Trash(props: IRegistryProps): JSX.Element {
  const { page, trans } = props;
  return (
    <section aria-label={trans.__('Trash')}>
      <FetchedView state={page.trash.state} trans={trans} onRetry={() => void page.refresh()}>
        {({ items, hasMore }) =>
          items.length ? (
            <>
              <TrashTable {...props} items={items} />
              {hasMore && (
                <Button minimal small onClick={() => void page.trash.more()}>
                  {trans.__('Show more')}
                </Button>
              )}
            </>
          ) : (
            <Empty title={trans.__('The trash is empty')}>
              <p>{trans.__('Deleted versions come here, and keep their numbers.')}</p>
            </Empty>
          )
        }
      </FetchedView>
    </section>
  );
}

function TrashTable(props: IRegistryProps & { readonly items: readonly ITrashed[] }): JSX.Element {
  const { items, trans, run } = props;
  return (
    <div className="jp-modelmgmt-scroll" tabIndex={0}>
      <table className="jp-modelmgmt-Table" aria-label={trans.__('Deleted versions')}>
        <thead>
          <tr>
            <th scope="col">{trans.__('Version')}</th>
            <th scope="col">{trans.__('Deleted')}</th>
            <th scope="col" data-numeric="true">
              {trans.__('Size')}
            </th>
            <td />
          </tr>
        </thead>
        <tbody>
          {items.map(({ model, version, deleted_at, size }) => {
            const selector = `${model}@${version}`;
            return (
              <tr key={selector} data-selector={selector}>
                <th scope="row">{selector}</th>
                <td>
                  <RelativeTime iso={deleted_at} />
                </td>
                <td data-numeric="true">{formatSize(size)}</td>
                <td>
                  <Button
                    minimal
                    small
                    aria-label={trans.__('Restore %1', selector)}
                    onClick={() => run(CommandIDs.restoreVersion, { model, version })}
                  >
                    {trans.__('Restore')}
                  </Button>
                  <Button
                    minimal
                    small
                    aria-label={trans.__('Delete %1 for ever', selector)}
                    onClick={() => run(CommandIDs.purgeVersion, { model, version })}
                  >
                    {trans.__('Delete for ever…')}
                  </Button>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
