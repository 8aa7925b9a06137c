import * as z from 'zod';
import { showing } from '../../records/shown';
import { VERDICTS } from '../../observe/observed-call';
import type { JournalEntry } from '../entry';

/**
 * What another instance may tell: entries as entry.ts has them, each text bounded and fit to be shown, each time a
 * date. Nothing of it is believed.
 */

/** Control characters and texts without an end stay out; numbers are masked elsewhere. */
const shown = showing({ maskNumbers: false });
/** As JSON. Characters. */
const LONGEST_DETAIL = 256 * 1024;
/** The year 2100: no figure counts minutes beyond it. */
const LAST_MOMENT = 4_102_444_800_000;

const time = z.number().min(0).max(LAST_MOMENT);
const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .transform((value) => shown(value));
const name = text(128);
const id = text(256);
const sip = z.int().min(100).max(699);
const q850 = z.int().min(0).max(127);

/** JSON that every reader can take as an object. */
const detail = (shape: z.ZodType) =>
  z
    .string()
    .max(LONGEST_DETAIL)
    .transform((json, context) => {
      const value = parsed(json);
      if (shape.safeParse(value).success) return JSON.stringify(shown(value));
      context.addIssue({ code: 'custom', message: 'not such a detail' });
      return z.NEVER;
    });

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** As far as every reader relies on it. */
const DecisionDetail = z.looseObject({
  decision: z.looseObject({
    outcome: z.looseObject({ kind: z.string() }),
    refused: z.array(z.unknown()).optional(),
    rule: z.looseObject({ file: z.string(), line: z.number() }).optional(),
  }),
  passedOver: z.array(z.looseObject({})).optional(),
  inputs: z
    .looseObject({
      policyHash: z.string(),
      hunt: z.looseObject({ attempts: z.array(z.unknown()).optional() }),
    })
    .optional(),
});
const FailureDetail = z.looseObject({ class: z.string(), fault: z.string() });

const ObservedSteps = z.array(
  z.looseObject({
    ...{ trunk: z.string(), at: z.number(), did: z.looseObject({ kind: z.string() }) },
    failure: FailureDetail.optional(),
    would: DecisionDetail.extend({ inputs: z.looseObject({ failure: FailureDetail }) }).optional(),
  }),
);
const VERDICT_NAMES = Object.keys(VERDICTS) as (keyof typeof VERDICTS)[];

const failure = z.object({
  class: name,
  fault: name,
  sip: sip.optional(),
  phrase: text(1_024).optional(),
  q850: q850.optional(),
  rang: z.boolean(),
  detail: detail(FailureDetail),
});

const times = z.object({
  id,
  callId: id.optional(),
  invitedAt: time,
  firstResponseAt: time.optional(),
  rangAt: time.optional(),
  answeredAt: time.optional(),
  endedAt: time.optional(),
  local: name.optional(),
  far: name.optional(),
  codecs: z.array(name).max(64).optional(),
});

const of = { at: time, pbx: name, hunt: id };
const maybeOf = { ...of, hunt: id.optional() };

export const FleetEntry = z.discriminatedUnion('kind', [
  z.object({
    ...{ kind: z.literal('hunt'), ...of, leg: id, callerCallId: id.optional(), number: name },
    ...{ policy: name, route: name.optional() },
  }),
  z.object({
    ...{ kind: z.literal('decision'), ...of, on: name, outcome: name, trunk: name.optional() },
    ...{ sip: sip.optional(), ruleFile: text(4_096).optional() },
    ...{ ruleLine: z.int().min(0).max(1e9).optional() },
    ...{ caller: name.optional(), context: name.optional(), detail: detail(DecisionDetail) },
  }),
  z.object({
    ...{ kind: z.literal('attempt-end'), ...of, trunk: name, completes: z.boolean() },
    ...{ seenBefore: z.literal(true).optional(), failure },
  }),
  z.object({ kind: z.literal('answered'), ...of, trunk: name }),
  z.object({ kind: z.literal('timed'), ...maybeOf, trunk: name, times }),
  z.object({ kind: z.literal('late-answer'), ...maybeOf, trunk: name, leg: id }),
  z.object({
    ...{ kind: z.literal('observed'), at: time, pbx: name, legId: id.optional(), leg: id },
    ...{ number: name, trunk: name, known: z.boolean(), ms: z.number().min(0).max(1e10) },
    failure: failure.optional(),
  }),
  z.object({
    ...{ kind: z.literal('observed-call'), at: time, pbx: name, call: id, leg: id },
    ...{ callerCallId: id.optional(), number: name, caller: name.optional(), startedAt: time },
    ...{ answered: z.boolean(), policy: name, verdict: z.enum(VERDICT_NAMES), trunk: name },
    ...{ class: name, sip: sip.optional(), didTrunk: name.optional(), would: text(256) },
    ...{ ruleFile: text(4_096).optional(), ruleLine: z.int().min(0).max(1e9).optional() },
    ...{ waitedMs: z.number().min(0).max(1e10).optional(), detail: detail(ObservedSteps) },
  }),
  z.object({ kind: z.literal('not-carried-out'), ...of, why: text(4_096) }),
  z.object({ kind: z.literal('hunt-end'), ...of }),
  z.object({
    ...{ kind: z.literal('trunk'), at: time, trunk: name, side: name, from: name, to: name },
    detail: detail(z.looseObject({})),
  }),
  z.object({
    ...{ kind: z.literal('policy'), at: time, hash: name, file: text(4_096) },
    text: z.string().max(LONGEST_DETAIL).optional(),
  }),
  z.object({
    ...{ kind: z.literal('connection'), at: time, pbx: name, connected: z.boolean() },
    why: text(4_096).optional(),
  }),
  z.object({
    ...{
      kind: z.literal('lost'),
      at: time,
      since: time.optional(),
      count: z.int().min(0).max(1e9),
      why: text(4_096),
    },
  }),
]) as unknown as z.ZodType<JournalEntry>;
