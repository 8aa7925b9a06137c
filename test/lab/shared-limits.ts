import { labAddress } from '../../lab/provision/place';
import { placeBurst, startCarriers } from '../../lab/runner/scenario/many-calls';
import { BOTH, type Pair } from '../../lab/runner/scenario/second-instance';
import { switchCarrier } from '../../lab/runner/scenario/switch-carrier';
import type { Crankback } from '../../lab/runner/layout';
import { clearTraces, readTrace } from '../../lab/runner/sip/sipp';
import type { SipMessage } from '../../lab/runner/sip/trace';
import { LIMIT, numbers, stream, type PairContext } from './calls-through-two-instances';

/** Calls a second at each of the two: each call lasts for 2.5 s and more. */
const RATE = 6;
const SECONDS = 6;

/** Whatever is dialled is answered late. */
const SLOW = switchCarrier(
  '6[0-9]{3}([0-9])@',
  new Map(Array.from({ length: 10 }, (_, digit) => [digit, 'slow-answer'] as const)),
);

/** `69…` has one trunk, with `concurrent_calls`. */
export function sharedLimits(pair: () => Pair, context: () => PairContext): void {
  test('calls at once of both instances never exceed a trunk’s limit, and it goes where the calls are', async () => {
    await clearTraces();
    const since = Date.now();
    const carriers = await startCarriers({ 'carrier-b': SLOW }, { ...context(), traced: true });
    const burst = (which: Crankback, port: number) =>
      placeBurst(stream(which, numbers('69', RATE * SECONDS), RATE, port), context());
    let second = Infinity;
    let finals: string[];
    try {
      const alone = await burst('crankback', 5064);
      second = Date.now();
      const both = await Promise.all(BOTH.map((which, index) => burst(which, 5064 + 2 * index)));
      finals = [alone, ...both].flat().map((call) => call.finals.join());
    } finally {
      await Promise.all(carriers.map((carrier) => carrier.end()));
    }
    expect(new Set(finals)).toEqual(new Set(['200', '503']));
    const calls = callsAt(await readTrace('carrier-b'));
    // One alone has the whole limit; both together have no more.
    expect(most(calls.filter(({ from }) => from < second))).toBe(LIMIT);
    expect(most(calls)).toBe(LIMIT);
    expect(new Set(calls.filter(({ from }) => from > second).map(({ by }) => by))).toEqual(
      new Set(BOTH),
    );
    const why = `calls at once (share of ${LIMIT} over 2 instances)`;
    await pair().logSince('crankback', since, (log) =>
      log.some((line) => JSON.stringify(line).includes(why)),
    );
  }, 60_000);
}

interface Call {
  /** Unix time in milliseconds. */
  readonly from: number;
  readonly until: number;
  readonly by: Crankback;
}

/** From the first INVITE to the BYE. */
function callsAt(trace: readonly SipMessage[]): Call[] {
  const ids = new Set(trace.map(({ callId }) => callId));
  return [...ids].flatMap((id) => {
    const its = trace.filter(({ callId }) => callId === id);
    const invite = its.find(({ request }) => request === 'INVITE');
    const bye = its.find(({ request }) => request === 'BYE');
    if (!invite) return [];
    const by = invite.text.includes(labAddress(12)) ? 'crankback-2' : 'crankback';
    return { from: invite.at, until: bye?.at ?? Infinity, by };
  });
}

function most(calls: readonly Call[]): number {
  return Math.max(
    ...calls.map(({ from }) => calls.filter((one) => one.from <= from && one.until > from).length),
  );
}
