import type { Position } from '../../policy/policy-data';

/** Something in a valid policy that is probably not meant. */
export interface Warning {
  readonly at: Position;
  readonly message: string;
  /** What to do about it, as a sentence without its full stop. */
  readonly expected: string;
}
