import { type Fetched } from '../model/resource';
import { type IModelVersion, type IPreview } from '../types';
import { type RenderMarkdown } from './markdown';
import { type ITranslate, type Run } from './props';

export interface ICardProps {
  readonly version: IModelVersion;
  /** The program of the cells that made the version. */
  readonly source: Fetched<IPreview | null>;
  readonly trans: ITranslate;
  readonly renderMarkdown: RenderMarkdown | null;
  run: Run;
}
