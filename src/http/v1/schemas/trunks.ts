import * as z from 'zod';
import { isPrintable } from '../../../model/printable';
import { Count, Time } from './common';

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
