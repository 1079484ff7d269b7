import { type Column, type VisibilityState } from '@tanstack/react-table';
import React from 'react';

import { type ITranslate } from './props';
import { Tick } from './tick';

/** A list of check boxes, one for each column that may be hidden. */
export function ColumnChooser<T>(props: {
  readonly columns: readonly Column<T>[];
  readonly visibility: VisibilityState;
  readonly trans: ITranslate;
  onChange: (visibility: VisibilityState) => void;
}): JSX.Element {
  const { columns, visibility, trans } = props;
  return (
    <details
      className="jp-modelmgmt-Columns"
      onBlur={event => {
        if (!event.currentTarget.contains(event.relatedTarget)) {
          event.currentTarget.open = false;
        }
      }}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.currentTarget.open = false;
        }
      }}
    >
      <summary>{trans.__('Columns')}</summary>
      <div className="jp-modelmgmt-Columns-list" role="group" aria-label={trans.__('Columns')}>
        {columns.map(column => (
          <Tick
            key={column.id}
            label={String(column.columnDef.header)}
            value={column.getIsVisible()}
            onChange={isShown => props.onChange({ ...visibility, [column.id]: isShown })}
          />
        ))}
      </div>
    </details>
  );
}
