import * as Plot from '@observablehq/plot';
import React, { useCallback } from 'react';

import { type IFigure, type IMetricPoint } from '../../curves';
import { formatNumber } from '../../format';
import { Chart, COLORS, TIP } from './chart';

/** A score over versions. */
export function ScoreChart(props: {
  readonly name: string;
  readonly label: string;
  readonly points: readonly IMetricPoint[];
}): JSX.Element {
  const { name, label, points } = props;
  const plot = useCallback(
    () => ({
      height: 240,
      marginBottom: 40,
      marginLeft: 56,
      x: { type: 'point' as const, domain: points.map(point => point.version), label: null },
      y: { label: name, grid: true, nice: true },
      marks: [
        Plot.lineY(points, { x: 'version', y: 'value', stroke: COLORS[0], strokeWidth: 2 }),
        Plot.dot(points, { x: 'version', y: 'value', fill: COLORS[0], r: 4 }),
        Plot.tip(
          points,
          Plot.pointerX({
            x: 'version',
            y: 'value',
            title: (point: IMetricPoint) =>
              `${point.version} (${point.stage})\n${name} ${formatNumber(point.value)}`,
            ...TIP
          })
        )
      ]
    }),
    [name, points]
  );
  return <Chart label={label} plot={plot} />;
}

/** The curves of one figure, one line each. */
export function CurveChart(props: {
  readonly figure: IFigure;
  /** The lines of all charts beside it, so that a line has the same colour in each. */
  readonly all?: readonly string[];
  readonly label: string;
  readonly isLogarithmic?: boolean;
  /** For amounts: the axis begins at zero, and nothing at all is a line on its ground. */
  readonly isFromZero?: boolean;
}): JSX.Element {
  const { figure, all = figure.lines, label, isLogarithmic = false, isFromZero = false } = props;
  const plot = useCallback(
    () => ({
      height: 240,
      marginLeft: 56,
      x: { label: null, tickFormat: formatNumber },
      y: {
        // Of a logarithmic axis Plot leaves most labels out.
        ...(isLogarithmic ? {} : { tickFormat: formatNumber }),
        type: isLogarithmic ? ('log' as const) : ('linear' as const),
        label: null, // it stands above the chart
        grid: true,
        nice: true,
        zero: isFromZero,
        ...(isFromZero && figure.points.every(({ y }) => !y) ? { domain: [0, 1] } : {})
      },
      color: { domain: [...all], range: colorsFor(all.length) },
      marks: [
        Plot.lineY(figure.points, { x: 'x', y: 'y', z: 'line', stroke: 'line', strokeWidth: 1.5 }),
        // One point alone draws no line.
        Plot.dot(lonely(figure), { x: 'x', y: 'y', fill: 'line', r: 4 }),
        Plot.tip(
          figure.points,
          Plot.pointer({
            x: 'x',
            y: 'y',
            title: (point: IFigure['points'][number]) =>
              `${point.line}\nx ${formatNumber(point.x)}\n${figure.figure} ${formatNumber(point.y)}`,
            ...TIP
          })
        )
      ]
    }),
    [figure, all, isLogarithmic, isFromZero]
  );
  return <Chart label={label} plot={plot} />;
}

function lonely(figure: IFigure): IFigure['points'] {
  const counts = new Map<string, number>();
  for (const { line } of figure.points) {
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return figure.points.filter(point => counts.get(point.line) === 1);
}

export function colorsFor(count: number): string[] {
  return Array.from({ length: count }, (_, i) => COLORS[i % COLORS.length]!);
}

/** Which colour is whose, among `all` that have one. */
export function Legend(props: {
  readonly names: readonly string[];
  readonly all?: readonly string[];
}): JSX.Element {
  const { names, all = names } = props;
  const colors = colorsFor(all.length);
  return (
    <ul className="jp-modelmgmt-Legend">
      {names.map(name => (
        <li key={name}>
          <span style={{ background: colors[all.indexOf(name)] }} />
          {name}
        </li>
      ))}
    </ul>
  );
}
