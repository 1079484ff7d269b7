import React, { type ChangeEvent, type FocusEvent } from 'react';

import { cellText, type CellValue } from '../cells';
import { faultIn, type IColumn } from '../requesttable';
import { type ITranslate } from './props';
import { faultText } from './requestwords';

/** One value of a request, to be written; what does not fit its column is told below it. */
export function RequestCell(props: {
  readonly row: number;
  readonly place: number;
  readonly column: IColumn;
  readonly value: CellValue;
  /** What is being typed here, if anything. */
  readonly draft: string | null;
  readonly noteId: string;
  readonly trans: ITranslate;
  onType: (text: string) => void;
  onLeave: () => void;
}): JSX.Element {
  const { row, place, column, value, draft, noteId, trans } = props;
  const fault = faultIn(column, value);
  const field = {
    'data-cell': `${row},${place}`,
    'aria-label': trans.__('%1, row %2', column.name, row + 1),
    'aria-invalid': fault !== null,
    'aria-describedby': fault ? noteId : undefined,
    value: draft ?? cellText(value),
    onChange: (event: ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
      props.onType(event.target.value)
  };
  return (
    <td data-kind={column.kind}>
      {column.kind === 'flag' ? (
        <select {...field}>
          {[...new Set(['true', 'false', field.value])].map(text => (
            <option key={text} value={text}>
              {text}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...field}
          type="text"
          inputMode={
            { number: 'decimal', whole: 'numeric', text: 'text', any: 'text' }[
              column.kind
            ] as 'text'
          }
          spellCheck={false}
          autoComplete="off"
          placeholder={column.kind === 'number' ? trans.__('missing') : undefined}
          onFocus={(event: FocusEvent<HTMLInputElement>) => event.target.select()}
          onBlur={props.onLeave}
        />
      )}
      {fault && (
        <span id={noteId} className="jp-modelmgmt-RequestTable-fault">
          {faultText(fault, column, trans)}
        </span>
      )}
    </td>
  );
}
