import type { BulkCallers } from '../../lab/runner/scenario/many-calls';
import type { Crankback } from '../../lab/runner/layout';
import type { Containers } from '../../lab/runner/containers';
import { BOTH, type Pair } from '../../lab/runner/scenario/second-instance';
import type { LogLine } from '../../lab/runner/log-lines';
import { switchCarrier, type Behaviour } from '../../lab/runner/scenario/switch-carrier';

export interface PairContext {
  readonly containers: Containers;
  readonly signal: AbortSignal;
  /** After which SIPp gives up by itself. */
  readonly limitSeconds: number;
}

/** Calls at once on `shared`, which is carrier-b by another name. */
export const LIMIT = 4;

export const POLICY = `version: 1
emergency: [112]
trunks:
  carrier-a:
    dial: { asterisk: "PJSIP/{number}@carrier-a" }
    first_response: 4s
    health: { trip: { consecutive: 2, distinct_numbers: 1 }, cooldown: 2s }
  carrier-b:
    dial: { asterisk: "PJSIP/{number}@carrier-b" }
    first_response: 4s
  carrier-c:
    dial: { asterisk: "PJSIP/{number}@carrier-c" }
    first_response: 4s
    health: { trip: { consecutive: 2, distinct_numbers: 1 }, cooldown: 60s }
  phones:
    dial: { asterisk: "PJSIP/{number}@phones" }
    first_response: 4s
    health: { trip: { consecutive: 2, distinct_numbers: 1 }, cooldown: 60s }
    # By status alone: what follows is planned before the attempt.
    rules: [{ when: { sip: 503 }, do: { retry: next-trunk } }]
  shared:
    dial: { asterisk: "PJSIP/{number}@carrier-b" }
    first_response: 4s
    limits: { concurrent_calls: ${LIMIT} }
routes:
  - { digits: '69*', trunks: [shared] }
  - { digits: '3*', trunks: [phones, carrier-c, carrier-b] }
  - { digits: '6*', trunks: [carrier-a, carrier-b] }
  - { digits: '5*', trunks: [carrier-c, carrier-b] }
  - { digits: '4*', trunks: [phones, carrier-b] }
  - { digits: '*', trunks: [carrier-a, carrier-b] }
`;

/** By the second digit of the number: what the sick carriers do with it. */
const BEHAVIOURS = new Map<number, Behaviour>([
  [0, 503],
  [1, 'ring-answer'],
  [2, 486],
]);
const SICK = switchCarrier('[3456]([0-9])[0-9]{3}@', BEHAVIOURS);
/** Whatever the others would have done with it. */
const WELL = switchCarrier(
  '[3456][0-9]{3}([0-9])@',
  new Map(Array.from({ length: 10 }, (_, digit) => [digit, 'ring-answer'] as const)),
);
export const CARRIERS = { 'carrier-a': SICK, 'carrier-b': WELL, 'carrier-c': SICK, phones: SICK };

/** So many numbers of one kind, `60…` to be refused with 503, `61…` to be answered. */
export function numbers(kind: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => kind + String(index % 1000).padStart(3, '0'));
}

/** Calls of one kind after the other at one of the two PBXes. */
export function stream(
  which: Crankback,
  dialled: readonly string[],
  rate: number,
  port: number,
): BulkCallers {
  const pbx = which === 'crankback' ? 'asterisk' : 'asterisk-2';
  return { caller: 'call', numbers: dialled, rate, port, pbx };
}

type Change = LogLine & { readonly which: Crankback; readonly at: number };

/**
 * What both have logged of changes to a trunk, in order of time.
 * @param last of the lines in the log of either: when these are there, so are all changes
 */
export async function changes(
  pair: Pair,
  since: number,
  last: { readonly message: string; readonly count: number },
): Promise<Change[]> {
  const isThere = (log: readonly LogLine[]) =>
    log.filter(({ message }) => message === last.message).length >= last.count;
  const logs = await Promise.all(
    BOTH.map(async (which) =>
      (await pair.logSince(which, since, isThere)).map((line) => ({
        learnt: undefined,
        ...line,
        which,
        at: Date.parse(String(line['timestamp'])),
      })),
    ),
  );
  return (
    logs
      .flat()
      .filter((line: LogLine) => /^trunk (held|closed)$/.test(String(line['message'])))
      // Within one millisecond: who has found it, then who was told.
      .sort((a, b) => a.at - b.at || Number(a.learnt ?? false) - Number(b.learnt ?? false))
  );
}
