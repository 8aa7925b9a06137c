import * as z from 'zod';
import { isPrintable } from '../../../model/printable';
import { Count, Seconds, Time } from './common';

const Reason = z
  .string()
  .min(1)
  .max(200)
  .refine(isPrintable, 'must be 1 to 200 printable characters')
  .describe('For whoever looks at it; kept with the hold and in the log.');

const LONGEST_HOLD_SECONDS = 30 * 24 * 3600;

export const HoldBody = z
  .strictObject({
    reason: Reason,
    forSeconds: z
      .number()
      .min(0.001)
      .max(LONGEST_HOLD_SECONDS)
      .optional()
      .describe('Absent: until it is cleared.'),
  })
  .meta({ id: 'HoldRequest' });

export const ClearBody = z.strictObject({ reason: Reason }).meta({ id: 'ClearRequest' });

const Limit = z
  .object({
    counts: z.enum(['concurrent_calls', 'calls_per_second']),
    inUse: Count.describe(
      'Calls at once, or starts of the last second and those to come; of this instance.',
    ),
    limit: z.number().describe('Of all instances that share it.'),
    share: z.number().optional().describe('What this instance may use of it; absent: all.'),
    instances: Count.optional().describe('That share it.'),
  })
  .meta({ id: 'Limit' });

export const QualityFigure = z
  .object({
    figure: z.enum(['asr', 'ner', 'pdd', 'short_calls']),
    of: Count.describe('Attempts or calls within the window; fewer than `minimum` are not judged.'),
    share: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe(
        'ASR or NER; of `pdd` the share of attempts that rang after more than `seconds`, of `short_calls` that of answered calls that ended within `seconds`. Absent: there were none.',
      ),
    bound: z
      .number()
      .min(0)
      .max(1)
      .describe('The trunk is held where `share` is below it (`asr`, `ner`) or above it.'),
    minimum: Count,
    windowSeconds: Seconds,
    seconds: Seconds.optional(),
  })
  .meta({ id: 'QualityFigure' });

export const Trunk = z
  .object({
    trunk: z.string(),
    phase: z.enum(['closed', 'half-open', 'held']),
    access: z.enum(['open', 'probe', 'held']),
    since: Time.optional().describe('Start of this phase; absent: since the start of the service.'),
    mode: z.enum(['decide', 'observe']).optional().describe('Of calls that begin with this trunk.'),
    trips: Count.describe('In a row: the next cooldown depends on them.'),
    hold: z
      .object({
        cause: z.string(),
        side: z.string().describe('`far`: the far side; `local`: this PBX could not send.'),
        why: z.string(),
        class: z.string().optional(),
        since: Time,
        until: Time.optional().describe('Absent: until it is cleared.'),
      })
      .optional(),
    counts: z
      .object({ attempts: Count, faults: Count, localFaults: Count })
      .describe('Of the window of health, of this instance.'),
    limits: z.array(Limit).optional().describe('What the policy allows, and what is in use of it.'),
    quality: z
      .array(QualityFigure)
      .optional()
      .describe(
        'What the policy bounds (`health`), as this instance has measured it since the trunk was last held.',
      ),
    offer: z.object({ codecs: z.array(z.string()), until: Time }).optional(),
    unclassified: z
      .object({
        seen: z.array(
          z.object({
            said: z.string(),
            kind: z.enum(['phrase', 'reason']),
            count: Count,
            lastAt: Time,
            class: z.string(),
            line: z.string().optional().describe('For `phrases:` of the policy file.'),
          }),
        ),
        leftOut: Count,
      })
      .optional()
      .describe('Of one trunk alone: what it said that nothing classifies.'),
  })
  .meta({ id: 'Trunk' });

export const TrunkList = z.object({ trunks: z.array(Trunk) }).meta({ id: 'TrunkList' });

export type Trunk = z.output<typeof Trunk>;
