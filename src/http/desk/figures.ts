import type * as z from 'zod';
import type { Counts as Counted } from '../../figures/counts';
import { figuresOf } from '../../figures/figures';
import type { Counts, FigureGroup, Figures, FigureSet } from '../v1/schemas/figures';
import { known, secondsOf, timeOf } from '../v1/told/units';
import type { Desk, Job } from './job';

export async function tellFigures(
  { filter, limits }: Extract<Job, { kind: 'figures' }>,
  { ask }: Desk,
): Promise<Figures> {
  const { since, until, by, groups, all, uncounted, first } = await ask('figures', filter);
  return {
    ...{ since: timeOf(since), until: timeOf(until), by },
    groups: groups.map(({ name, counts, holds, peak }): z.output<typeof FigureGroup> => ({
      ...{ name, ...toldCounts(counts) },
      ...(holds && {
        holds: { count: holds.holds, seconds: secondsOf(holds.heldMs), held: holds.held },
      }),
      ...known({
        peak,
        limit: by === 'trunk' && Object.hasOwn(limits, name) ? limits[name] : undefined,
      }),
    })),
    all: toldCounts(all),
    uncountedMinutes: uncounted,
    ...(first !== undefined && { first: timeOf(first) }),
  };
}

function toldCounts(counted: Counted) {
  const { calls, saved, voicemailSaves, fallbacks, attempts, retries, answered } = counted;
  const { failed, unsent, leftBeforeRinging, leftRinging, talks, talkMs } = counted;
  const { classes, statuses } = counted;
  const { acdMs, pddMs, ...figures } = figuresOf(counted);
  const counts: z.output<typeof Counts> = {
    ...{ calls, saved, voicemailSaves, fallbacks, attempts, retries, answered },
    ...{ failed, unsent, leftBeforeRinging, leftRinging, talks },
    talkSeconds: secondsOf(talkMs),
    classes: { ...classes },
    statuses: { ...statuses },
  };
  const told: z.output<typeof FigureSet> = {
    ...figures,
    ...(acdMs !== undefined && { acdSeconds: secondsOf(acdMs) }),
    ...(pddMs && {
      pddSeconds: {
        ...{ p50: secondsOf(pddMs.p50), p95: secondsOf(pddMs.p95) },
        p99: secondsOf(pddMs.p99),
      },
    }),
  };
  return { counts, figures: told };
}
