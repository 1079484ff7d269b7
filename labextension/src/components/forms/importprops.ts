import {
  type IItems,
  type IMlflowModel,
  type IMlflowVersion,
  type IRun,
  type ITemplate
} from '../../types';
import { type IFormProps } from './form';
import { type IImportValues } from './importvalues';
import { type LatestOf } from './version';

/** What the pages can choose from. */
export interface IImportOffers {
  runs: () => Promise<IItems<IRun>>;
  templates: () => Promise<IItems<ITemplate>>;
  mlflowModels: (uri: string) => Promise<IItems<IMlflowModel>>;
  mlflowVersions: (model: string, uri: string) => Promise<IItems<IMlflowVersion>>;
}

export interface IImportFormProps extends IFormProps<IImportValues> {
  readonly offers: IImportOffers;
  readonly latestOf: LatestOf;
}
