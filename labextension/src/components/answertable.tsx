import React from 'react';

import { type IAnswerColumn } from '../answerrows';
import { type ITranslate } from './props';

/** More rows are not drawn; the JSON has all. */
const DRAWN_ROWS = 200;

/** What a version says of each row that it was asked about. */
export function AnswerTable(props: {
  readonly columns: readonly IAnswerColumn[];
  readonly trans: ITranslate;
}): JSX.Element {
  const { columns, trans } = props;
  const count = columns[0]?.values.length ?? 0;
  return (
    <>
      <div className="jp-modelmgmt-AnswerTable" tabIndex={0}>
        <table aria-label={trans.__('Answers by row')}>
          <thead>
            <tr>
              <th scope="col">{trans.__('Row')}</th>
              {columns.map(({ name, isNumeric }) => (
                <th key={name} scope="col" data-numeric={isNumeric}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {Array.from({ length: Math.min(count, DRAWN_ROWS) }, (_, row) => (
              <tr key={row}>
                <th scope="row">{row + 1}</th>
                {columns.map(({ name, isNumeric, values }) => (
                  <td key={name} data-numeric={isNumeric}>
                    {values[row]}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {count > DRAWN_ROWS && (
        <p className="jp-modelmgmt-muted">
          {trans.__('The first %1 of %2 rows.', DRAWN_ROWS, count)}
        </p>
      )}
    </>
  );
}
