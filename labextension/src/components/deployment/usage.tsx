import React from 'react';

import { type IFigure } from '../../curves';
import { formatNumber, formatShare, formatSize } from '../../format';
import { type IDeploymentMetrics, type IVersionMetrics } from '../../types';
import { usageFigures } from '../../usage';
import { CurveChart, Legend } from '../charts/metrics';
import { type ITranslate } from '../props';
import { FetchedView } from '../states';
import { type IDeploymentTabProps } from './pageprops';

/** Calls, failures, times and what is used, by version, live while one looks. Source: M26. */
export default function Usage({ page, trans }: IDeploymentTabProps): JSX.Element {
  return (
    <FetchedView
      state={page.metrics.state}
      trans={trans}
      onRetry={() => void page.metrics.refresh()}
    >
      {metrics => (
        <div className="jp-modelmgmt-Metrics">
          <Totals metrics={metrics} trans={trans} />
          <section aria-label={trans.__('Now')}>
            <div className="jp-modelmgmt-Tools">
              <h2>{trans.__('Now')}</h2>
              <span className="jp-modelmgmt-muted">
                {trans.__('since this tab was opened, in seconds before now')}
              </span>
            </div>
            <Figures {...{ page, trans }} />
          </section>
        </div>
      )}
    </FetchedView>
  );
}

const SHORTEST_S = 0.5;

function Figures({ page, trans }: Pick<IDeploymentTabProps, 'page' | 'trans'>): JSX.Element {
  const titles = {
    requests: trans.__('Requests per second'),
    time: trans.__('Answer time (ms)'),
    cpu: trans.__('CPU (%)'),
    memory: trans.__('Memory (MB)')
  };
  return (
    <div className="jp-modelmgmt-Figures">
      {usageFigures(page.samples, titles).map(figure => (
        <section key={figure.figure} aria-label={figure.figure}>
          <h3>{figure.figure}</h3>
          {isLine(figure) ? (
            <>
              <Legend names={figure.lines} />
              <CurveChart figure={figure} label={figure.figure} isFromZero />
            </>
          ) : (
            <p className="jp-modelmgmt-muted">
              {trans.__('It is drawn from the second measurement on.')}
            </p>
          )}
        </section>
      ))}
    </div>
  );
}

/** Whether there are points of two moments: one alone, or what was read twice at once, has no axis to lie on. */
function isLine({ points }: IFigure): boolean {
  return points.some(({ x }) => Math.abs(x - points[0]!.x) > SHORTEST_S);
}

function Totals(props: {
  readonly metrics: IDeploymentMetrics;
  readonly trans: ITranslate;
}): JSX.Element {
  const { metrics, trans } = props;
  const columns: readonly [string, (row: IVersionMetrics) => string][] = [
    [trans.__('Share'), row => (row.shadow ? trans.__('shadow') : `${row.weight} %`)],
    [trans.__('Replicas'), row => String(row.replicas)],
    [trans.__('Calls'), row => String(row.calls)],
    [trans.__('Failures'), row => String(row.failures)],
    [trans.__('p50'), row => milliseconds(row.p50_ms)],
    [trans.__('p99'), row => milliseconds(row.p99_ms)],
    [trans.__('CPU'), row => `${formatNumber(row.cpu_percent ?? 0)} %`],
    [trans.__('Memory'), row => formatSize(row.memory_bytes ?? 0)],
    [trans.__('Agreement'), row => (row.compared ? formatShare(row.agreed! / row.compared) : '–')]
  ];
  return (
    <section aria-label={trans.__('Since the host began')}>
      <div className="jp-modelmgmt-Tools">
        <h2>{trans.__('Since the host began')}</h2>
        <span className="jp-modelmgmt-muted" role="status">
          {trans._n('%1 request waits', '%1 requests wait', metrics.waiting ?? 0)}
        </span>
      </div>
      {metrics.versions?.length ? (
        <div className="jp-modelmgmt-scroll" tabIndex={0}>
          <table className="jp-modelmgmt-Table" aria-label={trans.__('Usage by version')}>
            <thead>
              <tr>
                <th scope="col">{trans.__('Version')}</th>
                {columns.map(([label]) => (
                  <th key={label} scope="col" data-numeric="true">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {metrics.versions.map(row => (
                <tr key={`${row.version} ${row.shadow}`}>
                  <th scope="row">{row.version}</th>
                  {columns.map(([label, read]) => (
                    <td key={label} data-numeric="true">
                      {read(row)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <p className="jp-modelmgmt-muted">{trans.__('Nothing runs.')}</p>
      )}
    </section>
  );
}

function milliseconds(value: number | null | undefined): string {
  return typeof value === 'number' ? `${formatNumber(value)} ms` : '–';
}
