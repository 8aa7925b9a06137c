import type { Behaviour } from '../runner/scenario/switch-carrier';
import { FALLBACK, ORDER, type Carrier, type Kind } from './call-mix';

/** One way in which a call may go: the trunks invited in order, and the caller's final status. */
export interface OwedWay {
  /** `detour`: the policy, but around a trunk that is held or that the PBX could not dial. */
  readonly by: 'policy' | 'fallback' | 'detour';
  readonly trunks: readonly Carrier[];
  readonly final: number;
}

/** What the suite's policy owes a call while crankback decides. */
export function byPolicy({ meets, mailbox }: Kind, order: readonly Carrier[] = ORDER): OwedWay {
  const trunks: Carrier[] = [];
  for (const trunk of order) {
    trunks.push(trunk);
    const final = finalOf(meets[trunk]);
    // Silence and a 503 lead to the next trunk; but a callee that has rung is not rung again.
    if (meets[trunk] === 'silent' || meets[trunk] === 503) continue;
    return { by: 'policy', trunks, final: final === 486 && mailbox ? 200 : final };
  }
  return { by: 'policy', trunks, final: 503 };
}

/**
 * What the dialplan owes a call when crankback cannot decide, wherever on the policy's way it was lost: the
 * static fallback. A callee that has rung is not rung again: then it is that failure's own status.
 */
export function byFallback(kind: Kind, order: readonly Carrier[] = ORDER): OwedWay[] {
  const way = byPolicy(kind, order).trunks;
  const lost = [0, ...way.map((_, index) => index + 1)];
  return lost.flatMap((count): OwedWay[] => {
    const before = way.slice(0, count);
    const last = before.at(-1);
    const failed = last && kind.meets[last];
    if (failed !== undefined && isAnswer(failed)) return [];
    if (failed === 'ring-503') return [{ by: 'fallback', trunks: before, final: 503 }];
    const final = finalOf(kind.meets[FALLBACK]);
    return [{ by: 'fallback', trunks: [...before, FALLBACK], final }];
  });
}

/** What else is owed if trunks may be held or not be dialled: a call may skip any of them, but tries one at least. */
export function byDetour(kind: Kind): OwedWay[] {
  return sequences(ORDER).flatMap((order): OwedWay[] => {
    const way = byPolicy(kind, order);
    return way.trunks.length === order.length ? [{ ...way, by: 'detour' }] : [];
  });
}

/** Every choice of some of these, in every order. */
function sequences(of: readonly Carrier[]): Carrier[][] {
  return of.flatMap((first) => {
    const others = of.filter((each) => each !== first);
    return [[first], ...sequences(others).map((rest) => [first, ...rest])];
  });
}

/** The status that ends an attempt, or what stands for it. */
function finalOf(behaviour: Behaviour): number {
  if (isAnswer(behaviour)) return 200;
  return typeof behaviour === 'number' ? behaviour : 503;
}

function isAnswer(behaviour: Behaviour): boolean {
  return behaviour === 'ring-answer' || behaviour === 'slow-answer';
}
