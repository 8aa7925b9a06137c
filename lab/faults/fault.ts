import type { Containers } from '../runner/containers';
import type { Service } from '../runner/service';
import type { Carrier, Kind } from './call-mix';
import type { CrankbackProcess } from './crankback-process';
import type { Firewall } from './firewall';

/** What a fault can break. */
export interface Target {
  readonly containers: Containers;
  readonly service: Service;
  readonly crankback: CrankbackProcess;
  /** Between crankback and its neighbours. */
  readonly firewall: Firewall;
  readonly signal: AbortSignal;
}

/** A counter of crankback's, over all its labels. */
export interface Metric {
  readonly metric: string;
  readonly atLeast: number;
}

/** One thing that is broken while calls go on. */
export interface Fault {
  /** As in `--only`. */
  readonly name: string;
  /** What is done, in a few words; the report shows it. */
  readonly about: string;
  /** Plays in the short run for CI. */
  readonly quick?: true;
  /** How long it stays broken. Milliseconds. */
  readonly holdMs: number;
  /** After healing every call must be decided by the policy again within this time. Milliseconds. */
  readonly recoversWithinMs: number;
  /**
   * Whether calls may go the dialplan's static fallback meanwhile. If not, crankback must decide every call:
   * one that it did not decide is harmed.
   */
  readonly fallback: boolean;
  /** The PBX itself loses its calls: only those after the recovery are judged. */
  readonly pbxDies?: true;
  /** Calls of these kinds instead of the usual mix; `while` it is broken. */
  readonly kinds?: { readonly before: readonly Kind[]; readonly while: readonly Kind[] };
  /**
   * A call may go around any trunk: meanwhile, because its attempt there found nothing to dial; or ever since,
   * because the trunk may be held.
   */
  readonly detour?: 'meanwhile' | 'ever since';
  /** The policy at the start; default the suite's. */
  readonly policy?: string;
  /** The order of the trunks once a policy that this fault saves is in force. */
  readonly laterOrder?: readonly Carrier[];
  /** Before any call is placed; crankback is ready again when the calls begin. */
  prepare?(target: Target): Promise<void>;
  /**
   * Shows that something was broken, if no call shows it: what crankback's log must have since then, or a
   * metric that must have counted.
   */
  readonly shows?: RegExp | Metric;
  /** It stays broken until the log shows it, however slow the machine is. */
  readonly holdsUntilShown?: true;
  break(target: Target): Promise<void>;
  /** Resolves when the cause is gone; what it broke may still be recovering. */
  heal(target: Target): Promise<void>;
  /** What must be undone before the next fault, also if this one was interrupted. */
  cleanUp?(target: Target): Promise<void>;
}
