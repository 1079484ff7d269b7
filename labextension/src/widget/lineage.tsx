import '../../style/base.css';
import '../../style/charts.css';
import '../../style/widget.css';

import React from 'react';

import { Lineage } from '../components/lineage';
import { type ILineageGraph } from '../types';
import { type IWidgetModel, rendered, untranslated, useTrait } from './live';

function LineageWidget(props: { readonly model: IWidgetModel }): JSX.Element {
  const { model } = props;
  const [graph] = useTrait<Partial<ILineageGraph>>(model, 'graph');
  const [chosen, setChosen] = useTrait<string>(model, 'chosen');
  return graph.nodes?.length ? (
    <Lineage
      graph={graph as ILineageGraph}
      chosen={chosen}
      trans={untranslated}
      onChoose={setChosen}
    />
  ) : (
    <></>
  );
}

export default rendered(LineageWidget);
