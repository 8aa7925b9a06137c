import type { Outcome } from '../decision/decision';
import type { Reservation } from '../trunk-port';

/** The result of a treatment. */
export interface Treated {
  readonly outcome: Outcome;
  readonly reserve?: Reservation;
}
