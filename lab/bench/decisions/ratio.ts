import { at } from './played-service';

/** Of the slowest: so many of a hundred decisions are faster. */
const SHARE = 0.99;
const RESAMPLES = 1_000;

/** How long each decision took, by the round that it was made in. */
export type Rounds = readonly (readonly number[])[];

export interface Ratio {
  /** Of the p99 of all decisions of all rounds. */
  readonly pooled: number;
  /** The 95% interval, by a bootstrap over the rounds: decisions of one round are not independent. */
  readonly low: number;
  readonly high: number;
}

/**
 * The p99 of what was measured to that of what it is compared with. A round's own p99 is that of its five slowest decisions;
 * that of all together is the same quantity, told more exactly.
 * @param random from 0 to 1
 */
export function ratioOfP99(measured: Rounds, compared: Rounds, random = Math.random): Ratio {
  const rounds = measured.map((_, round) => round);
  const of = (drawn: readonly number[]): number =>
    p99(drawn.map((round) => measured[round] ?? [])) /
    p99(drawn.map((round) => compared[round] ?? []));
  const draw = (): number => Math.floor(random() * rounds.length);
  const again = Array.from({ length: RESAMPLES }, () => of(rounds.map(draw)));
  return { pooled: of(rounds), low: at(again, 0.025), high: at(again, 0.975) };
}

function p99(rounds: Rounds): number {
  return at(rounds.flat(), SHARE);
}
