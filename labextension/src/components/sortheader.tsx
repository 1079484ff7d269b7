import { caretDownIcon, caretUpIcon } from '@jupyterlab/ui-components';
import { flexRender, type Header } from '@tanstack/react-table';
import React from 'react';

import { type ITranslate } from './props';

/** The head of a column, which sorts when it is clicked. */
export function SortHeader<T>(props: {
  readonly header: Header<T, unknown>;
  readonly isNumeric: boolean;
  /** False while the server has more rows and does not sort by this column. */
  readonly canSort: boolean;
  readonly trans: ITranslate;
}): JSX.Element {
  const { canSort, trans } = props;
  const { column, getContext } = props.header;
  const sorted = column.getIsSorted();
  const Icon = sorted === 'asc' ? caretUpIcon : caretDownIcon;
  return (
    <th
      scope="col"
      data-numeric={props.isNumeric}
      aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'}
    >
      <button
        type="button"
        disabled={!canSort}
        title={canSort ? undefined : trans.__('Sorts once all rows were read')}
        onClick={column.getToggleSortingHandler()}
      >
        {flexRender(column.columnDef.header, getContext())}
        {sorted && <Icon.react tag="span" />}
      </button>
    </th>
  );
}
