import * as Plot from '@observablehq/plot';
import React, { useCallback, useMemo, useState } from 'react';

import { type IScorePlace, scorePlaces, scoreRows } from '../../comparison';
import { formatNumber } from '../../format';
import { type IComparisonTable } from '../../types';
import { useUniqueId } from '../id';
import { type ITranslate } from '../props';
import { Chart, TIP } from './chart';
import { colorsFor, Legend } from './metrics';

/** Names of scores narrower than this stand beside one another. */
const NAME_WIDTH = 150;

/** A name around the radar begins or ends at its spoke, by the side of the middle it is on. */
const ANCHORS = [
  [-1, 'end'],
  [0, 'middle'],
  [1, 'start']
] as const;

interface IChartProps {
  readonly table: IComparisonTable;
  readonly trans: ITranslate;
}

/** The scores of compared versions in three pictures; outwards and upwards is better. */
export default function CompareCharts(props: IChartProps): JSX.Element {
  const { table, trans } = props;
  return (
    <section className="jp-modelmgmt-Metrics" aria-label={trans.__('Charts')}>
      <div className="jp-modelmgmt-Tools">
        <h2>{trans.__('Charts')}</h2>
        <Legend names={table.versions} />
      </div>
      <div className="jp-modelmgmt-Figures">
        <Parallel {...props} />
        <Scatter {...props} />
        {scoreRows(table).length > 2 && <Radar {...props} />}
      </div>
    </section>
  );
}

function Parallel({ table, trans }: IChartProps): JSX.Element {
  const places = useMemo(() => scorePlaces(table), [table]);
  const count = scoreRows(table).length;
  const plot = useCallback(
    (width: number) => ({
      height: 260,
      ...(width / count < NAME_WIDTH ? { marginLeft: 90, marginBottom: 90 } : { marginLeft: 20 }),
      marginRight: 40,
      x: {
        type: 'point' as const,
        label: null,
        tickRotate: width / count < NAME_WIDTH ? -30 : 0
      },
      y: { axis: null, domain: [0, 1] },
      color: colorScale(table),
      marks: [
        Plot.ruleX(places, { x: 'name', stroke: 'currentColor', strokeOpacity: 0.25 }),
        Plot.lineY(places, {
          x: 'name',
          y: 'share',
          z: 'version',
          stroke: 'version',
          strokeWidth: 2
        }),
        Plot.dot(places, { x: 'name', y: 'share', fill: 'version', r: 4 }),
        Plot.tip(places, Plot.pointer({ x: 'name', y: 'share', title: told, ...TIP }))
      ]
    }),
    [count, places, table]
  );
  return (
    <section className="jp-modelmgmt-Figures-wide" aria-label={trans.__('Parallel coordinates')}>
      <h3>{trans.__('Parallel coordinates')}</h3>
      <Chart label={trans.__('Parallel coordinates of all scores')} plot={plot} />
    </section>
  );
}

function Scatter({ table, trans }: IChartProps): JSX.Element {
  const names = scoreRows(table).map(row => row.name);
  const [axes, setAxes] = useState<readonly [string, string]>([names[0]!, names[1]!]);
  const [x, y] = axes.every(name => names.includes(name)) ? axes : [names[0]!, names[1]!];
  const plot = useCallback(
    () => ({
      height: 260,
      marginLeft: 56,
      inset: 12,
      x: { label: x, grid: true, nice: true },
      y: { label: y, grid: true, nice: true },
      color: colorScale(table),
      marks: scatterMarks(table, x, y)
    }),
    [table, x, y]
  );
  return (
    <section aria-label={trans.__('Scatter')}>
      <h3>{trans.__('Scatter')}</h3>
      <div className="jp-modelmgmt-Tools">
        <Axis label={trans.__('x')} names={names} value={x} onChange={name => setAxes([name, y])} />
        <Axis label={trans.__('y')} names={names} value={y} onChange={name => setAxes([x, name])} />
      </div>
      <Chart label={trans.__('%1 against %2', y, x)} plot={plot} />
    </section>
  );
}

