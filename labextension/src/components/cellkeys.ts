import { type KeyboardEvent, type RefObject, useCallback } from 'react';

type Step = readonly [down: number, right: number];

const STEPS: Readonly<Record<string, Step>> = {
  Enter: [1, 0],
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1]
};

/** Moves between cells that say their place in `data-cell`: Enter goes down, arrows where nothing is left to walk through. */
export function useCellKeys(grid: RefObject<HTMLElement>): {
  /** Gives a cell the focus; tells whether there is such a one. */
  focus: (row: number, place: number) => boolean;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
} {
  const focus = useCallback(
    (row: number, place: number) => {
      const cell = grid.current?.querySelector<HTMLElement>(`[data-cell="${row},${place}"]`);
      cell?.focus();
      return cell !== null && cell !== undefined;
    },
    [grid]
  );
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const cell = event.target as HTMLInputElement | HTMLSelectElement;
    const step = cell.dataset.cell ? stepOf(event, cell) : null;
    if (!step) {
      return;
    }
    const [row, place] = cell.dataset.cell!.split(',').map(Number) as [number, number];
    if (focus(row + step[0], place + step[1]) || event.key === 'Enter') {
      event.preventDefault();
    }
  };
  return { focus, onKeyDown };
}

/** Where a key leads; null where it is for the cell itself. */
function stepOf(event: KeyboardEvent, cell: HTMLInputElement | HTMLSelectElement): Step | null {
  const step = STEPS[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || event.nativeEvent.isComposing) {
    return null;
  }
  if (event.key === 'Enter') {
    return event.shiftKey ? [-1, 0] : step;
  }
  return event.shiftKey || !isAtEnd(cell, step) ? null : step;
}

/** Whether nothing is left to walk through in a cell: what is selected as a whole is left at once. */
function isAtEnd(cell: HTMLInputElement | HTMLSelectElement, [down, right]: Step): boolean {
  if (cell instanceof HTMLSelectElement) {
    // Up and down choose.
    return right !== 0;
  }
  const { selectionStart: from, selectionEnd: to, value } = cell;
  if (down || (from === 0 && to === value.length)) {
    return true;
  }
  return from === to && from === (right < 0 ? 0 : value.length);
}
