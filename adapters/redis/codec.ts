import { z } from 'zod';
import type { BreakerState } from '../../src/trunks/health/breaker/state';
import { FAILURE_CLASSES, type FailureClass } from '../../src/model/classes';
import type { StateReply } from './scripts';

/** A state without its times. Times are sent as durations, because no two machines' clocks agree. */
const Body = z.object({
  generation: z.number().int().min(0),
  trips: z.number().int().min(0),
  hold: z
    .object({
      id: z.string(),
      cause: z.enum(['faults', 'probe-failed', 'auth-failed', 'retry-after', 'rule', 'operator']),
      class: z.enum(FAILURE_CLASSES as [FailureClass, ...FailureClass[]]).optional(),
      absolute: z.boolean(),
      why: z.string(),
    })
    .optional(),
});

const Message = z.tuple([z.string(), z.string(), z.string(), z.string(), z.string()]);

/** A state as written to Redis. */
export interface EncodedState {
  readonly body: string;
  /** Milliseconds since its start. */
  readonly age: number;
  /** Milliseconds until its hold ends; '' for never. */
  readonly remaining: number | '';
}

export function encodeState(state: BreakerState, now: number): EncodedState {
  const { generation, trips } = state;
  if (state.phase === 'closed') {
    const age = Math.max(0, now - (state.since ?? now));
    return { body: JSON.stringify({ generation, trips }), age: Math.round(age), remaining: '' };
  }
  const { since, until, ...hold } = state.hold;
  return {
    body: JSON.stringify({ generation, trips, hold }),
    age: Math.round(Math.max(0, now - since)),
    remaining: until === undefined ? '' : Math.round(until - now),
  };
}

/** Undefined for no state, or for one written by another version of crankback. */
export function decodeState(reply: StateReply, now: number): BreakerState | undefined {
  const [, text, age, remaining] = reply;
  const parsed = Body.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const { generation, trips, hold } = parsed.data;
  const since = now - Number(age);
  if (!hold) return { phase: 'closed', generation, trips, since };
  const { class: failureClass, ...rest } = hold;
  const until = remaining === '' ? undefined : now + Number(remaining);
  return {
    phase: 'held',
    generation,
    trips,
    hold: {
      ...rest,
      ...(failureClass && { class: failureClass }),
      since,
      ...(until !== undefined && { until }),
    },
  };
}

/** A published state: its trunk, and the state as a read returns it. */
export function decodeMessage(text: string): { trunk: string; reply: StateReply } | undefined {
  const parsed = Message.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  const [trunk, ...reply] = parsed.data;
  return { trunk, reply };
}

/** Whether two states are the same apart from the effects of time. */
export function isSame(a: BreakerState, b: BreakerState): boolean {
  const idOf = (state: BreakerState) => (state.phase === 'closed' ? undefined : state.hold.id);
  return a.generation === b.generation && a.trips === b.trips && idOf(a) === idOf(b);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
