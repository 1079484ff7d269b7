import { Button } from '@jupyterlab/ui-components';
import React, { type ClipboardEvent, useEffect, useRef, useState } from 'react';

import { pastedAt } from '../pasting';
import {
  type IColumn,
  type IRequestTable,
  withBlock,
  withCell,
  withoutRow,
  withRow
} from '../requesttable';
import { useCellKeys } from './cellkeys';
import { useUniqueId } from './id';
import { type ITranslate } from './props';
import { RequestCell } from './requestcell';
import { kindText, pastedText } from './requestwords';

interface IGridProps {
  readonly table: IRequestTable;
  readonly trans: ITranslate;
  onChange: (table: IRequestTable) => void;
}

/** A cell and what is being typed there, which need not be a number yet: "1." or "-". */
interface IDraft {
  readonly row: number;
  readonly place: number;
  readonly text: string;
}

/** A request as cells: typed, pasted from a spreadsheet, walked with keys. */
export function RequestGrid(props: IGridProps): JSX.Element {
  const { table, trans, onChange } = props;
  const [draft, setDraft] = useState<IDraft | null>(null);
  const [told, setTold] = useState('');
  const grid = useRef<HTMLTableElement>(null);
  const { focus, onKeyDown } = useCellKeys(grid);
  // A row that has just been made, or taken away under the focus, is there only when it is drawn.
  const [wanted, setWanted] = useState<number | null>(null);
  useEffect(() => {
    if (wanted !== null) {
      focus(wanted, 0);
      setWanted(null);
    }
  }, [wanted, focus]);
  const change = (changed: IRequestTable, row: number | null = null) => {
    setDraft(null);
    setTold('');
    setWanted(row);
    onChange(changed);
  };
  const onPaste = (event: ClipboardEvent<HTMLElement>) => {
    const cell = placeOf(event.target);
    const pasted = cell && pastedAt(event.clipboardData.getData('text/plain'), table, ...cell);
    if (cell && pasted) {
      event.preventDefault();
      change(withBlock(table, cell[0], pasted.column, pasted.block));
      setTold(pastedText(pasted, trans));
    }
  };
  return (
    <>
      <div className="jp-modelmgmt-RequestTable" onKeyDown={onKeyDown} onPaste={onPaste}>
        <table ref={grid} aria-label={trans.__('Request')}>
          <Head columns={table.columns} trans={trans} />
          <tbody>
            {table.rows.map((_, row) => (
              <Row
                key={row}
                {...props}
                row={row}
                draft={draft?.row === row ? draft : null}
                onType={(place, text) => {
                  setTold('');
                  setDraft({ row, place, text });
                  onChange(withCell(table, row, place, text));
                }}
                onLeave={() => setDraft(null)}
                onRemove={() =>
                  change(withoutRow(table, row), Math.min(row, table.rows.length - 2))
                }
              />
            ))}
          </tbody>
        </table>
      </div>
      <div className="jp-modelmgmt-Tools">
        {table.isFree && (
          <Button
            className="jp-mod-styled"
            title={trans.__('Adds the last row once more')}
            onClick={() => change(withRow(table), table.rows.length)}
          >
            {trans.__('Add row')}
          </Button>
        )}
        <span className="jp-modelmgmt-muted" role="status">
          {told || trans.__('Cells can be pasted from a spreadsheet.')}
        </span>
      </div>
    </>
  );
}

function Head(props: {
  readonly columns: readonly IColumn[];
  readonly trans: ITranslate;
}): JSX.Element {
  const { columns, trans } = props;
  return (
    <thead>
      <tr>
        <th scope="col">{trans.__('Row')}</th>
        {columns.map(({ name, datatype, kind }, place) => (
          <th key={place} scope="col" title={`${name}: ${datatype}`}>
            {name}
            <span className="jp-modelmgmt-RequestTable-kind">{kindText(kind, trans)}</span>
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Row(
  props: IGridProps & {
    readonly row: number;
    readonly draft: IDraft | null;
    onType: (place: number, text: string) => void;
    onLeave: () => void;
    onRemove: () => void;
  }
): JSX.Element {
  const { table, row, draft, trans } = props;
  const id = useUniqueId();
  return (
    <tr>
      <th scope="row">
        {row + 1}
        {table.isFree && table.rows.length > 1 && (
          <button
            type="button"
            className="jp-modelmgmt-RequestTable-remove"
            aria-label={trans.__('Remove row %1', row + 1)}
            title={trans.__('Remove row %1', row + 1)}
            onClick={props.onRemove}
          >
            ×
          </button>
        )}
      </th>
      {table.rows[row]!.map((value, place) => (
        <RequestCell
          key={place}
          row={row}
          place={place}
          column={table.columns[place]!}
          value={value}
          draft={draft?.place === place ? draft.text : null}
          noteId={`${id}-${place}`}
          trans={trans}
          onType={text => props.onType(place, text)}
          onLeave={props.onLeave}
        />
      ))}
    </tr>
  );
}

/** The row and the column of the cell that an event is of. */
function placeOf(target: EventTarget): [number, number] | null {
  const cell = target instanceof HTMLElement ? target.dataset.cell : undefined;
  return cell ? (cell.split(',').map(Number) as [number, number]) : null;
}
