import { outweighs } from './breaker';
import { LAST_GENERATION, type BreakerState, type HalfOpen, type Held } from './state';

/**
 * Merges the states that two instances have of one trunk. The instance that closed the trunk later wins,
 * otherwise the stricter or longer hold. In the last generation the later state wins. Trips are never added up: both instances may have seen the same
 * fault. The order of arguments and merges does not matter, nor does repetition.
 */
export function merge(a: BreakerState, b: BreakerState): BreakerState {
  if (a.generation !== b.generation) return a.generation > b.generation ? a : b;
  if (a.generation === LAST_GENERATION && !isSameHold(a, b)) {
    // Nothing can be counted on from here: what came later wins, whatever it is.
    const [beganA, beganB] = [beginOf(a), beginOf(b)];
    if (beganA !== beganB) return beganA > beganB ? a : b;
  }
  if (a.phase === 'closed' && b.phase === 'closed') {
    if (a.since !== b.since) return (a.since ?? -Infinity) > (b.since ?? -Infinity) ? a : b;
    return a.trips >= b.trips ? a : b;
  }
  // Within one generation every hold came after the trunk was closed.
  if (a.phase === 'closed') return b;
  if (b.phase === 'closed') return a;
  const winner = stricter(a, b);
  const trips = Math.max(a.trips, b.trips);
  return winner.trips === trips ? winner : { ...winner, trips };
}

function isSameHold(a: BreakerState, b: BreakerState): boolean {
  return a.phase !== 'closed' && b.phase !== 'closed' && a.hold.id === b.hold.id;
}

function beginOf(state: BreakerState): number {
  return (state.phase === 'closed' ? state.since : state.hold.since) ?? -Infinity;
}

function stricter(a: Held | HalfOpen, b: Held | HalfOpen): Held | HalfOpen {
  // The times of one hold may differ by what was lost in transfer; that is no change.
  if (a.hold.id === b.hold.id) return a.phase !== 'half-open' && b.phase === 'half-open' ? b : a;
  if (outweighs(a.hold, b.hold)) return a;
  if (outweighs(b.hold, a.hold)) return b;
  return a.hold.id < b.hold.id ? a : b;
}
