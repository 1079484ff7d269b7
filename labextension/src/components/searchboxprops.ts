import { type ISearchWords } from '../model/completion';
import { type IQuery } from '../model/query';
import { type ITranslate } from './props';

export interface ISearchBoxProps {
  readonly query: IQuery;
  /** Why the server did not search; empty when it did. */
  readonly error: string;
  readonly words: ISearchWords;
  readonly trans: ITranslate;
  onChange: (changes: Partial<IQuery>) => void;
}
