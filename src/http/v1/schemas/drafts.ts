import * as z from 'zod';
import { AskedTime, askedWhole, Count, Name, Place, Time } from './common';
import { Rung } from './ladder';

/** Of a posted policy. Bytes. */
export const LARGEST_POLICY = 2 * 1024 * 1024;

export const PostedPolicy = z
  .string()
  .describe('The text of a policy file, UTF-8; 2 MiB at most. Files that it names are not read.');

/** Of one or many in a query. */
const Several = z
  .union([z.string().max(512), z.array(z.string().max(512)).max(32)])
  .transform((given) => (typeof given === 'string' ? [given] : given))
  .default([]);

export const SimulateQuery = z.strictObject({
  to: z.string().min(1).max(64).describe('The dialled number.'),
  from: z.string().min(1).max(64).optional().describe('The caller’s number.'),
  context: Name.optional(),
  mailbox: z.string().min(1).max(128).optional(),
  say: Several.describe('What a trunk says, as `--say` of `crankback simulate`: `carrier-a: 503`.'),
  hold: Several.describe('A trunk that is held.'),
  at: AskedTime.optional().describe('When the call begins; absent: now.'),
});

export const Simulation = z
  .object({
    policy: z.object({ hash: z.string() }),
    to: z.string(),
    ladder: z.array(Rung),
    unreached: z.array(z.string()).describe('Trunks in `say` that the call never reached.'),
  })
  .meta({ id: 'Simulation' });

export const MOST_REPLAYED = 50_000;

export const ReplayQuery = z.strictObject({
  since: AskedTime.optional().describe('Absent: a week ago.'),
  until: AskedTime.optional().describe('Absent: now.'),
  limit: askedWhole(1, MOST_REPLAYED).default(10_000).describe('Calls at most, the latest.'),
});

const Step = z.object({ rule: Place.optional(), outcome: z.string() });

export const Difference = z
  .object({
    failed: z.string().optional().describe('Trunk whose failure was decided on.'),
    before: Step,
    now: Step,
    other: z.array(z.string()).optional().describe('What differs where the words are the same.'),
    calls: Count,
    answered: Count.describe('In fact.'),
    end: z
      .object({
        trunk: z.string(),
        known: z.object({ answered: Count, failed: Count }),
        unknown: Count,
        estimatedAnswered: Count.optional().describe('No fact: by the trunk’s own share.'),
      })
      .optional(),
    assumed: z.record(z.string(), Count),
    examples: z.array(z.string()),
  })
  .meta({ id: 'Difference' });

export const Replay = z
  .object({
    policy: z.object({ hash: z.string() }),
    since: Time,
    until: Time,
    complete: z
      .boolean()
      .describe('False: the limit or the time was over before the earlier calls were looked at.'),
    calls: Count,
    decisions: Count,
    same: Count,
    differing: Count,
    differences: z.array(Difference).describe('The most frequent first, 200 at most.'),
    ungrouped: Count.describe('Differing calls beyond these.'),
    unknown: z.array(z.object({ why: z.string(), calls: Count, examples: z.array(z.string()) })),
  })
  .meta({ id: 'Replay' });

export const Suggestions = z
  .object({
    policy: z.object({ hash: z.string(), file: z.string() }),
    since: Time,
    until: Time,
    calls: Count.describe('That the suggestions are made of.'),
    more: z.boolean().describe('There were more calls; these are the latest.'),
    suggestions: z.array(
      z.object({
        kind: z.string(),
        evidence: z.string(),
        place: Place.optional(),
        lines: z.array(z.string()).describe('For the policy file.'),
        replayed: z
          .object({ calls: Count, differing: Count, unknown: Count, estimatedAnswered: Count })
          .optional()
          .describe('By the policy with these lines.'),
      }),
    ),
  })
  .meta({ id: 'Suggestions' });

export type Simulation = z.output<typeof Simulation>;
export type Replay = z.output<typeof Replay>;
export type Suggestions = z.output<typeof Suggestions>;
