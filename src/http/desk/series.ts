import { figuresOf } from '../../figures/figures';
import type { Series } from '../v1/schemas/series';
import { secondsOf, timeOf } from '../v1/told/units';
import type { Desk, Job } from './job';

export async function tellSeries(
  { filter }: Extract<Job, { kind: 'series' }>,
  { ask }: Desk,
): Promise<Series> {
  const { since, until, trunks } = await ask('series', filter);
  const isWhole = filter.trunk !== undefined;
  return {
    ...{ since: timeOf(since), until: timeOf(until), stepSeconds: secondsOf(filter.stepMs) },
    trunks: trunks.map(({ name, steps }) => ({
      trunk: name,
      steps: steps.map(({ at, counts }) => {
        const { attempts, answered, failed, saved } = counts;
        const told = { at: timeOf(at), attempts, answered, failed, saved };
        if (!isWhole) return told;
        const { pddMs } = figuresOf(counts);
        return {
          ...told,
          statuses: { ...counts.statuses },
          ...(pddMs && {
            pddSeconds: {
              ...{ p50: secondsOf(pddMs.p50), p95: secondsOf(pddMs.p95) },
              p99: secondsOf(pddMs.p99),
            },
          }),
        };
      }),
    })),
  };
}
