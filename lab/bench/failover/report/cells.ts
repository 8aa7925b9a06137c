import { MODES, type Mode } from '../modes';

/** One condition, in which all modes are measured in turn. */
export interface Cell {
  /** Calls begun per second. */
  readonly rate: number;
  /** What the first carrier says. */
  readonly status: 480 | 500 | 503;
  /** Trunks in the policy; with a single one the failure is relayed. */
  readonly trunks: number;
  /** The PBX mirrors its SIP to crankback. */
  readonly mirrored: boolean;
  /** Whether crankback runs at all; without it there is nothing but the PBX's own dialplan. */
  readonly crankback: 'running' | 'stopped';
  readonly modes: readonly Mode[];
  /** Every mode is measured so many times. */
  readonly rounds: number;
  /** How long calls are begun in one round. Seconds. */
  readonly seconds: number;
  /** The bench goes on to the next climbing cell only with the modes that lost no call. */
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

/** Rates beyond which no call is begun: a trunk's health allows 1,000 faults in a row. */
export const MOST_PER_SECOND = 400;
const CLIMB = 1.5;

/** 20 and 100 calls a second alone. */
export const QUICK: readonly Cell[] = [20, 100].map(usualAt);

/** Each question against one usual condition, not every combination. */
export const FULL: readonly Cell[] = [
  // Few calls a round, so more rounds.
  { ...USUAL, rate: 20, seconds: 4, rounds: 9 },
  { ...USUAL, seconds: 4 },
  { ...USUAL, rate: 100, seconds: 3 },
  ...climbing(100).map((rate): Cell => ({ ...USUAL, rate, seconds: 2, rounds: 1, climbs: true })),
  { ...USUAL, status: 480, seconds: 3 },
  { ...USUAL, status: 500, seconds: 3 },
  { ...USUAL, mirrored: false, seconds: 3 },
  { ...USUAL, trunks: 1, seconds: 3 },
  { ...USUAL, trunks: 100, seconds: 3 },
  // How much of the rest is the price of being watched.
  { ...USUAL, crankback: 'stopped', modes: ['native'], seconds: 3 },
];

function climbing(from: number): number[] {
  const rate = Math.round(from * CLIMB);
  if (from >= MOST_PER_SECOND) return [];
  return rate >= MOST_PER_SECOND ? [MOST_PER_SECOND] : [rate, ...climbing(rate)];
}

/** One rate in the usual condition, in short rounds. */
export function usualAt(rate: number): Cell {
  return { ...USUAL, rate, seconds: rate < 50 ? 4 : 2 };
}

export function describeCell({ rate, status, trunks, mirrored, crankback }: Cell): string {
  if (crankback === 'stopped') return `${rate} calls/s, ${status}, no crankback`;
  const noun = trunks === 1 ? 'trunk' : 'trunks';
  return `${rate} calls/s, ${status}, ${trunks} ${noun}, HEP ${mirrored ? 'on' : 'off'}`;
}
