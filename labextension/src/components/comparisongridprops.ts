import { type GridLine, type IGridSort } from '../grid';
import { type IComparisonTable } from '../types';
import { type ITranslate } from './props';

export interface IGridProps {
  readonly table: IComparisonTable;
  readonly base: number;
  readonly lines: readonly GridLine[];
  /** The positions of the versions that are shown, the base first. */
  readonly order: readonly number[];
  readonly sort: IGridSort | null;
  readonly selected: ReadonlySet<string>;
  readonly trans: ITranslate;
  onSort: (sort: IGridSort | null) => void;
  onFold: (group: string) => void;
  /** Whether hiding takes a version out for good, the base too. */
  readonly isRemoved: boolean;
  onHide: (position: number) => void;
  onSelect?: (selector: string) => void;
}

/** What of the columns is drawn: those in sight, between gaps as wide as those that are not. */
export interface IDrawn {
  readonly columns: readonly number[];
  readonly before: number;
  readonly behind: number;
  readonly name: number;
  readonly total: number;
  widthOf: (position: number) => number;
  onWidth: (column: number, width: number) => void;
}

/** Where the width of the column of names is kept, beside those of versions by their position. */
export const NAMES = -1;
