import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { placeBurst, startCarriers } from '../../lab/runner/scenario/many-calls';
import { ownScenarios } from '../../lab/runner/layout';
import type { LogLine } from '../../lab/runner/log-lines';
import type { Pair } from '../../lab/runner/scenario/second-instance';
import { clearTraces, readTrace } from '../../lab/runner/sip/sipp';
import { clearTrunk, phaseOf } from '../../lab/runner/scenario/trunk-health';
import { attemptsAt } from '../../lab/runner/sip/wire';
import { waitFor } from '../../lab/runner/waiting';
import { CARRIERS, numbers, stream, type PairContext } from './calls-through-two-instances';

const SICK_CALLS = 3;

/** The first carrier of `3…` says 503 after three seconds; the plan's next trunk is carrier-c. */
export function stalePlan(pair: () => Pair, context: () => PairContext): void {
  test('a plan is void once another instance has found its next trunk sick', async () => {
    const late = await readFile(join(ownScenarios, 'sipp', 'uas-late-503.xml'), 'utf8');
    await clearTraces();
    const carriers = await startCarriers(
      { ...CARRIERS, phones: late },
      { ...context(), traced: true },
    );
    const since = Date.now();
    const call = (number: string) =>
      placeBurst(stream('crankback', [number], 1, 5064), context()).then(([one]) => one?.finals);
    try {
      expect(await call('31000')).toEqual([200]);

      const waiting = call('31001');
      await waitFor(
        'the first carrier has its INVITE',
        async () => (await invited('phones', '31001')) || undefined,
        { limitMs: 5_000 },
      );
      await placeBurst(stream('crankback-2', numbers('50', SICK_CALLS), 10, 5066), context());
      expect(await phaseOf('carrier-c', 'crankback-2')).toBe('held');
      expect(await waiting).toEqual([200]);
    } finally {
      await Promise.all(carriers.map((carrier) => carrier.end()));
    }
    expect(await invited('carrier-c', '31000')).toBe(true);
    expect(await invited('carrier-c', '31001')).toBe(false);
    expect(await invited('carrier-b', '31001')).toBe(true);
    const expected = [
      '31000 dial phones false',
      '31000 dial carrier-c true',
      '31001 dial phones false',
      '31001 dial carrier-b false',
    ];
    const log = await pair().logSince(
      'crankback',
      since,
      (lines) => steps(lines).length >= expected.length,
    );
    expect(steps(log)).toEqual(expected);
    expect(log.filter(({ message }) => message === 'plan mismatch')).toEqual([]);
    // Both carriers have been found sick.
    for (const trunk of ['carrier-c', 'phones']) {
      await clearTrunk(trunk, 'crankback');
      await waitFor(
        `the second instance has heard of ${trunk}`,
        async () => (await phaseOf(trunk, 'crankback-2')) === 'closed' || undefined,
        { limitMs: 5_000 },
      );
    }
  }, 60_000);
}

function steps(log: readonly LogLine[]): string[] {
  return log.flatMap(({ message, number, outcome, planned = false }) =>
    message === 'decision' ? [`${String(number)} ${String(outcome)} ${String(planned)}`] : [],
  );
}

async function invited(
  trunk: 'phones' | 'carrier-b' | 'carrier-c',
  number: string,
): Promise<boolean> {
  const trace = await readTrace(trunk);
  const calls = new Set(
    trace
      .filter(({ request, user }) => request === 'INVITE' && user === number)
      .map(({ callId }) => callId),
  );
  return attemptsAt(trunk, trace, () => false).some(({ callId }) => calls.has(callId));
}
