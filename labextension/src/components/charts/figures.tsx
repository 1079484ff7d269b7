import React, { useMemo } from 'react';

import { type IFigure } from '../../curves';
import { type ITranslate } from '../props';
import { CurveChart, Legend } from './metrics';

/** A chart for each figure under its name. */
export default function CurveCharts(props: {
  readonly figures: readonly IFigure[];
  readonly isLogarithmic: boolean;
  readonly trans: ITranslate;
}): JSX.Element {
  const { figures, isLogarithmic, trans } = props;
  const all = useMemo(() => [...new Set(figures.flatMap(({ lines }) => lines))], [figures]);
  return (
    <div className="jp-modelmgmt-Figures">
      {figures.map(figure => (
        <section key={figure.figure} aria-label={figure.figure}>
          <h3>{figure.figure}</h3>
          <Legend names={figure.lines} all={all} />
          <CurveChart
            figure={figure}
            all={all}
            label={trans.__('%1 of %2', figure.figure, figure.lines.join(', '))}
            isLogarithmic={isLogarithmic}
          />
        </section>
      ))}
    </div>
  );
}
