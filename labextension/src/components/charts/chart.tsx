import * as Plot from '@observablehq/plot';
import React, { useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Colours that are told apart on light and on dark ground, and by people who do not see red or green. */
export const COLORS = [
  '#4269d0',
  '#efb118',
  '#ff725c',
  '#3ca951',
  '#a463f2',
  '#6cc5b0',
  '#ff8ab7',
  '#9c6b4e'
];

export const TIP = {
  fill: 'var(--jp-layout-color1)',
  stroke: 'var(--jp-border-color1)'
} as const;

/** A chart that fills the width it is given; `label` says in words what it shows. */
export function Chart(props: {
  readonly label: string;
  plot: (width: number) => Plot.PlotOptions;
}): JSX.Element {
  const { label, plot } = props;
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(([entry]) =>
      setWidth(Math.floor(entry!.contentRect.width))
    );
    observer.observe(host.current!);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (!width) {
      return;
    }
    const figure = Plot.plot({ ...plot(width), width, ariaLabel: label });
    // Plot names the parts of the drawing, which may have no names: they have no role.
    figure.querySelectorAll('g[aria-label]').forEach(part => part.removeAttribute('aria-label'));
    host.current!.replaceChildren(figure);
    return () => figure.remove();
  }, [label, plot, width]);
  return <div ref={host} className="jp-modelmgmt-Chart" role="figure" aria-label={label} />;
}
