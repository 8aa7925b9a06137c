import * as z from 'zod';
import { Count, Place, Seconds, Time } from './common';

export const Failure = z
  .object({
    class: z.string().describe('The failure class, such as `trunk-congested`.'),
    fault: z.string().describe('Whose fault it is: `trunk`, `callee`, `caller` …'),
    sip: Count.optional().describe('Final status; absent where none came.'),
    phrase: z.string().optional().describe('As sent: untrusted text, escaped.'),
    q850: Count.optional(),
    location: z.string().optional(),
    rang: z.boolean(),
    earlyMediaSeconds: Seconds,
    afterSeconds: Seconds.optional().describe('From the INVITE to the failure.'),
    retryAfterSeconds: Seconds.optional(),
    list: z.string().optional().describe('Whose list of phrases gave the class.'),
    reasons: z.array(z.string()).optional().describe('Reason values as sent.'),
    otherLegs: z.array(z.string()).optional().describe('Of several phones: what the others said.'),
    redressUrl: z.string().optional(),
    redressPhone: z.string().optional(),
  })
  .meta({ id: 'Failure' });

export const MediaStory = z
  .object({
    offered: z.array(z.string()).optional().describe('Our offer in order; absent if unknown.'),
    accepts: z.array(z.string()).optional().describe('Absent: the far side did not say.'),
    acceptsFrom: z
      .enum(['body', 'warning', 'phrase'])
      .optional()
      .describe('What said so: SDP in the refusal, a Warning, the reason phrase.'),
    common: z.array(z.string()).optional().describe('Of our offer what the far side accepts.'),
    why: z.string().describe('All differences that can be the reason.'),
    differences: z.array(z.object({ cause: z.string(), why: z.string() })),
    warnings: z.array(z.string()).describe('Warning headers, as sent.'),
    mirrored: z.boolean().describe('False: without mirrored SIP the other side is not seen.'),
  })
  .meta({ id: 'MediaStory', description: 'Why a session description was refused, as of a 488.' });

export const Outcome = z
  .object({
    kind: z.enum(['dial', 'redirect', 'voicemail', 'announce', 'relay']),
    trunk: z.string().optional(),
    number: z.string().optional(),
    callerId: z.string().optional(),
    delaySeconds: Seconds.optional(),
    codecs: z.array(z.string()).optional(),
    target: z.string().optional(),
    mailbox: z.string().optional(),
    greeting: z.string().optional(),
    play: z.string().optional(),
    sip: Count.optional(),
    phrase: z.string().optional(),
    retryAfterSeconds: Seconds.optional(),
  })
  .meta({ id: 'Outcome', description: 'What happens to the call next.' });

export const Decision = z
  .object({
    outcome: Outcome,
    text: z.string().describe('The outcome in a few words.'),
    why: z.string(),
    rule: Place.optional(),
    source: z
      .enum(['trunk', 'route', 'general', 'built-in'])
      .optional()
      .describe('Whose rule it is.'),
    refused: z.array(z.object({ treatment: z.string(), why: z.string() })),
    passedOver: z
      .array(z.object({ trunk: z.string(), reason: z.string(), why: z.string() }))
      .optional(),
    alert: z.string().optional(),
    hold: z.object({ trunk: z.string(), seconds: Seconds }).optional(),
    policy: z.string().optional().describe('Hash of the policy that decided.'),
    tried: z
      .array(z.object({ ...Place.shape, source: z.string(), key: z.string(), had: z.string() }))
      .optional()
      .describe('Rules that did not match: the first key of `when` that did not, and its value.'),
    trunks: z.array(z.object({ trunk: z.string(), state: z.string() })).optional(),
    left: z
      .object({ attempts: Count, startWithinSeconds: Seconds, retries: z.number().optional() })
      .optional()
      .describe('Of the limits, at that moment.'),
  })
  .meta({ id: 'Decision' });

const when = {
  at: Time,
  seconds: z.number().describe('Since the start of the call.'),
};

export const Rung = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('decision'), ...when, decision: Decision }),
    z.object({
      kind: z.literal('wire'),
      ...when,
      trunk: z.string(),
      direction: z.enum(['sent', 'received']),
      said: z.string(),
    }),
    z.object({
      kind: z.literal('failed'),
      ...when,
      trunk: z.string(),
      said: z.string(),
      failure: Failure,
      media: MediaStory.optional().describe('Where media were refused.'),
    }),
    z.object({
      kind: z.literal('answered'),
      ...when,
      trunk: z.string(),
      assumed: z.boolean().describe('Simulated, and nothing was said for this attempt.'),
    }),
    z.object({ kind: z.literal('untried'), ...when, trunk: z.string() }),
  ])
  .meta({ id: 'Rung', description: 'One step of a call, as `crankback why` shows it.' });

export type Rung = z.output<typeof Rung>;
