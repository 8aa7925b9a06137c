import { z } from 'zod';
import { askCrankback, type Crankback } from './layout';

const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('dial'), trunk: z.string() }),
  z.object({ kind: z.literal('redirect'), trunk: z.string() }),
  z.object({ kind: z.literal('announce'), play: z.string(), sip: z.number() }),
  z.object({
    kind: z.literal('voicemail'),
    mailbox: z.string().optional(),
    greeting: z.enum(['busy', 'unavailable']),
  }),
  z.object({ kind: z.literal('relay'), sip: z.number() }),
]);

const decision = z.object({
  at: z.number(),
  outcome,
  rule: z.object({ file: z.string(), line: z.number(), column: z.number() }).optional(),
  why: z.string(),
  refused: z.array(z.string()),
});

const hunt = z.object({
  id: z.string(),
  number: z.string(),
  startedAt: z.number(),
  attempts: z.array(z.object({ trunk: z.string(), sip: z.number().optional(), class: z.string() })),
  decisions: z.array(decision),
});

/** The outcome of a decision in a few words. */
export function describeOutcome({ outcome }: DecisionRecord): string {
  switch (outcome.kind) {
    case 'dial':
    case 'redirect':
      return `${outcome.kind} ${outcome.trunk}`;
    case 'voicemail':
      return ['voicemail', outcome.mailbox, outcome.greeting].filter(Boolean).join(' ');
    case 'announce':
      return `announce ${outcome.play}, then ${outcome.sip}`;
    case 'relay':
      return `relay ${outcome.sip}`;
  }
}

/** The parts of crankback's record of a hunt that the lab uses. */
export type HuntRecord = z.output<typeof hunt>;
export type DecisionRecord = z.output<typeof decision>;

/** Longest wait for one HTTP answer of crankback. Milliseconds. */
const HTTP_LIMIT = 2000;

/**
 * The hunts that began at `since` (Unix time in milliseconds) or later, oldest first.
 * @throws if crankback does not answer, or not in this form
 */
export async function fetchHunts(since: number): Promise<HuntRecord[]> {
  const response = await askCrankback('/hunts', 'crankback', {
    signal: AbortSignal.timeout(HTTP_LIMIT),
  });
  if (!response.ok) throw new Error(`crankback answers GET /hunts with ${response.status}`);
  const { hunts } = z.object({ hunts: z.array(hunt) }).parse(await response.json());
  return hunts.filter(({ startedAt }) => startedAt >= since).reverse();
}

/** Why crankback cannot decide calls yet; undefined when it can. */
export async function whyNotReady(which?: Crankback): Promise<string | undefined> {
  try {
    const response = await askCrankback('/ready', which, {
      signal: AbortSignal.timeout(HTTP_LIMIT),
    });
    return response.ok ? undefined : `${response.status}: ${await response.text()}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Hash of the policy that crankback has in force; undefined if its metrics have none. */
export async function hashInForce(): Promise<string | undefined> {
  const response = await askCrankback('/metrics', 'crankback', {
    signal: AbortSignal.timeout(HTTP_LIMIT),
  });
  return /^crankback_policy_info\{[^}]*hash="(\w+)".*\} 1$/m.exec(await response.text())?.[1];
}
