import * as z from 'zod';
import { Count, Place, Seconds, Time } from './common';
import { Failure } from './ladder';

/** Those of `CallEvent` that operators follow; each stands here once. */
export const EVENT_KINDS = [
  ...(['hunt-begun', 'attempt-failed', 'evidence-completed', 'attempt-answered'] as const),
  ...(['attempt-observed', 'call-observed', 'late-answered', 'decided'] as const),
  ...(['answer-not-taken', 'fell-back', 'offer-learned', 'offer-forgotten'] as const),
  ...(['hunt-ended', 'pbx-connected', 'pbx-gone', 'trunk-changed', 'policy-changed'] as const),
  'declined' as const,
] as const;

export const Event = z
  .object({
    kind: z.enum(EVENT_KINDS),
    at: Time,
    pbx: z.string().optional(),
    hunt: z.string().optional().describe('Names the call: `/v1/calls/{call}`.'),
    call: z.string().optional().describe('Names an observed call: `/v1/observed/{call}`.'),
    number: z.string().optional(),
    trunk: z.string().optional(),
    failure: Failure.optional(),
    answered: z.boolean().optional(),
    seconds: Seconds.optional().describe('How long the attempt took, or a rule holds the trunk.'),
    on: z.string().optional().describe('What was decided on: `route`, `failed`, `invalid-number`.'),
    outcome: z.string().optional(),
    rule: Place.optional(),
    refused: z.array(z.string()).optional(),
    passedOver: z.array(z.object({ trunk: z.string(), why: z.string() })).optional(),
    planned: z.boolean().optional(),
    alert: z.string().optional(),
    verdict: z.string().optional(),
    codecs: z.array(z.string()).optional(),
    from: z.string().optional().describe('Phase before.'),
    phase: z.string().optional(),
    side: z.string().optional(),
    until: Time.optional(),
    learnt: z.boolean().optional().describe('Another instance made the change.'),
    why: z.string().optional(),
    file: z.string().optional(),
    hash: z.string().optional(),
    before: z.string().optional(),
  })
  .meta({ id: 'Event', description: 'The `data` of one event; what does not apply is absent.' });

export const Gap = z
  .object({
    lost: Count.optional().describe('Events; absent: not known, the service began anew.'),
  })
  .meta({ id: 'Gap', description: 'The `data` of an event `gap`: what came before is not there.' });

export type Event = z.output<typeof Event>;
