import React from 'react';

import { diffRows, kindOf } from '../diff';
import { type ITranslate } from './props';

/** The cells of two versions side by side (N6). */
export function CellsDiff(props: {
  readonly names: readonly [before: string, after: string];
  readonly texts: readonly [before: string, after: string];
  readonly trans: ITranslate;
}): JSX.Element {
  const { names, texts, trans } = props;
  const rows = diffRows(...texts);
  const changed = rows.filter(row => kindOf(row) !== 'same').length;
  return (
    <section aria-label={trans.__('Cells of %1 and %2', ...names)}>
      <div className="jp-modelmgmt-scroll" tabIndex={0}>
        <table className="jp-modelmgmt-Diff">
          <colgroup>
            <col className="jp-modelmgmt-Diff-signs" />
            <col />
            <col className="jp-modelmgmt-Diff-signs" />
            <col />
          </colgroup>
          <thead>
            <tr>
              {names.map(name => (
                <th key={name} scope="col" colSpan={2}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, position) => (
              <tr key={position} data-kind={kindOf(row)}>
                <Side text={row.before} sign="−" isMarked={row.before !== row.after} />
                <Side text={row.after} sign="+" isMarked={row.before !== row.after} />
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="jp-modelmgmt-muted" role="status">
        {changed
          ? trans._n('%1 line differs', '%1 lines differ', changed)
          : trans.__('The cells are the same.')}
      </p>
    </section>
  );
}

function Side(props: {
  readonly text: string | null;
  readonly sign: string;
  readonly isMarked: boolean;
}): JSX.Element {
  const { text, sign, isMarked } = props;
  return (
    <>
      <td className="jp-modelmgmt-Diff-sign">{isMarked && text !== null ? sign : ''}</td>
      <td className="jp-modelmgmt-Diff-line" data-empty={text === null}>
        {text}
      </td>
    </>
  );
}
