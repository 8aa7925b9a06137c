import type { Outcome } from '../decision/decision';
import type { Reservation } from '../trunk-port';

/** What a treatment comes to. */
export interface Treated {
  readonly outcome: Outcome;
  readonly reserve?: Reservation;
}
