import type * as z from 'zod';
import type { settingsSchema } from './settings-schema';

export interface FleetSettings {
  /** Of this instance; absent: the machine's name. */
  readonly instance?: string;
  /** What the stream may take in Redis. Megabytes. */
  readonly megabytes: number;
}

export function fleetOf(data: z.output<typeof settingsSchema>): FleetSettings {
  const instance = data.CRANKBACK_INSTANCE;
  return {
    ...(instance !== undefined && { instance }),
    megabytes: data.CRANKBACK_JOURNAL_FLEET_MB,
  };
}

/** Variables that a fleet needs beside its own, with what is expected. */
export function missingOfFleet(
  given: ReadonlyMap<string, string | undefined>,
): readonly (readonly [name: string, expected: string])[] {
  const isWanted = given.get('CRANKBACK_JOURNAL_FLEET') === 'true';
  if (!isWanted || given.get('CRANKBACK_REDIS_URL') !== undefined) return [];
  return [
    [
      'CRANKBACK_REDIS_URL',
      'Expected the Redis through which the instances tell each other of calls, or CRANKBACK_JOURNAL_FLEET=false',
    ],
  ];
}
