import * as z from 'zod';
import { VERDICTS, type Verdict as VerdictName } from '../../../observe/observed-call';
import { Count, Name, Period, Place, Seconds, Time, TraceId } from './common';
import { Decision, Failure } from './ladder';

export const ObservedQuery = z.strictObject({ ...Period, trunk: Name.optional() });

const Verdict = z.enum(Object.keys(VERDICTS) as VerdictName[]);

export const ObservedList = z
  .object({
    since: Time,
    until: Time,
    calls: Count,
    more: z.boolean().describe('There were more calls; these are the latest.'),
    groups: z.array(
      z.object({
        verdict: Verdict,
        why: z.string(),
        trunk: z.string().describe('The trunk that failed.'),
        class: z.string(),
        sip: Count.optional(),
        didTrunk: z.string().optional().describe('Dialled next; absent where the call ended.'),
        would: z.string().describe('What would have been decided.'),
        rule: Place.optional(),
        calls: Count,
        answered: Count,
        waitedSeconds: Seconds.optional(),
        examples: z.array(z.string()),
      }),
    ),
  })
  .meta({ id: 'ObservedList', description: 'Calls of the user’s own dialplan beside the policy.' });

export const ObservedCall = z
  .object({
    call: z.string(),
    pbx: z.string(),
    number: z.string(),
    caller: z.string().optional(),
    callerCallId: z.string().optional(),
    traceId: TraceId,
    startedAt: Time,
    endedAt: Time,
    answered: z.boolean(),
    verdict: Verdict,
    why: z.string(),
    waitedSeconds: Seconds.optional(),
    steps: z.array(
      z.object({
        at: Time,
        seconds: z.number().describe('Since the start of the call.'),
        trunk: z.string(),
        failure: Failure.optional(),
        did: z.object({
          kind: z.enum(['dialled', 'answered-here', 'ended']),
          trunk: z.string().optional(),
        }),
        would: Decision.optional(),
      }),
    ),
  })
  .meta({ id: 'ObservedCall' });

export type ObservedList = z.output<typeof ObservedList>;
export type ObservedCall = z.output<typeof ObservedCall>;
