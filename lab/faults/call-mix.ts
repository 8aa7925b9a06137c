import type { Trunk } from '../runner/layout';
import type { Behaviour } from '../runner/scenario/switch-carrier';

/** The trunks that a call of the suite may come to, in the order of its routes. */
export const ORDER = ['carrier-a', 'carrier-b', 'carrier-c'] as const;
export type Carrier = (typeof ORDER)[number];
/** The lab's static fallback dials this one (lab/pbx/asterisk/extensions.conf). */
export const FALLBACK: Carrier = 'carrier-b';

/** How a call's failure is decided: by the plan that travels with it, or by asking after the failure. */
type Way = 'planned' | 'asked';

/** What one sort of call meets at the carriers. */
export interface Kind {
  readonly name: string;
  readonly way: Way;
  /** The callee has a mailbox. */
  readonly mailbox?: true;
  readonly meets: Readonly<Record<Carrier, Behaviour>>;
}

/** A digit for each behaviour; the carriers read it from the number. */
export const DIGITS: ReadonlyMap<number, Behaviour> = new Map<number, Behaviour>([
  [0, 503],
  [1, 'ring-answer'],
  [2, 486],
  [5, 'silent'],
  [7, 'slow-answer'],
  [8, 488],
  [9, 'ring-503'],
]);

const ANSWERS = { 'carrier-b': 'ring-answer', 'carrier-c': 'ring-answer' } as const;

/** The usual mix: ten sorts of calls, one after the other. */
export const MIX: readonly Kind[] = [
  kind('answered', 'ring-answer'),
  kind('503, then the next trunk', 503),
  kind('486 with a mailbox', 486, { mailbox: true }),
  kind('503, asked', 503, { way: 'asked' }),
  kind('rings long, then answered', 'slow-answer'),
  kind('488', 488),
  kind('silence, then the next trunk', 'silent'),
  kind('486 without a mailbox', 486),
  {
    name: '503 twice, asked',
    way: 'asked',
    meets: { 'carrier-a': 503, 'carrier-b': 503, 'carrier-c': 'ring-answer' },
  },
  kind('rings, then 503', 'ring-503'),
];

/** Every call is answered at once. */
export const ANSWERED: readonly Kind[] = MIX.slice(0, 1);

/** Every trunk refuses every call. */
export const REFUSED: readonly Kind[] = [
  {
    name: '503 everywhere',
    way: 'planned',
    meets: { 'carrier-a': 503, 'carrier-b': 503, 'carrier-c': 503 },
  },
];

/** One call of a run. */
export interface PlannedCall {
  /**
   * What the caller dials. No other call of the whole run has it: Asterisk repeats an INVITE to a silent
   * carrier for half a minute, and so into the next fault's time.
   */
  readonly number: string;
  readonly kind: Kind;
}

/** The pattern by which `switchCarrier` finds this carrier's digit in the request URI. */
export function digitPattern(carrier: Carrier): string {
  const before = ORDER.indexOf(carrier);
  return `[346]${before > 0 ? `[0-9]{${before}}` : ''}([0-9])[0-9]{${2 - before}}[0-9]{6}@`;
}

/** `<3 planned, 4 asked, 6 mailbox><digit of a, b, c><six digits>`. */
export function numberOf({ way, mailbox, meets }: Kind, index: number): string {
  const first = mailbox ? '6' : way === 'asked' ? '4' : '3';
  const digits = ORDER.map((carrier) => digitOf(meets[carrier])).join('');
  return `${first}${digits}${String(index).padStart(6, '0')}`;
}

/** Calls of these kinds in turn; `from` is the index of the first one. */
export function callsOfKinds(kinds: readonly Kind[], count: number, from = 0): PlannedCall[] {
  return Array.from({ length: count }, (_, index) => {
    const each = kinds[index % kinds.length]!;
    return { number: numberOf(each, from + index), kind: each };
  });
}

function digitOf(behaviour: Behaviour): number {
  const found = [...DIGITS].find(([, each]) => each === behaviour);
  if (!found) throw new Error(`no digit for ${behaviour}`);
  return found[0];
}

function kind(name: string, first: Behaviour, more: Partial<Kind> = {}): Kind {
  return { name, way: 'planned', meets: { 'carrier-a': first, ...ANSWERS }, ...more };
}

/** Whether a trunk of the lab is one of these carriers. */
export function isCarrier(trunk: Trunk): trunk is Carrier {
  return (ORDER as readonly Trunk[]).includes(trunk);
}
