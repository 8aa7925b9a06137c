import type { FindingCode } from '../../findings/registry';
import type { Position } from '../../policy/policy-data';

/** A probable mistake in a valid policy. */
export interface Warning {
  readonly at: Position;
  readonly finding: FindingCode;
  readonly message: string;
  /** What to do about it, as a sentence without its full stop. */
  readonly expected: string;
}