function scatterMarks(table: IComparisonTable, x: string, y: string): Plot.Markish[] {
  const valuesOf = (name: string) => scoreRows(table).find(row => row.name === name)!.values;
  const [xs, ys] = [valuesOf(x), valuesOf(y)];
  const points = table.versions
    .map((version, position) => ({ version, x: xs[position], y: ys[position] }))
    .filter(point => typeof point.x === 'number' && typeof point.y === 'number');
  const title = (point: { version: string; x: number; y: number }) =>
    `${point.version}\n${x} ${formatNumber(point.x)}\n${y} ${formatNumber(point.y)}`;
  return [
    Plot.dot(points, { x: 'x', y: 'y', fill: 'version', r: 6 }),
    Plot.tip(points, Plot.pointer({ x: 'x', y: 'y', title, ...TIP } as Plot.TipOptions))
  ];
}

function Axis(props: {
  readonly label: string;
  readonly names: readonly string[];
  readonly value: string;
  onChange: (name: string) => void;
}): JSX.Element {
  const id = useUniqueId();
  return (
    <span className="jp-modelmgmt-Tools-pair">
      <label htmlFor={id}>{props.label}</label>
      <select
        id={id}
        className="jp-modelmgmt-Select"
        value={props.value}
        onChange={event => props.onChange(event.target.value)}
      >
        {props.names.map(name => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </span>
  );
}

function Radar({ table, trans }: IChartProps): JSX.Element {
  const spokes = useMemo(() => spokesOf(table), [table]);
  const plot = useCallback(
    (width: number) => ({
      height: 260,
      margin: 20,
      // Equal units on both axes: a circle stays one.
      x: { axis: null, domain: [-1.2 * (width / 260), 1.2 * (width / 260)] },
      y: { axis: null, domain: [-1.2, 1.2] },
      color: colorScale(table),
      marks: [
        ...[0.5, 1].map(radius => ring(spokes.names.length, radius)),
        ...ANCHORS.map(([side, textAnchor]) =>
          Plot.text(
            spokes.heads.filter(({ x }) => Math.sign(Math.round(5 * x)) === side),
            { x: 'x', y: 'y', text: 'name', fill: 'currentColor', textAnchor }
          )
        ),
        Plot.line(spokes.points, {
          x: 'x',
          y: 'y',
          z: 'version',
          stroke: 'version',
          strokeWidth: 2,
          curve: 'linear-closed'
        }),
        Plot.dot(spokes.points, { x: 'x', y: 'y', fill: 'version', r: 3 }),
        Plot.tip(spokes.points, Plot.pointer({ x: 'x', y: 'y', title: told, ...TIP }))
      ]
    }),
    [spokes, table]
  );
  return (
    <section aria-label={trans.__('Radar')}>
      <h3>{trans.__('Radar')}</h3>
      <Chart label={trans.__('Radar of all scores')} plot={plot} />
    </section>
  );
}

interface IPolar {
  readonly x: number;
  readonly y: number;
}

function polar(position: number, count: number, radius: number): IPolar {
  const angle = (2 * Math.PI * position) / count;
  return { x: radius * Math.sin(angle), y: radius * Math.cos(angle) };
}

function ring(count: number, radius: number): Plot.Line {
  const corners = Array.from({ length: count }, (_, i) => polar(i, count, radius));
  return Plot.line(corners, {
    x: 'x',
    y: 'y',
    stroke: 'currentColor',
    strokeOpacity: 0.25,
    curve: 'linear-closed'
  });
}

function spokesOf(table: IComparisonTable) {
  const names = scoreRows(table).map(row => row.name);
  const points = scorePlaces(table).map(place => ({
    ...place,
    // The worst is not the centre: there all lines would fall into one.
    ...polar(names.indexOf(place.name), names.length, 0.2 + 0.8 * place.share)
  }));
  const heads = names.map((name, position) => ({ name, ...polar(position, names.length, 1.12) }));
  return { names, points, heads };
}

function colorScale(table: IComparisonTable) {
  return { domain: [...table.versions], range: colorsFor(table.versions.length) };
}

function told(place: IScorePlace): string {
  return `${place.version}\n${place.name} ${formatNumber(place.value)}`;
}
