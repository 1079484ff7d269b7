import { type RegistryPage } from '../../model/registrypage';
import { type ITranslate, type Run } from '../props';

export interface IRegistryProps {
  readonly page: RegistryPage;
  readonly trans: ITranslate;
  run: Run;
}
