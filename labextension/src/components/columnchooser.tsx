import { type Column, type VisibilityState } from '@tanstack/react-table';
import React from 'react';

import { groupOf } from './factcolumns';
import { type ITranslate } from './props';
import { Tick } from './tick';

interface IChooserProps<T> {
  /** The columns that may be hidden. */
  readonly columns: readonly Column<T>[];
  readonly visibility: VisibilityState;
  readonly trans: ITranslate;
  onChange: (visibility: VisibilityState) => void;
}

/** Boxes to tick, one for each column, in groups that are ticked as a whole (P3). */
export function ColumnChooser<T>(props: IChooserProps<T>): JSX.Element {
  const { columns, trans } = props;
  const groups = new Set(columns.map(({ id }) => groupOf(id, trans)));
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
        {[...groups].map(group => (
          <Group
            key={group}
            {...props}
            title={group}
            columns={columns.filter(({ id }) => groupOf(id, trans) === group)}
          />
        ))}
      </div>
    </details>
  );
}

function Group<T>(props: IChooserProps<T> & { readonly title: string }): JSX.Element {
  const { columns, visibility, title, onChange } = props;
  const show = (chosen: readonly Column<T>[], isShown: boolean) =>
    onChange({ ...visibility, ...Object.fromEntries(chosen.map(({ id }) => [id, isShown])) });
  const boxes = columns.map(column => (
    <Tick
      key={column.id}
      label={String(column.columnDef.header)}
      value={column.getIsVisible()}
      onChange={isShown => show([column], isShown)}
    />
  ));
  if (!title) {
    return <>{boxes}</>;
  }
  const shown = columns.filter(column => column.getIsVisible()).length;
  return (
    <fieldset>
      <legend>
        <Tick
          label={title}
          value={shown === columns.length}
          isPartly={shown > 0 && shown < columns.length}
          onChange={isShown => show(columns, isShown)}
        />
      </legend>
      {boxes}
    </fieldset>
  );
}
