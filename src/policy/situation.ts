import type { Failure } from '../model/failure';
import type { Fact } from './facts';
import type { Hunt } from './hunt';
import type { Limits, Route } from './policy-data';
import type { CountryOf } from './routes/number';
import type { LocalClock } from './rules/time';

/** What a rule's `when` may look at beside the call itself: parts of the policy. */
export interface Surroundings {
  /** The wall clock of the policy's time zone; absent without one. */
  readonly clock: LocalClock | undefined;
  /** The country of a number as the policy's numbering reads it; absent if no rule asks for one. */
  readonly countryOf: CountryOf | undefined;
  /** Attempts that a hunt may have, the first one included. */
  readonly mostAttempts: number;
}

/** Everything that a rule's `when` may look at. */
export interface Situation extends Surroundings {
  readonly route: Route | undefined;
  readonly hunt: Hunt;
  readonly failure: Failure;
  /** Facts whose values must not be used. */
  readonly unknown: ReadonlySet<Fact>;
  /** Unix time in milliseconds, on the same clock as `hunt.startedAt`. */
  readonly now: number;
}

/** The trunk of the attempt that has just failed. */
export function failedTrunk({ hunt }: Pick<Situation, 'hunt'>): string | undefined {
  return hunt.attempts.at(-1)?.trunk;
}

/** What the rules of a policy see of it. */
export function surroundings({
  index,
  limits,
}: {
  readonly index: { readonly clock?: LocalClock; readonly countryOf?: CountryOf };
  readonly limits: Limits;
}): Surroundings {
  return { clock: index.clock, countryOf: index.countryOf, mostAttempts: limits.attempts };
}

/**
 * How many trunks the hunt may still try: the attempts that its limit leaves, and no more than there are trunks of the
 * route that it has not tried. Trunks that are held or full count.
 */
export function attemptsLeft({ hunt, route, mostAttempts }: Situation): number {
  const untried = (route?.trunks ?? []).filter(
    (name) => !hunt.attempts.some(({ trunk }) => trunk === name),
  );
  return Math.max(0, Math.min(mostAttempts - hunt.attempts.length, untried.length));
}

/** The dialled number without the access code that its route takes off. */
export function calledNumber({ hunt, route }: Pick<Situation, 'hunt' | 'route'>): string {
  const { strip = '' } = route?.number ?? {};
  return hunt.number.startsWith(strip) ? hunt.number.slice(strip.length) : hunt.number;
}
