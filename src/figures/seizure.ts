import type { FailureClass } from '../model/classes';

/** Of a failed attempt, what tells how it counts. */
export interface EndedAttempt {
  readonly class: string;
  readonly sip?: number;
  readonly rang: boolean;
  /** As in `Evidence`. */
  readonly origin?: string;
}

/** Failures that came from the called side or its terminal: the network had delivered the call. */
export const DELIVERED: readonly FailureClass[] = ['busy', 'no-answer', 'unavailable', 'declined'];

/** Nothing was sent, so it is no seizure of the trunk. */
export function isUnsent({ origin, sip }: EndedAttempt): boolean {
  return origin === 'local' && sip === undefined;
}

/**
 * Whether NER counts the failure as effective (ITU-T E.425): user busy, no answer and the terminal's rejection, and a
 * caller who hangs up while it rings.
 */
export function isDelivered({ class: name, rang }: EndedAttempt): boolean {
  return (DELIVERED as readonly string[]).includes(name) || (name === 'cancelled' && rang);
}
