/** When a trunk counts as sick and how it is tried again; `health:` of a trunk in the policy file. */
export interface HealthSettings {
  readonly trip: TripSettings;
  /** How long the first trip holds the trunk; doubles with every further one. Milliseconds. */
  readonly cooldown: number;
  /** No cooldown is longer than this. Milliseconds. */
  readonly maxCooldown: number;
  /** Live calls that have to show that the trunk works again. */
  readonly probeCalls: number;
  /** A carrier's Retry-After holds the trunk no longer than this. Milliseconds. */
  readonly retryAfterMax: number;
  /** What the PBX's own OPTIONS may say; absent: nothing. */
  readonly ping?: PingSettings;
}

/** How many OPTIONS in a row say something about a trunk. */
export interface PingSettings {
  /** So many without a good answer hold it. */
  readonly down: number;
  /** So many good answers let a trunk that was held for that be tried. */
  readonly up: number;
}

/** Either of the two trips, but only with faults on enough different numbers. */
export interface TripSettings {
  /** Faults in a row. */
  readonly consecutive: number;
  readonly ratio: RatioSettings;
  /** Different numbers that the faults must have been seen on: one bad number is no sick trunk. */
  readonly distinctNumbers: number;
}

/** `50% of 20 in 30s`: at least half of at least 20 attempts within 30 seconds. */
export interface RatioSettings {
  /** Above 0, at most 1. */
  readonly share: number;
  /** Fewer attempts than this say nothing. */
  readonly minimum: number;
  /** Milliseconds. */
  readonly window: number;
}

/** What a trunk without `health:` gets. */
export const DEFAULT_HEALTH: HealthSettings = {
  trip: {
    consecutive: 5,
    ratio: { share: 0.5, minimum: 20, window: 30_000 },
    distinctNumbers: 3,
  },
  cooldown: 30_000,
  maxCooldown: 600_000,
  probeCalls: 1,
  retryAfterMax: 60_000,
};
