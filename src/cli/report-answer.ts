import * as z from 'zod';

/** What is read of it, here and in `src/report`; the rest is as it was told. */
const LegTimes = z.looseObject({
  id: z.string(),
  callId: z.string().exactOptional(),
  invitedAt: z.number(),
  rangAt: z.number().exactOptional(),
  local: z.string().exactOptional(),
  far: z.string().exactOptional(),
});

const Failure = z.looseObject({
  sip: z.number().exactOptional(),
  phrase: z.string().exactOptional(),
  evidence: z.array(
    z.looseObject({
      source: z.string(),
      provisional: z
        .array(z.looseObject({ sip: z.number(), phrase: z.string(), sdp: z.boolean() }))
        .exactOptional(),
      reasons: z.array(z.looseObject({ protocol: z.string() })).exactOptional(),
      warnings: z
        .array(z.looseObject({ code: z.number(), agent: z.string(), text: z.string() }))
        .exactOptional(),
    }),
  ),
  redress: z
    .looseObject({
      redressUrl: z.string().exactOptional(),
      redressPhone: z.string().exactOptional(),
    })
    .exactOptional(),
});

const Said = {
  class: z.string(),
  sip: z.number().exactOptional(),
  phrase: z.string().exactOptional(),
};

const Attempt = z.object({
  beganAt: z.number(),
  endedAt: z.number().exactOptional(),
  number: z.string().exactOptional(),
  caller: z.string().exactOptional(),
  callerCallId: z.string().exactOptional(),
  times: LegTimes.exactOptional(),
  failure: Failure.exactOptional(),
});

/** Of `GET /reports`. */
export const ReportAnswer = z.object({
  trunk: z.string(),
  since: z.number(),
  until: z.number(),
  attempts: z.number(),
  answered: z.number(),
  more: z.boolean(),
  failingSince: z.number().exactOptional(),
  failures: z.array(
    z.object({
      ...Said,
      count: z.number(),
      firstAt: z.number(),
      lastAt: z.number(),
      examples: z.array(Attempt),
    }),
  ),
  hours: z.array(z.object({ at: z.number(), attempts: z.number(), failures: z.number() })),
  late: z.array(Attempt),
  blocked: z.array(
    z.object({
      caller: z.string(),
      ...Said,
      count: z.number(),
      lastAt: z.number(),
      failure: Failure.exactOptional(),
    }),
  ),
});
