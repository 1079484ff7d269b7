import React from 'react';

import { answerDifferences } from '../differences';
import { formatDelta, formatValue } from '../format';
import { type Outcome, saidOf } from '../model/trial';
import { type ITranslate } from './props';

/** Where several answers differ, the greatest difference first (N4). */
export function AnswerDifferences(props: {
  readonly answers: readonly { readonly name: string; readonly outcome: Outcome }[];
  readonly trans: ITranslate;
}): JSX.Element | null {
  const { answers, trans } = props;
  const given = answers.flatMap(({ name, outcome }) => {
    const said = saidOf(outcome);
    return said ? { name, said } : [];
  });
  const rows = answerDifferences(given.map(({ said }) => said));
  if (!rows.length) {
    return null;
  }
  return (
    <div className="jp-modelmgmt-AnswerDifferences" tabIndex={0}>
      <table className="jp-modelmgmt-Table">
        <caption>{trans.__('Where they differ most')}</caption>
        <thead>
          <tr>
            <td />
            {given.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            <th scope="col">{trans.__('Difference')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, values, spread }, row) => (
            <tr key={row} data-difference={name}>
              <th scope="row">{name}</th>
              {values.map((value, place) => (
                <td key={place} title={String(value ?? '')}>
                  {formatValue(value)}
                </td>
              ))}
              <td>{spread === null ? '≠' : formatDelta(spread).replace('+', '')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
