import * as z from 'zod';
import { FIGURES_BY } from '../../../journal/read/figures-by';
import { Count, Name, Period, Seconds, Time } from './common';

export const FiguresQuery = z.strictObject({
  ...Period,
  by: z.enum(FIGURES_BY, `must be one of ${FIGURES_BY.join(', ')}`).default('trunk'),
  trunk: Name.optional(),
  route: Name.optional(),
  pbx: Name.optional(),
  instance: Name.optional(),
});

const Tally = z.record(z.string(), Count);

export const Counts = z
  .object({
    calls: Count,
    saved: Count,
    voicemailSaves: Count,
    fallbacks: Count,
    attempts: Count,
    retries: Count,
    answered: Count,
    failed: Count,
    unsent: Count,
    leftBeforeRinging: Count,
    leftRinging: Count,
    talks: Count,
    talkSeconds: Seconds,
    classes: Tally.describe('Failed attempts by class.'),
    statuses: Tally.describe('Failed attempts by final SIP status; `none` where none came.'),
  })
  .meta({ id: 'Counts' });

const Share = z.number().min(0).max(1).optional();

export const FigureSet = z
  .object({
    asr: Share,
    ner: Share,
    seer: Share,
    acdSeconds: Seconds.optional(),
    pddSeconds: z.object({ p50: Seconds, p95: Seconds, p99: Seconds }).optional(),
    retriesPerCall: z.number().min(0).optional(),
  })
  .meta({ id: 'FigureSet', description: 'Absent: there is nothing to divide by. See figures.md.' });

export const FigureGroup = z
  .object({
    name: z.string().describe('Empty: without a trunk, or without a route.'),
    counts: Counts,
    figures: FigureSet,
    holds: z.object({ count: Count, seconds: Seconds, held: z.boolean() }).optional(),
    peak: Count.optional().describe('The most calls at once.'),
    limit: Count.optional().describe('Calls at once that the policy allows.'),
  })
  .meta({ id: 'FigureGroup' });

export const Figures = z
  .object({
    since: Time.describe('As rounded: to minutes, beyond two days to hours.'),
    until: Time,
    by: z.enum(FIGURES_BY),
    groups: z.array(FigureGroup).describe('Most attempts first.'),
    all: z.object({ counts: Counts, figures: FigureSet }),
    uncountedMinutes: Count.describe('Not counted yet: ask again later.'),
    first: Time.optional().describe('Start of what is kept.'),
  })
  .meta({ id: 'Figures' });

export type Figures = z.output<typeof Figures>;
