import { placeBurst, startCarriers } from '../../lab/runner/scenario/many-calls';
import { BOTH, type Pair } from '../../lab/runner/scenario/second-instance';
import { clearTraces } from '../../lab/runner/sip/sipp';
import { phaseOf } from '../../lab/runner/scenario/trunk-health';
import { pause, waitFor } from '../../lab/runner/waiting';
import {
  CARRIERS,
  changes,
  numbers,
  stream,
  type PairContext,
} from './calls-through-two-instances';

/** From Redis's return to everybody knowing the same. Milliseconds. */
const CONVERGED_MS = 2000;
/** How long each condition lasts. Milliseconds. */
const CONDITION_MS = 3500;
/** Calls a second at each of the two. */
const RATE = 8;
const STREAM_SECONDS = 26;
/** Milliseconds. */
const SLOW_MS = 200;

/** While it runs, Redis answers nobody sooner than that after the last time. */
const SLOW = `(while test ! -e /tmp/fast; do valkey-cli client pause ${SLOW_MS} all; done) >/dev/null 2>&1 &`;

export function redisOutage(pair: () => Pair, context: () => PairContext): void {
  test('Redis frozen, slow, killed and empty again harms no call and delays no decision', async () => {
    const { containers, signal } = context();
    const clock = new DecisionClock(pair());
    await clearTraces();
    const carriers = await startCarriers(CARRIERS, context());
    const good = BOTH.map((which, index) =>
      placeBurst(
        stream(which, numbers('61', STREAM_SECONDS * RATE), RATE, 5064 + 2 * index),
        context(),
      ),
    );
    const twoBad = (kind: string) =>
      placeBurst(stream('crankback', numbers(kind, 2), 10, 5068), context());
    const secondHolds = (trunk: string) => async () =>
      (await phaseOf(trunk, 'crankback-2')) === 'held' ? true : undefined;
    const within = (what: string, condition: () => Promise<true | undefined>, limitMs: number) =>
      waitFor(what, condition, { limitMs, everyMs: 20, signal });
    const shared = async () =>
      (await Promise.all(BOTH.map((which) => pair().isShared(which)))).every(Boolean) || undefined;
    const times: Record<string, number> = {};
    try {
      await pause(1000, signal);
      await clock.measure('up', () => pause(CONDITION_MS, signal));

      await containers.control('redis', 'pause');
      const frozen = await clock.measure('frozen', async () => {
        const calls = await twoBad('50');
        await pause(CONDITION_MS, signal);
        return calls;
      });
      expect(frozen.map(({ finals }) => finals)).toEqual([[200], [200]]);
      expect(await phaseOf('carrier-c', 'crankback')).toBe('held');
      expect(await phaseOf('carrier-c', 'crankback-2')).toBe('closed');
      times['thawed'] = await took(async () => {
        await containers.control('redis', 'unpause');
        await within('the second one knows', secondHolds('carrier-c'), 5000);
      });
      await within('both share again', shared, 5000);

      await containers.ask('redis', `rm -f /tmp/fast\n${SLOW}`);
      await clock.measure('slow', async () => {
        const since = Date.now();
        await twoBad('40');
        await within('the second one knows', secondHolds('phones'), 5000);
        const [found, learnt] = await changes(pair(), since, {
          message: 'trunk held',
          count: 1,
        });
        expect(learnt).toMatchObject({ which: 'crankback-2', trunk: 'phones', learnt: true });
        times['slow'] = learnt!.at - found!.at;
        await pause(CONDITION_MS, signal);
      });
      await containers.ask('redis', 'touch /tmp/fast');

      await containers.control('redis', 'kill');
      await clock.measure('killed', () => pause(CONDITION_MS, signal));
      await containers.control('redis', 'start');
      times['restarted empty'] = await took(() => within('both share again', shared, 5000));
      // What only the instances knew is in Redis again; so is each trunk that was sick before.
      const keys = await containers.ask('redis', "valkey-cli keys '*:state'");
      expect(keys.split('\n')).toEqual(
        expect.arrayContaining(['crankback:{carrier-c}:state', 'crankback:{phones}:state']),
      );
      await clock.measure('back', () => pause(CONDITION_MS, signal));

      const calls = (await Promise.all(good)).flat();
      expect(calls).toHaveLength(2 * STREAM_SECONDS * RATE);
      expect(calls.filter(({ finals }) => finals.join() !== '200')).toEqual([]);
      process.stderr.write(`${clock.table()}\n${JSON.stringify(times)} ms until both knew\n`);
      for (const what of ['thawed', 'slow', 'restarted empty']) {
        expect([what, times[what]! < CONVERGED_MS]).toEqual([what, true]);
      }
      // Whoever waited for Redis waited for a second.
      expect(clock.slowest()).toBeLessThanOrEqual(0.5);
    } finally {
      await containers.control('redis', 'unpause').catch(() => undefined);
      await Promise.all(good.map((calls) => calls.catch(() => undefined)));
      await Promise.all(carriers.map((carrier) => carrier.end()));
    }
  }, 120_000);
}

async function took(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await act();
  return Math.round(performance.now() - started);
}

interface Measured {
  readonly condition: string;
  readonly decisions: number;
  readonly meanMs: number;
  /** Upper bound of the slowest one's bucket; seconds. */
  readonly slowest: number;
}

/** From a handover to the PBX having taken the answer, as both instances count it. */
class DecisionClock {
  private readonly measured: Measured[] = [];

  constructor(private readonly pair: Pair) {}

  async measure<T>(condition: string, act: () => Promise<T>): Promise<T> {
    const before = await this.read();
    const result = await act();
    const after = await this.read();
    const decisions = after.count - before.count;
    const buckets = after.buckets.map(({ le, count }, index) => ({
      le,
      count: count - (before.buckets[index]?.count ?? 0),
    }));
    this.measured.push({
      condition,
      decisions,
      meanMs: (1000 * (after.sum - before.sum)) / decisions,
      slowest: buckets.find(({ count }) => count === decisions)?.le ?? Infinity,
    });
    return result;
  }

  slowest(): number {
    return Math.max(...this.measured.map(({ slowest }) => slowest));
  }

  table(): string {
    const [first] = this.measured;
    return [
      'Redis     decisions  mean, ms  against up  all within, ms',
      ...this.measured.map(({ condition, decisions, meanMs, slowest }) =>
        [
          condition.padEnd(8),
          String(decisions).padStart(9),
          meanMs.toFixed(2).padStart(8),
          (meanMs / (first?.meanMs ?? 1)).toFixed(2).padStart(10),
          String(slowest * 1000).padStart(14),
        ].join('  '),
      ),
    ].join('\n');
  }

  private async read() {
    const all = await Promise.all(BOTH.map((which) => this.pair.metrics(which)));
    const name = 'crankback_handover_seconds';
    const sum = (suffix: string) =>
      all.reduce((total, metrics) => total + (metrics.get(`${name}${suffix}`) ?? 0), 0);
    const bounds = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2];
    return {
      sum: sum('_sum{pbx="asterisk"}'),
      count: sum('_count{pbx="asterisk"}'),
      buckets: bounds.map((le) => ({ le, count: sum(`_bucket{le="${le}",pbx="asterisk"}`) })),
    };
  }
}
