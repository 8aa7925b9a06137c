/** When a trunk counts as sick and how it is tried again; `health:` of a trunk in the policy file. */
export interface HealthSettings {
  readonly trip: TripSettings;
  /** How long the first trip holds the trunk; doubles with every further one. Milliseconds. */
  readonly cooldown: number;
  /** No cooldown is longer than this. Milliseconds. */
  readonly maxCooldown: number;
  /** Live calls that must show that the trunk works again. */
  readonly probeCalls: number;
  /** A carrier's Retry-After holds the trunk no longer than this. Milliseconds. */
  readonly retryAfterMax: number;
  /** How the PBX's own OPTIONS count; absent: not at all. */
  readonly ping?: PingSettings;
}

/** How many OPTIONS in a row count. */
export interface PingSettings {
  /** This many without a good answer hold the trunk. */
  readonly down: number;
  /** This many good answers end such a hold, so that calls try the trunk. */
  readonly up: number;
}

/** Either condition trips, but only with faults on enough different numbers. */
export interface TripSettings {
  /** Faults in a row. */
  readonly consecutive: number;
  readonly ratio: RatioSettings;
  /** Different numbers that must have seen faults: one bad number does not make a trunk sick. */
  readonly distinctNumbers: number;
}

/** `50% of 20 in 30s`: at least half of at least 20 attempts within 30 seconds. */
export interface RatioSettings {
  /** Above 0, at most 1. */
  readonly share: number;
  /** Fewer attempts than this do not count. */
  readonly minimum: number;
  /** Milliseconds. */
  readonly window: number;
}

/** Settings of a trunk without `health:`. */
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
