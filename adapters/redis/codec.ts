import * as z from 'zod';
import {
  LAST_GENERATION,
  MOST_TRIPS,
  type BreakerState,
} from '../../src/trunks/health/breaker/state';
import { FAILURE_CLASSES, type FailureClass } from '../../src/model/classes';
import type { StateReply } from './scripts';

/** No hold and no state is older or lasts longer; within it every time is a date. Milliseconds. */
const LONGEST_MS = 10 * 365 * 24 * 3600 * 1000;
const LONGEST_WHY = 300;
/** Of a whole message. The longest that is written here has about half of it. */
const LONGEST_MESSAGE = 8_192;
/** Of what is written in other words: control and format characters, and halves of characters. */
const UNPRINTABLE = /\p{C}/gu;

/** A state without its times. Times are sent as durations, because no two machines' clocks agree. */
const Body = z.object({
  generation: z.int().min(0).max(LAST_GENERATION),
  trips: z.int().min(0).max(MOST_TRIPS),
  hold: z
    .object({
      id: z.string().regex(/^[!-~]{1,128}$/),
      cause: z.enum([
        ...(['faults', 'probe-failed', 'auth-failed', 'quality'] as const),
        ...(['retry-after', 'rule', 'operator'] as const),
      ]),
      class: z.enum(FAILURE_CLASSES as [FailureClass, ...FailureClass[]]).optional(),
      absolute: z.boolean(),
      why: z.string().regex(/^\P{C}{0,300}$/u),
    })
    .optional(),
});

/** A distance in time as Redis writes it. */
const Distance = z
  .string()
  .regex(/^-?\d{1,15}$/)
  .transform(Number)
  .refine((ms) => Math.abs(ms) <= LONGEST_MS, 'out of range');
const Times = z.object({ age: Distance, remaining: z.union([z.literal(''), Distance]) });

const Message = z.tuple([
  z.string().max(1_024),
  z.string().regex(/^[!-~]{1,128}$/),
  z.string(),
  z.string(),
  z.string(),
]);

/** A state as written to Redis. */
export interface EncodedState {
  readonly body: string;
  /** Milliseconds since its start. */
  readonly age: number;
  /** Milliseconds until its hold ends; '' for never. */
  readonly remaining: number | '';
}

/** What was read, or one line about what is wrong with it. */
export type Decoded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

export function encodeState(state: BreakerState, now: number): EncodedState {
  const { generation, trips } = state;
  if (state.phase === 'closed') {
    const age = inRange(Math.max(0, now - (state.since ?? now)));
    return { body: JSON.stringify({ generation, trips }), age, remaining: '' };
  }
  const { since, until, ...rest } = state.hold;
  const hold = { ...rest, why: printable(rest.why) };
  return {
    body: JSON.stringify({ generation, trips, hold }),
    age: inRange(Math.max(0, now - since)),
    remaining: until === undefined ? '' : inRange(until - now),
  };
}

/** Not ok for a state written by another program, or by another version of crankback. */
export function decodeState(reply: StateReply, now: number): Decoded<BreakerState> {
  const [, text, age, remaining] = reply;
  const body = Body.safeParse(parseJson(text));
  if (!body.success) return { ok: false, why: whyNot(body.error) };
  const times = Times.safeParse({ age, remaining });
  if (!times.success) return { ok: false, why: whyNot(times.error) };
  const { generation, trips, hold } = body.data;
  // A clock that was set back made the age negative.
  const since = now - Math.max(0, times.data.age);
  if (!hold) return { ok: true, value: { phase: 'closed', generation, trips, since } };
  const { class: failureClass, ...rest } = hold;
  const left = times.data.remaining;
  return {
    ok: true,
    value: {
      phase: 'held',
      generation,
      trips,
      hold: {
        ...rest,
        ...(failureClass && { class: failureClass }),
        since,
        ...(left !== '' && { until: now + left }),
      },
    },
  };
}

/** A published state: its trunk, and the state as a read returns it. */
export function decodeMessage(
  text: string,
): Decoded<{ readonly trunk: string; readonly reply: StateReply }> {
  if (text.length > LONGEST_MESSAGE) return { ok: false, why: 'too long' };
  const parsed = Message.safeParse(parseJson(text));
  if (!parsed.success) return { ok: false, why: whyNot(parsed.error) };
  const [trunk, version, body, age, remaining] = parsed.data;
  return { ok: true, value: { trunk, reply: [version, body, age, remaining, ''] } };
}

/** Whether two states are the same apart from the effects of time. */
export function isSame(a: BreakerState, b: BreakerState): boolean {
  const idOf = (state: BreakerState) => (state.phase === 'closed' ? undefined : state.hold.id);
  return a.generation === b.generation && a.trips === b.trips && idOf(a) === idOf(b);
}

function inRange(ms: number): number {
  return Math.round(Math.min(Math.max(ms, -LONGEST_MS), LONGEST_MS));
}

function printable(text: string): string {
  return [...text].slice(0, LONGEST_WHY).join('').replace(UNPRINTABLE, '?');
}

function whyNot({ issues: [first] }: z.ZodError): string {
  return first ? `${first.path.join('.') || 'value'}: ${first.message}` : 'not ours';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
