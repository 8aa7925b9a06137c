import { isDeepStrictEqual } from 'node:util';
import { askCrankback } from '../../lab/runner/layout';
import type { Lab } from '../../lab/runner/lab';
import type { ScenarioFolder } from '../../lab/runner/scenario/folder';
import { switchCarrier, type Behaviour } from '../../lab/runner/scenario/switch-carrier';
import { waitFor } from '../../lab/runner/waiting';

const CALLS = 1800;
const CANCELLED = 200;
/** Calls begun per second. A silent fork takes 20 s, and its legs are tracked for 32 s more. */
const RATE = 30;
const CANCELLED_RATE = 4;
const LIMIT_SECONDS = 150;

/** By one digit of the number for each carrier; see `mixedNumbers`. */
const BEHAVIOURS = new Map<number, Behaviour>([
  [0, 503],
  [1, 'ring-answer'],
  [2, 486],
  [3, 480],
  [4, 404],
  [5, 'silent'],
  [6, 'ring'],
  [7, 302],
  [8, 488],
  [9, 603],
]);
const SILENT = 5;
const RING = 6;
/** Dialled by the user's own dialplan first: one trunk, a fork. */
const ONE_TRUNK = '70';
const FORK = '71';

/** Whatever is made for a call must be gone with it. */
export function leaks(lab: () => Lab, { scenarios }: ScenarioFolder): void {
  test(`after ${CALLS + CANCELLED} mixed calls nothing is left: no channel, bridge, timer or listener`, async () => {
    const policy = scenarios.find((scenario) => scenario.policy === 'lab' && !scenario.invert);
    const policyText = policy?.policyText ?? '';
    const carriers = {
      'carrier-a': switchCarrier('3?([0-9])[0-9]{2}[0-9]{3}@', BEHAVIOURS),
      'carrier-b': switchCarrier('3?[0-9]([0-9])[0-9][0-9]{3}@', BEHAVIOURS),
      'carrier-c': switchCarrier('3?[0-9]{2}([0-9])[0-9]{3}@', BEHAVIOURS),
    };
    // The first calls make what stays: connections, say. Silent ones would be tracked for half a minute.
    const first = mixedNumbers(400)
      .filter((number) => !meetsSilence(number))
      .slice(0, 40);
    await lab().playBulk(policyText, carriers, [burst(first, 5060, 'call')], 30);
    const before = await heldWhenIdle(lab());

    const calls = await lab().playBulk(
      policyText,
      carriers,
      [
        burst(slowestFirst(mixedNumbers(CALLS)), 5060, 'call'),
        { ...burst(ringingNumbers(CANCELLED), 5062, 'cancel'), rate: CANCELLED_RATE },
      ],
      LIMIT_SECONDS,
    );
    // No call may be without an answer: a caller who waits for ever holds a channel.
    expect(calls.filter(({ finals }) => finals.length !== 1)).toEqual([]);
    expect(calls).toHaveLength(CALLS + CANCELLED);
    expect(await heldWhenIdle(lab(), before)).toEqual(before);
  }, 400_000);
}

function burst(numbers: readonly string[], port: number, caller: string) {
  return { caller, numbers, rate: RATE, port };
}

/**
 * 3ABCnnn, where A, B and C are what the three carriers do; some dialled by the user's own dialplan
 * first. A ring that nobody ends would last until ring_timeout.
 */
function mixedNumbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const [a, b, c] = [index % 10, Math.floor(index / 10) % 10, Math.floor(index / 100) % 10].map(
      (digit) => (digit === RING ? 1 : digit),
    );
    const entry = index % 7 === 3 ? ONE_TRUNK : index % 7 === 5 ? FORK : '';
    return `${entry}3${a}${b}${c}${String(index % 1000).padStart(3, '0')}`;
  });
}

/** Those that wait longest first, so that they are over by the time that the last call is. */
function slowestFirst(numbers: readonly string[]): string[] {
  const slowness = (number: string): number =>
    meetsSilence(number) ? (number.startsWith(FORK) ? 2 : 1) : 0;
  return [...numbers].sort((a, b) => slowness(b) - slowness(a));
}

/** Whether one of the carriers that it may come to is silent. */
function meetsSilence(number: string): boolean {
  return number.slice(-6, -3).includes(String(SILENT));
}

function ringingNumbers(count: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `36${RING}${RING}${String(index).padStart(3, '0')}`,
  );
}

/**
 * Waits until the last call is over, then says what Asterisk and crankback still hold.
 * @param before waits until they hold the same again, otherwise the same twice: a short timer may be there by chance, what is
 *   left behind stays
 */
async function heldWhenIdle(
  lab: Lab,
  before?: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  let held: Record<string, unknown> = {};
  await waitFor(
    'the PBX is idle',
    async () => {
      const [pbx, tracked] = await Promise.all([lab.pbxHolds(), trackedByCrankback()]);
      const expected = before ?? held;
      held = { ...pbx, ...tracked };
      // The end of an observed call is told a second after it.
      const kinds = ['hunts', 'lateAnswers', 'observed'];
      const isIdle = pbx.channels.length === 0 && kinds.every((kind) => tracked[kind] === 0);
      return isIdle && isDeepStrictEqual(held, expected) ? true : undefined;
    },
    { limitMs: 45_000, everyMs: 500 },
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}; still held: ${JSON.stringify(held)}`);
  });
  return held;
}

/** `crankback_tracked` and the open handles of the process. */
async function trackedByCrankback(): Promise<Record<string, number>> {
  const text = await (await askCrankback('/metrics')).text();
  const tracked = text.matchAll(/^crankback_tracked\{.*kind="(\w+)".*\} (\d+)$/gm);
  const timers = text.matchAll(/^nodejs_active_resources\{type="(Timeout|Immediate)"\} (\d+)$/gm);
  return Object.fromEntries(
    [...tracked, ...timers].map(([, kind = '', value]) => [kind, Number(value)]),
  );
}
