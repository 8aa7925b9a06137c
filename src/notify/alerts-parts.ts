import type { Logger } from 'winston';
import type { StateNow } from '../alerts/from-state';
import type { Counts } from '../figures/counts';
import type { AlertReceiver, AlertSettings } from '../policy/alert-settings';
import type { AlertMetrics } from '../records/alert-metrics';
import type { Shown } from '../records/shown';
import type { Files } from '../state-file/files';
import type { Around } from './from-events';
import type { Deliverer, ReceiverTimes } from './receiver';
import type { SecretOf } from './secret-files';

export interface AlertsParts extends Around {
  /** Of the policy in force; undefined: nobody is told anything. */
  readonly settings: () => AlertSettings | undefined;
  /** What is so now beside calls and trunks. */
  readonly state: () => Omit<StateNow, 'held'>;
  /** Counts of a period by trunk. Times are Unix time in milliseconds; rejects where they cannot be had now. */
  readonly figures: (since: number, until: number) => Promise<readonly NamedTrunk[]>;
  /** Keeps what was told over a restart; absent: nothing does. */
  readonly file?: string;
  readonly instance: string;
  readonly secretOf: SecretOf;
  readonly shown: Shown;
  readonly log: Logger;
  readonly metrics: AlertMetrics;
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly files?: Files;
  readonly deliverer?: (receiver: AlertReceiver) => Deliverer;
  readonly times?: Partial<AlertTimes> & { readonly receiver?: ReceiverTimes };
}

/** Counts of one trunk; its name is empty for calls without one. */
export interface NamedTrunk {
  readonly name: string;
  readonly counts: Counts;
}

/** Milliseconds. */
export interface AlertTimes {
  /** From one look at what is so to the next. */
  readonly look: number;
  /** From one look at the figures to the next. */
  readonly figures: number;
  /** After a restart nothing is over before the PBX and the other instances have been heard. */
  readonly grace: number;
  /** From one write of the file to the next. */
  readonly write: number;
  readonly writeAgain: number;
}

export const TIMES: AlertTimes = {
  look: 1_000,
  figures: 60_000,
  grace: 30_000,
  write: 200,
  writeAgain: 10_000,
};
