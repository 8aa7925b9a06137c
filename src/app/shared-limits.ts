import type { Registry } from 'prom-client';
import type { Logger } from 'winston';
import type { Named } from '../findings/named';
import type { Trunk } from '../policy/policy-data';
import type { Settings } from '../settings/settings';
import type { LimitShares, LimitUse } from '../trunks/limits/shares/share';

/** Divides the limits of trunks among several instances. */
export interface SharedLimits {
  /** What decisions ask. */
  readonly shares: LimitShares;
  /** Trunks of the policy in force. */
  configure(trunks: Iterable<Trunk>): void;
  /** @param use what this instance uses of its limits */
  start(use: LimitUse): void;
  /** For the readiness report. */
  warnings(): readonly Named[];
  /** Gives back what is not in use, for a bounded time. */
  stop(): Promise<void>;
}

/** @returns undefined where each instance has its limits for itself */
export type SharedLimitsFactory = (parts: {
  readonly settings: Settings;
  readonly registry: Registry;
  readonly log: Logger;
  /** Unix time in milliseconds, by the clock of decisions. */
  readonly now: () => number;
}) => SharedLimits | undefined;
