import { GovernanceApi } from './governanceapi';
import { type IItems, type IPage, type IRun, type IRunEdit, type ISeries } from './types';

export interface IRunsQuery {
  /** A part of the name. */
  readonly name?: string;
  readonly status?: string;
  readonly tag?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** Requests about runs. */
export class RunApi extends GovernanceApi {
  /** The runs that match, the newest first. */
  runs(query: IRunsQuery): Promise<IPage<IRun>> {
    return this.request('GET', ['runs'], { query });
  }

  oneRun(id: string): Promise<IRun> {
    return this.request('GET', ['runs', id]);
  }

  editRun(id: string, changes: Partial<IRunEdit>): Promise<IRun> {
    return this.request('PATCH', ['runs', id], { json: changes });
  }

  /** The lines of a run's charts, each with at most `points` points. */
  runCurves(id: string, points: number): Promise<IItems<ISeries>> {
    return this.request('GET', ['runs', id, 'metrics'], { query: { points } });
  }
}
