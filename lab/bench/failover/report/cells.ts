import { MODES, type Mode } from '../modes';

/** One condition, under which all modes are measured in turn. */
export interface Cell {
  /** Calls begun per second. */
  readonly rate: number;
  /** The first carrier's response. */
  readonly status: 480 | 500 | 503;
  /** Trunks in the policy; with a single one the failure is relayed. */
  readonly trunks: number;
  /** Whether the PBX mirrors its SIP to crankback. */
  readonly mirrored: boolean;
  /** Whether crankback runs; without it there are only the PBX's own dialplan and what has travelled to it. */
  readonly crankback: 'running' | 'stopped';
  readonly modes: readonly Mode[];
  /** Number of rounds per mode. */
  readonly rounds: number;
  /** Time in which calls begin in one round. Seconds. */
  readonly seconds: number;
  /** Calls of each mode before the first round; absent: as many as the usual condition needs. */
  readonly warmUp?: { readonly rate: number; readonly seconds: number };
  /** The next climbing cell has only the modes that lost no call here. */
  readonly climbs?: true;
}

export const USUAL = {
  rate: 50,
  status: 503,
  trunks: 10,
  mirrored: true,
  crankback: 'running',
  modes: MODES,
  rounds: 5,
} as const;

/** Highest rate of calls: a trunk's health allows 1,000 faults in a row. */
export const MOST_PER_SECOND = 400;
const CLIMB = 1.5;

/** Only 20 and 100 calls a second. */
export const QUICK: readonly Cell[] = [20, 100].map(usualAt);

/** What calls get and how fast while crankback is stopped. */
export const DEAD: readonly Cell[] = [20, 100].map((rate): Cell => ({
  ...usualAt(rate),
  crankback: 'stopped',
  modes: ['native', 'travel'],
}));

/**
 * What crankback and following it take at 100 calls/s, in rounds that are long beside what surrounds their calls; the PBX
 * alone, without mirroring, before and after.
 */
export const LOAD: readonly Cell[] = (() => {
  const cell = { ...USUAL, rate: 100, seconds: 6, rounds: 3 };
  const alone: Cell = { ...cell, crankback: 'stopped', mirrored: false, modes: ['native'] };
  // V8 goes on compiling for thousands of calls: what a service that has run for a day takes is what is asked for.
  const warmUp = { rate: 100, seconds: 30 };
  return [alone, { ...cell, modes: ['native', 'plan', 'travel'], warmUp }, { ...alone }];
})();

/** One usual condition, varied in one respect at a time. */
export const FULL: readonly Cell[] = [
  // With few calls a round, more rounds.
  { ...USUAL, rate: 20, seconds: 4, rounds: 9 },
  { ...USUAL, seconds: 4 },
  { ...USUAL, rate: 100, seconds: 3 },
  ...climbing(100).map((rate): Cell => ({ ...USUAL, rate, seconds: 2, rounds: 1, climbs: true })),
  { ...USUAL, status: 480, seconds: 3 },
  { ...USUAL, status: 500, seconds: 3 },
  { ...USUAL, mirrored: false, seconds: 3 },
  { ...USUAL, trunks: 1, seconds: 3 },
  { ...USUAL, trunks: 100, seconds: 3 },
  // Shows how much of the rest is the cost of being observed.
  { ...USUAL, crankback: 'stopped', modes: ['native', 'travel'], seconds: 3 },
];

function climbing(from: number): number[] {
  const rate = Math.round(from * CLIMB);
  if (from >= MOST_PER_SECOND) return [];
  return rate >= MOST_PER_SECOND ? [MOST_PER_SECOND] : [rate, ...climbing(rate)];
}

/** One rate under the usual condition, in short rounds. */
export function usualAt(rate: number): Cell {
  return { ...USUAL, rate, seconds: rate < 50 ? 4 : 2 };
}

export function describeCell({ rate, status, trunks, mirrored, crankback }: Cell): string {
  const hep = `HEP ${mirrored ? 'on' : 'off'}`;
  if (crankback === 'stopped') return `${rate} calls/s, ${status}, no crankback, ${hep}`;
  const noun = trunks === 1 ? 'trunk' : 'trunks';
  return `${rate} calls/s, ${status}, ${trunks} ${noun}, ${hep}`;
}
