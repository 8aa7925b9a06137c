import {
  placeBurst,
  startCarriers,
  type BulkCall,
  type BulkCallers,
} from '../../lab/runner/scenario/many-calls';
import { labAddress } from '../../lab/provision/place';
import type { Lab } from '../../lab/runner/lab';
import type { Crankback } from '../../lab/runner/layout';
import { BOTH, Pair } from '../../lab/runner/scenario/second-instance';
import { clearTraces, readTrace } from '../../lab/runner/sip/sipp';
import { attemptsAt } from '../../lab/runner/sip/wire';
import { CARRIERS, changes, numbers, POLICY, stream } from './calls-through-two-instances';
import { redisOutage } from './redis-outage';
import { sharedLimits } from './shared-limits';
import { stalePlan } from './stale-plan';

const LIMIT_SECONDS = 60;
const COOLDOWN_MS = 2000;
/** Cooldowns are up to a tenth shorter. */
const SHORTEST = 0.9;
/** Calls a second at each of the two. */
const RATE = 12;
/** What a busy machine may add to 100 ms; what was measured is printed. */
const HEARD_WITHIN_MS = 500;

/** An INVITE that reached carrier-a, from which PBX. */
interface Invite {
  readonly at: number;
  readonly from: Crankback;
}

/** Two Asterisks, each with an instance of its own, which share trunk health. */
export function twoInstances(lab: () => Lab): void {
  describe('two instances on two Asterisks', () => {
    let pair: Pair;

    beforeAll(async () => void (pair = await Pair.up(lab().parts, POLICY)), 120_000);
    afterAll(async () => pair?.down(), 60_000);

    const context = () => ({ ...lab().parts, limitSeconds: LIMIT_SECONDS, traced: true });

    async function play(bursts: readonly BulkCallers[]): Promise<BulkCall[]> {
      await clearTraces();
      const carriers = await startCarriers(CARRIERS, context());
      try {
        return (await Promise.all(bursts.map((burst) => placeBurst(burst, context())))).flat();
      } finally {
        await Promise.all(carriers.map((carrier) => carrier.end()));
      }
    }

    test('one finds a carrier sick, both leave it alone, one call of both tries it, twice', async () => {
      const [one, other] = streams();
      const since = Date.now();
      const calls = await play([one, other]);
      const invites = await invitesAtCarrierA();
      const log = await changes(pair, since, { message: 'trunk closed', count: 1 });
      expect(calls.filter(({ finals }) => finals.join() !== '200')).toEqual([]);

      // Found by the first one alone: the second one's calls were all answered there.
      // A line is written after what it tells has been done: the other instance's may come first.
      const held = log.filter(({ message }) => message === 'trunk held');
      const [tripped, triedInVain] = held.filter(({ learnt }) => !learnt);
      const [heard] = held.filter(({ learnt }) => learnt);
      expect(tripped).toMatchObject({ which: 'crankback', learnt: undefined });
      expect(heard).toMatchObject({ which: 'crankback-2', learnt: true });
      const trip = tripped!.at;
      const late = invites.filter(({ from, at }) => from === 'crankback-2' && at > trip);
      const stillUsed = late.filter(({ at }) => at < trip + COOLDOWN_MS * SHORTEST);
      const lastOne = Math.max(0, ...stillUsed.map(({ at }) => at - trip));
      process.stderr.write(
        `the second instance was told ${heard!.at - trip} ms after the trip; its last INVITE to the carrier came ${lastOne.toFixed(1)} ms after it\n`,
      );
      expect(heard!.at - trip).toBeLessThan(HEARD_WITHIN_MS);
      expect(lastOne).toBeLessThan(HEARD_WITHIN_MS);

      // Then nobody, until the cooldown is over; then one call, which meets a 503.
      expect(triedInVain!.at - trip).toBeGreaterThanOrEqual(COOLDOWN_MS * SHORTEST);
      const quiet = invites.filter(({ at }) => at > trip + HEARD_WITHIN_MS);
      const [first, second] = quiet;
      expect(first!.at - trip).toBeGreaterThanOrEqual(COOLDOWN_MS * SHORTEST);
      expect(first!.at).toBeLessThanOrEqual(triedInVain!.at);
      // Twice as long, then one call again, which is answered; until then no other.
      expect(second!.at - first!.at).toBeGreaterThanOrEqual(2 * COOLDOWN_MS * SHORTEST);
      const closed = log.filter(({ message }) => message === 'trunk closed');
      expect(closed.map(({ learnt }) => learnt ?? false).sort()).toEqual([false, true]);
      const trial = quiet.filter(({ at }) => at >= second!.at && at < closed[0]!.at);
      expect(trial).toHaveLength(1);
      const after = quiet.filter(({ at }) => at > closed[1]!.at);
      expect(new Set(after.map(({ from }) => from))).toEqual(new Set(BOTH));
    }, 60_000);

    test('a hundred busy callees make no carrier sick', async () => {
      const since = Date.now();
      const calls = await play(
        BOTH.map((which, index) => stream(which, numbers('62', 50), 25, 5064 + 2 * index)),
      );
      expect(calls.map(({ finals }) => finals.join())).toEqual(Array(100).fill('486'));
      expect(await invitesAtCarrierA()).toHaveLength(100);
      expect(await changes(pair, since, { message: 'attempt', count: 50 })).toEqual([]);
    }, 60_000);

    sharedLimits(() => pair, context);
    stalePlan(() => pair, context);
    redisOutage(() => pair, context);
  });
}

/**
 * Calls at both all the time. The first one's are refused from the second second on, the other's only
 * when both know; the first trial falls in that time, the second one in the last seconds.
 */
function streams(): [BulkCallers, BulkCallers] {
  const seconds = (kind: string, length: number) => numbers(kind, Math.round(length * RATE));
  const dialled = (good: number) => [
    ...seconds('61', good),
    ...seconds('60', 6 - good),
    ...seconds('61', 4.5),
  ];
  return [
    stream('crankback', dialled(1.5), RATE, 5064),
    stream('crankback-2', dialled(2.5), RATE, 5066),
  ];
}

async function invitesAtCarrierA(): Promise<Invite[]> {
  const trace = await readTrace('carrier-a');
  const second = new Set(
    trace.filter(({ text }) => text.includes(labAddress(12))).map(({ callId }) => callId),
  );
  return attemptsAt('carrier-a', trace, () => false)
    .map(({ callId, invitedAt }): Invite => ({
      at: invitedAt,
      from: second.has(callId) ? 'crankback-2' : 'crankback',
    }))
    .sort((a, b) => a.at - b.at);
}
