import * as z from 'zod';
import { Count, Name, Period, Seconds, Time } from './common';

/** Lengths of a step. Seconds. */
export const STEPS = [60, 300, 900, 3_600, 21_600, 86_400] as const;
const WRONG_STEP = `must be one of ${STEPS.join(', ')}`;
/** Of one period. */
export const MOST_STEPS = 400;

export const SeriesQuery = z.strictObject({
  ...Period,
  stepSeconds: z.coerce
    .number(WRONG_STEP)
    .refine((seconds) => (STEPS as readonly number[]).includes(seconds), { error: WRONG_STEP })
    .default(300)
    .describe('One of `60`, `300`, `900`, `3600`, `21600`, `86400`; 400 steps at most.'),
  trunk: Name.optional().describe('With its statuses and its post-dial delay.'),
});

const Step = z.object({
  at: Time,
  attempts: Count,
  answered: Count,
  failed: Count,
  saved: Count,
  statuses: z
    .record(z.string(), Count)
    .optional()
    .describe('Of one trunk alone: failed attempts by final SIP status; `none` where none came.'),
  pddSeconds: z
    .object({ p50: Seconds, p95: Seconds, p99: Seconds })
    .optional()
    .describe('Of one trunk alone.'),
});

export const Series = z
  .object({
    since: Time.describe('As rounded to the step.'),
    until: Time,
    stepSeconds: Count,
    trunks: z
      .array(z.object({ trunk: z.string(), steps: z.array(Step) }))
      .describe('Those with an attempt; a step in which nothing happened is absent.'),
  })
  .meta({ id: 'Series', description: 'Counts step by step.' });

export type Series = z.output<typeof Series>;
