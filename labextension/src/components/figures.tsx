import React, { lazy, type ReactNode, Suspense, useMemo } from 'react';

import { figuresOf, type INamedCurves } from '../curves';
import { type ITranslate } from './props';
import { Empty, Loading } from './states';

const CurveCharts = lazy(() => import('./charts/figures'));

/** A chart for each figure; `children` say what to do where there is none. */
export function Figures(props: {
  readonly curves: readonly INamedCurves[];
  readonly isLogarithmic: boolean;
  readonly trans: ITranslate;
  readonly children: ReactNode;
}): JSX.Element {
  const { isLogarithmic, trans } = props;
  const figures = useMemo(() => figuresOf(props.curves), [props.curves]);
  if (!figures.length) {
    return (
      <Empty title={trans.__('No curves')}>
        <p>{props.children}</p>
      </Empty>
    );
  }
  return (
    <Suspense fallback={<Loading trans={trans} />}>
      <CurveCharts {...{ figures, isLogarithmic, trans }} />
    </Suspense>
  );
}
