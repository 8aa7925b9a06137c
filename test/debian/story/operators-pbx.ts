import type { DockerTools } from '../../../lab/provision';
import type { Machine } from '../machine';

/** A PBX as an operator has it, with a phone and two carriers; national calls go by carrier-a alone. */
export interface OperatorsPbx {
  readonly name: string;
  /** Where its configuration is. */
  readonly etc: string;
  /** Paths that change by themselves while it runs. */
  readonly changing: readonly string[];
  /** A national number without its last digit. */
  readonly national: string;
  /** What follows `crankback init --yes`. */
  readonly told: string;
  /** @returns the tag of a machine's image */
  readonly image: (tools: DockerTools) => Promise<string>;
  /** Puts the operator's lines into the stock configuration, and starts it. */
  readonly settle: (machine: Machine) => Promise<void>;
  /** Lets it read its configuration again, as `crankback init` says. */
  readonly reload: (machine: Machine) => void;
  /** The dialplan sends national calls to crankback. */
  readonly leadToCrankback: (machine: Machine) => Promise<void>;
  /** Waits until what the policy says of the usual call is there, or is there no more. */
  readonly travels: (machine: Machine, isThere: boolean) => Promise<void>;
  /** Undoes it. */
  readonly leadAway: (machine: Machine) => void;
  /** What `crankback doctor` ends with. */
  readonly inOrder: RegExp;
}
