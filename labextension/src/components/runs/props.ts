import { type RunsPage } from '../../model/runspage';
import { type IColumnMemory } from '../pageprops';
import { type ITranslate, type Run } from '../props';

export interface IRunsProps {
  readonly page: RunsPage;
  readonly columns: IColumnMemory;
  readonly trans: ITranslate;
  run: Run;
}
