import * as z from 'zod';
import { askedWhole, Count, Name, Period, Time } from './common';

export const ChangesQuery = z.strictObject({
  ...Period,
  trunk: Name.optional().describe('Only those of this trunk.'),
  limit: askedWhole(1, 500).default(100),
});

export const ChangeList = z
  .object({
    since: Time,
    until: Time,
    changes: z
      .array(
        z.object({
          kind: z.enum(['trunk-changed', 'policy-changed', 'pbx-connected', 'pbx-gone']),
          at: Time,
          instance: z.string().optional(),
          trunk: z.string().optional(),
          side: z.string().optional(),
          from: z.string().optional().describe('Phase before.'),
          phase: z.string().optional(),
          until: Time.optional().describe('Of a hold.'),
          why: z.string().optional(),
          hash: z.string().optional(),
          file: z.string().optional(),
          pbx: z.string().optional(),
        }),
      )
      .describe('The latest first, in the words of the events.'),
    more: z.boolean().describe('There were more; these are the latest.'),
  })
  .meta({ id: 'ChangeList' });

export const Fleet = z
  .object({
    instances: z.array(
      z.object({
        name: z.string().describe('Empty where no fleet is set.'),
        own: z.boolean().describe('The one that answers.'),
        heardAt: Time.optional().describe('When it last told something.'),
      }),
    ),
    pbxes: z
      .array(
        z.object({
          pbx: z.string(),
          instance: z.string().optional(),
          connected: z.boolean(),
          since: Time,
          why: z.string().optional(),
        }),
      )
      .describe('The last that is known of each connection.'),
  })
  .meta({ id: 'Fleet' });

export const TrunkFailures = z
  .object({
    trunk: z.string(),
    since: Time,
    until: Time,
    attempts: Count.describe('That have ended.'),
    answered: Count,
    more: z.boolean().describe('There were more attempts; these are the latest.'),
    coveredSince: Time.optional().describe(
      'Where there were more: when the first of these began; nothing here is older.',
    ),
    failingSince: Time.optional().describe(
      'When the first attempt began that failed by the trunk’s own fault and was followed by no answer. Where there were more and none of these was answered, it may have been before.',
    ),
    failures: z
      .array(
        z.object({
          class: z.string(),
          sip: Count.optional(),
          phrase: z.string().optional().describe('As sent: untrusted text, escaped.'),
          count: Count,
          firstAt: Time,
          lastAt: Time,
        }),
      )
      .describe('The most frequent first, 50 at most.'),
  })
  .meta({ id: 'TrunkFailures' });

export const RulesUsed = z
  .object({
    policy: z.object({ hash: z.string() }),
    since: Time,
    until: Time,
    calls: Count.describe('Recorded calls that began under this policy.'),
    more: z.boolean().describe('There were more calls; these are the latest.'),
    rules: z
      .array(
        z.object({
          file: z.string(),
          line: Count,
          matched: Count.describe('Decisions.'),
          calls: Count,
          saved: Count.describe('Of these calls: saved after all.'),
        }),
      )
      .describe('Those that decided, in the order of the file.'),
  })
  .meta({ id: 'RulesUsed' });

export type ChangeList = z.output<typeof ChangeList>;
export type Fleet = z.output<typeof Fleet>;
export type TrunkFailures = z.output<typeof TrunkFailures>;
export type RulesUsed = z.output<typeof RulesUsed>;
