import * as z from 'zod';

const Inputs = z.object({
  policyHash: z.string(),
  pbx: z.string().optional(),
  hunt: z.looseObject({
    number: z.string(),
    startedAt: z.number(),
    attempts: z.array(z.looseObject({ trunk: z.string(), rang: z.boolean() })),
    mailboxMissing: z.boolean(),
  }),
  failure: z.looseObject({ class: z.string(), evidence: z.array(z.looseObject({})) }).optional(),
  trunks: z.looseObject({
    obstacles: z.record(z.string(), z.looseObject({ kind: z.string() })),
    turn: z.number(),
  }),
  now: z.number(),
});

/** A decision as the journal has it: what deciding again and telling it read of it. */
export const MadeDecision = z.object({
  decision: z.looseObject({ outcome: z.looseObject({ kind: z.string() }) }),
  /** What was cut on its way cannot be decided on. */
  inputs: Inputs.optional().catch(undefined),
});
