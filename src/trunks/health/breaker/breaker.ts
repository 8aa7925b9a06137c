import type { FailureClass } from '../../../model/classes';
import {
  LAST_GENERATION,
  MOST_TRIPS,
  type BreakerState,
  type Closed,
  type Hold,
  type HoldCause,
} from './state';
import { transitionOf } from './table';
import type { HealthSettings } from '../../../policy/health-settings';

/** An event of a trunk. `at` by the local clock, Unix time in milliseconds. */
export type BreakerEvent =
  | (Fault & { readonly on: 'trip'; readonly cause: 'faults' | 'auth-failed' })
  | (Omit<Fault, 'class' | 'retryAfter'> & { readonly on: 'trip'; readonly cause: 'quality' })
  | (Fault & { readonly on: 'probe-failed' })
  | (Fault & { readonly on: 'pings-failed' })
  | {
      readonly on: 'hold';
      readonly at: number;
      readonly id: string;
      readonly cause: Extract<HoldCause, 'retry-after' | 'rule' | 'operator'>;
      readonly class?: FailureClass;
      readonly why: string;
      /** Milliseconds; absent: until it is cleared. */
      readonly for?: number;
    }
  | {
      readonly on: 'cooldown-over' | 'probes-worked' | 'pings-worked' | 'clear';
      readonly at: number;
    };

interface Fault {
  readonly at: number;
  /** Id of the hold that follows. */
  readonly id: string;
  readonly class: FailureClass;
  readonly why: string;
  /** The carrier's Retry-After; milliseconds. */
  readonly retryAfter?: number;
}

/** Cooldowns are shortened by up to this share, so that trunks do not all return at once. */
const JITTER = 0.1;

/**
 * The state after an event, by the table of transitions; the same object if nothing changes.
 * @param random in [0, 1), for the jitter of a cooldown
 */
export function step(
  state: BreakerState,
  event: BreakerEvent,
  settings: HealthSettings,
  random: number,
): BreakerState {
  const row = transitionOf(state.phase, event.on);
  if (!row) return state;
  switch (event.on) {
    case 'trip':
    case 'probe-failed':
      return tripped(state, event, settings, random);
    case 'hold':
      return held(state, event, settings);
    case 'pings-failed':
      return unanswered(state, event, settings);
    case 'pings-worked':
      // A good OPTIONS does not end a hold that calls have caused.
      return state.phase === 'held' && state.hold.cause === 'ping'
        ? { ...state, phase: 'half-open', hold: { ...state.hold, until: event.at } }
        : state;
    case 'cooldown-over':
      return state.phase === 'held' && isOver(state.hold, event.at)
        ? { ...state, phase: 'half-open' }
        : state;
    case 'probes-worked':
      return closed(state, event.at, state.trips);
    case 'clear':
      return closed(state, event.at, 0);
  }
}

/** Moves a held trunk to half-open once its hold is over. */
export function advance(state: BreakerState, now: number): BreakerState {
  if (state.phase !== 'held' || !isOver(state.hold, now)) return state;
  return { ...state, phase: 'half-open' };
}

/**
 * How long the n-th trip in a row holds a trunk. Milliseconds.
 * @param trips 1 or more
 * @param random in [0, 1)
 */
export function cooldownOf(
  trips: number,
  settings: Pick<HealthSettings, 'cooldown' | 'maxCooldown'>,
  random: number,
): number {
  // Beyond 2^30 every maximum is reached.
  const doubled = settings.cooldown * 2 ** Math.min(trips - 1, 30);
  return Math.round(Math.min(doubled, settings.maxCooldown) * (1 - JITTER * random));
}

/** Whether hold `a` is stricter, or else longer, than `b`. */
export function outweighs(a: Hold, b: Hold): boolean {
  if (a.absolute !== b.absolute) return a.absolute;
  return (a.until ?? Infinity) > (b.until ?? Infinity);
}

function tripped(
  state: BreakerState,
  event: Extract<BreakerEvent, { on: 'trip' | 'probe-failed' }>,
  settings: HealthSettings,
  random: number,
): BreakerState {
  const trips = Math.min(tripsStillRemembered(state, event.at, settings) + 1, MOST_TRIPS);
  const { class: failureClass, retryAfter = 0 }: Partial<Fault> = event;
  const asked = Math.min(retryAfter, settings.retryAfterMax);
  return {
    phase: 'held',
    generation: state.generation,
    trips,
    hold: {
      id: event.id,
      cause: event.on === 'trip' ? event.cause : 'probe-failed',
      ...(failureClass && { class: failureClass }),
      absolute: failureClass === 'no-credit',
      why: event.why,
      since: event.at,
      until: event.at + Math.max(asked, cooldownOf(trips, settings, random)),
    },
  };
}

function held(
  state: BreakerState,
  event: Extract<BreakerEvent, { on: 'hold' }>,
  settings: HealthSettings,
): BreakerState {
  const { cause } = event;
  const length =
    cause === 'retry-after' ? Math.min(event.for ?? 0, settings.retryAfterMax) : event.for;
  const hold: Hold = {
    id: event.id,
    cause,
    ...(event.class && { class: event.class }),
    absolute: cause === 'operator' || event.class === 'no-credit',
    why: event.why,
    since: event.at,
    ...(length !== undefined && { until: event.at + length }),
  };
  // An operator's new hold replaces the earlier one; the generation tells the other instances.
  const replaces = cause === 'operator' && state.phase === 'held' && state.hold.cause === cause;
  if (state.phase === 'held' && !replaces && !outweighs(hold, state.hold)) return state;
  const generation = replaces ? nextGeneration(state) : state.generation;
  return { phase: 'held', generation, trips: state.trips, hold };
}

/**
 * Holds until the next good answers, and at most for the longest cooldown: a PBX that stops sending OPTIONS
 * must not hold a trunk for ever.
 */
function unanswered(
  state: BreakerState,
  event: Extract<BreakerEvent, { on: 'pings-failed' }>,
  settings: HealthSettings,
): BreakerState {
  const until = event.at + settings.maxCooldown;
  if (state.phase === 'held' && state.hold.cause === 'ping') {
    return { ...state, hold: { ...state.hold, until } };
  }
  const hold: Hold = {
    id: event.id,
    cause: 'ping',
    class: event.class,
    absolute: false,
    why: event.why,
    since: event.at,
    until,
  };
  if (state.phase === 'held' && !outweighs(hold, state.hold)) return state;
  return { phase: 'held', generation: state.generation, trips: state.trips, hold };
}

function closed(state: BreakerState, at: number, trips: number): Closed {
  return { phase: 'closed', generation: nextGeneration(state), trips, since: at };
}

function nextGeneration({ generation }: BreakerState): number {
  return Math.min(generation + 1, LAST_GENERATION);
}

/** A trunk that worked for as long as the longest cooldown starts again without trips. */
function tripsStillRemembered(state: BreakerState, at: number, settings: HealthSettings): number {
  if (state.phase !== 'closed') return state.trips;
  return at - (state.since ?? -Infinity) >= settings.maxCooldown ? 0 : state.trips;
}

function isOver(hold: Hold, now: number): boolean {
  return hold.until !== undefined && now >= hold.until;
}
