import { type VisibilityState } from '@tanstack/react-table';

import { type IKeptTests, type IVersionSummary } from '../types';
import { type ITranslate, type Run } from './props';

export interface IVersionTableProps {
  readonly versions: readonly IVersionSummary[];
  readonly hasMore: boolean;
  /** Undefined while nobody knows them. */
  readonly tests?: IKeptTests;
  readonly chosen: string | null;
  readonly picked: readonly string[];
  readonly columns: VisibilityState;
  /** What the versions are sorted by, as a search says it; "" for the order they come in. */
  readonly sort: string;
  readonly trans: ITranslate;
  run: Run;
  onChoose: (version: string) => void;
  onPick: (versions: readonly string[]) => void;
  onColumns: (columns: VisibilityState) => void;
  onMenu: (version: IVersionSummary, x: number, y: number) => void;
  onMore: () => void;
  onSort: (sort: string) => void;
}
