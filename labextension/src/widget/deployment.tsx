import '../../style/base.css';
import '../../style/page.css';
import '../../style/widget.css';

import React, { useState } from 'react';

import { CommandIDs } from '../commands/ids';
import { DeploymentList } from '../components/deployments';
import { type Run } from '../components/props';
import { type IDeployment } from '../types';
import { type IWidgetModel, rendered, untranslated, useTrait } from './live';

/** The verbs of the kernel behind the buttons; what leads elsewhere is not here. */
const VERBS: Readonly<Record<string, string>> = {
  [CommandIDs.startDeployment]: 'start',
  [CommandIDs.stopDeployment]: 'stop'
};

function DeploymentWidget(props: { readonly model: IWidgetModel }): JSX.Element {
  const { model } = props;
  const [deployment] = useTrait<Partial<IDeployment>>(model, 'deployment');
  const [logs] = useTrait<string>(model, 'logs');
  const [logsOf, setLogsOf] = useState<string | null>(null);
  const run: Run = command => {
    const verb = VERBS[command];
    if (verb) {
      model.send({ verb });
    }
  };
  return (
    <DeploymentList
      deployments={deployment.name ? [deployment as IDeployment] : []}
      logsOf={logsOf}
      logs={{ kind: 'ready', value: logs }}
      trans={untranslated}
      run={run}
      onLogs={name => {
        setLogsOf(name);
        model.send({ verb: 'logs' });
      }}
    />
  );
}

export default rendered(DeploymentWidget);
