import React, { useState } from 'react';

import { type ITranslate } from './props';
import { Tick } from './tick';

/** Whether the axis of values is logarithmic, and the box that says so. */
export function useLogarithmic(trans: ITranslate): readonly [boolean, JSX.Element] {
  const [isLogarithmic, setIsLogarithmic] = useState(false);
  const box = (
    <Tick label={trans.__('Logarithmic')} value={isLogarithmic} onChange={setIsLogarithmic} />
  );
  return [isLogarithmic, box];
}
