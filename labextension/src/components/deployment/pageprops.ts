import { type DeploymentPage } from '../../model/deploymentpage';
import { type Remembered } from '../../model/remembered';
import { type IDeployment } from '../../types';
import { type ITranslate, type Run } from '../props';

export interface IDeploymentPageProps {
  readonly page: DeploymentPage;
  readonly remembered: Remembered;
  readonly trans: ITranslate;
  run: Run;
}

export type IDeploymentTabProps = IDeploymentPageProps & {
  readonly deployment: IDeployment;
};
