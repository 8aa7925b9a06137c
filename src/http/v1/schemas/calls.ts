import * as z from 'zod';
import { CALL_RESULTS } from '../../../journal/read/calls-filter';
import { AskedNumber, askedWhole, Count, Cursor, Name, Period, Time, TraceId } from './common';
import { Rung } from './ladder';

/** Of one page. */
export const MOST_CALLS = 200;

export const CallsQuery = z.strictObject({
  ...Period,
  trunk: Name.optional().describe('An attempt on this trunk.'),
  to: AskedNumber.optional(),
  from: AskedNumber.optional(),
  class: Name.optional().describe('An attempt that failed so.'),
  sip: askedWhole(100, 699).optional().describe('An attempt that failed with this status.'),
  pbx: Name.optional(),
  instance: Name.optional().describe('Decided by this instance of the fleet.'),
  result: z
    .enum(CALL_RESULTS, `must be one of ${CALL_RESULTS.join(', ')}`)
    .optional()
    .describe('`saved`: a later attempt or the mailbox took what an earlier one had refused.'),
  limit: askedWhole(1, MOST_CALLS).default(50),
  cursor: Cursor.optional(),
});

export const CallSummary = z
  .object({
    hunt: z.string().describe('Names the call.'),
    pbx: z.string(),
    instance: z.string().optional(),
    number: z.string(),
    caller: z.string().optional(),
    startedAt: Time,
    endedAt: Time.optional(),
    outcome: z
      .string()
      .optional()
      .describe('Of the last decision; `answered` or `fallback` once known.'),
    trunk: z.string().optional().describe('Dialled last.'),
    sip: Count.optional().describe("The caller's final status, where it was relayed."),
    class: z.string().optional().describe('Of the last failure.'),
    attempts: Count,
    failures: Count,
    fellBack: z.boolean().describe("It took the PBX's static fallback."),
    saved: z.boolean(),
  })
  .meta({ id: 'CallSummary' });

export const CallPage = z
  .object({
    calls: z.array(CallSummary).describe('The latest first.'),
    next: z
      .string()
      .optional()
      .describe('The next page’s `cursor`; absent at the end. A page may be short and have one.'),
    missing: z
      .array(
        z.object({
          since: Time.optional(),
          until: Time,
          count: Count.optional(),
          why: z.string(),
        }),
      )
      .optional()
      .describe('What the journal lacks in the time of these calls.'),
  })
  .meta({ id: 'CallPage' });

export const Call = z
  .object({
    ...CallSummary.shape,
    leg: z.string().describe('The PBX’s name of leg A.'),
    callerCallId: z.string().optional().describe('SIP Call-ID of leg A.'),
    context: z.string().optional(),
    homer: z
      .array(z.object({ callId: z.string(), url: z.string() }))
      .optional()
      .describe('Links to Homer by Call-ID, the caller’s leg first; with `CRANKBACK_HOMER_URL`.'),
    traceId: TraceId,
    ladder: z.array(Rung),
    leftOut: Count.describe('Steps beyond the thousandth.'),
    notes: z.array(z.string()).describe('What an operator should know of this record.'),
    policies: z
      .array(z.object({ hash: z.string(), file: z.string(), explained: z.boolean() }))
      .describe('Every policy that decided; `explained`: its rules are shown.'),
  })
  .meta({ id: 'Call', description: 'A call with its ladder.' });

export type CallPage = z.output<typeof CallPage>;
export type Call = z.output<typeof Call>;
