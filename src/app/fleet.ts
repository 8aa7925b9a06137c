import type { Named } from '../findings/named';
import { hostname } from 'node:os';
import type { Registry } from 'prom-client';
import type { Logger } from 'winston';
import type { FleetRead, FleetTaken } from '../journal/fleet/inbox';
import type { PackedItem } from '../journal/fleet/item';
import type { Settings } from '../settings/settings';

/** What tells the other instances of calls, and reads what they tell. */
export interface Fleet {
  start(): void;
  /** What this instance has recorded. Never waits. */
  publish(items: readonly PackedItem[]): void;
  /** For the readiness report. */
  warnings(): readonly Named[];
  /** Tells what is left, for a bounded time. */
  stop(): Promise<void>;
}

/** @returns undefined where each instance is to be seen by itself */
export type FleetFactory = (parts: {
  readonly settings: Settings;
  readonly registry: Registry;
  readonly log: Logger;
  /** Writes what the others told. */
  readonly take: (read: FleetRead) => Promise<FleetTaken | undefined>;
}) => Fleet | undefined;

/** The name by which the other instances know this one; undefined without a fleet. */
export function instanceName({ journal, redis }: Settings): string | undefined {
  if (!journal.fleet || !redis) return undefined;
  return journal.fleet.instance ?? machineName();
}

/** Up to 64 characters of `A-Z a-z 0-9 . _ -`. */
export function machineName(): string {
  return (
    hostname()
      .replace(/[^\w.-]/g, '-')
      .slice(0, 64) || 'unnamed'
  );
}
