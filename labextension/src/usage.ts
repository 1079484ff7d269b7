import { type IFigure, type IPoint } from './curves';
import { type IDeploymentMetrics, type IVersionMetrics } from './types';

/** What a deployment did up to a moment. */
export interface ISample {
  /** Milliseconds on the browser's clock. */
  readonly at: number;
  readonly metrics: IDeploymentMetrics;
}

type Read = (now: IVersionMetrics, before: IVersionMetrics | undefined, s: number) => number | null;

export type UsageFigure = 'requests' | 'time' | 'cpu' | 'memory';

/** What is drawn: a figure, and its lines, each read from one sample and the one before. */
const FIGURES: Readonly<Record<UsageFigure, Readonly<Record<string, Read>>>> = {
  requests: {
    calls: (now, before, s) => rate(now.calls, before?.calls, s),
    failures: (now, before, s) => rate(now.failures, before?.failures, s)
  },
  time: { p50: now => now.p50_ms, p99: now => now.p99_ms },
  cpu: { '': now => now.cpu_percent },
  memory: { '': now => now.memory_bytes / 1e6 }
};

/** Live charts by their titles: `x` are seconds before the last sample. */
export function usageFigures(
  samples: readonly ISample[],
  titles: Readonly<Record<UsageFigure, string>>
): IFigure[] {
  return Object.entries(FIGURES).map(([name, lines]) => {
    const figure = titles[name as UsageFigure];
    const points = Object.entries(lines).flatMap(([line, read]) => pointsOf(samples, line, read));
    return { figure, points, lines: [...new Set(points.map(point => point.line))] };
  });
}

function pointsOf(samples: readonly ISample[], line: string, read: Read): IPoint[] {
  const last = samples.at(-1)?.at ?? 0;
  return samples.flatMap(({ at, metrics }, position) => {
    const earlier = samples[position - 1];
    return metrics.versions.flatMap(now => {
      const before = earlier?.metrics.versions.find(({ version }) => version === now.version);
      const y = read(now, before, (at - (earlier?.at ?? at)) / 1000);
      const name = line ? `${now.version} ${line}` : now.version;
      return y === null ? [] : [{ line: name, x: (at - last) / 1000, y }];
    });
  });
}

/** Per second; null where there is nothing before, and where a new host counts from zero again. */
function rate(now: number, before: number | undefined, s: number): number | null {
  return before === undefined || before > now || s <= 0 ? null : (now - before) / s;
}
