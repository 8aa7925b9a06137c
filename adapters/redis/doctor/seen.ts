import type { RedisSettings } from '../../../src/settings/redis-settings';

/** What one Redis shows. Everything that is absent could not be asked. */
export interface RedisSeen {
  readonly settings: RedisSettings;
  /** Redis's, or the system's, own words for why it cannot be used. */
  readonly refused?: string;
  /** Whether a key of ours could be written and removed again; why not. */
  readonly notWritable?: string;
  readonly maxmemoryPolicy?: string;
  /** Its clock less this machine's. Milliseconds. */
  readonly clockMs?: number;
}
