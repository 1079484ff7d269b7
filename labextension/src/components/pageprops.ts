import { type VisibilityState } from '@tanstack/react-table';

import { type ModelPage } from '../model/page';
import { type Remembered } from '../model/remembered';
import { type IVersionSummary } from '../types';
import { type RenderMarkdown } from './markdown';
import { type ITranslate, type Run } from './props';

export interface IPageProps {
  readonly page: ModelPage;
  readonly trans: ITranslate;
  readonly columns: IColumnMemory;
  readonly remembered: Remembered;
  readonly renderMarkdown: RenderMarkdown | null;
  run: Run;
  onMenu: (version: IVersionSummary, x: number, y: number) => void;
}

/** The columns that one has chosen to see, remembered per model. */
export interface IColumnMemory {
  read: (model: string) => VisibilityState;
  write: (model: string, columns: VisibilityState) => void;
}
