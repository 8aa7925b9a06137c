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
  /** Bounds of quality; absent: faults alone count. */
  readonly quality?: QualitySettings;
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

/** What holds a trunk that has no faults, but serves callers badly; absent: nothing of the kind. */
export interface QualitySettings {
  /** Held while fewer than this share of the attempts that were sent are answered: ASR of ITU-T E.425. */
  readonly asr?: RatioSettings;
  /** Held while the network delivers fewer than this share of them: NER of ITU-T E.425. */
  readonly ner?: RatioSettings;
  /** Held while the 95th percentile of the post-dial delay (RFC 6076 4.3.1) is above this. */
  readonly pdd?: DelaySettings;
  /** Held while more than this share of the answered calls end too soon. */
  readonly shortCalls?: ShortCallSettings;
}

/** `8s of 20 in 5m`: 8 seconds, judged by at least 20 attempts that rang within five minutes. */
export interface DelaySettings {
  /** Milliseconds. */
  readonly above: number;
  readonly minimum: number;
  /** Milliseconds. */
  readonly window: number;
}

/** `40% under 10s of 50 in 1h`: more than 40% of at least 50 answered calls end within 10 seconds. */
export interface ShortCallSettings extends RatioSettings {
  /** Milliseconds. */
  readonly under: number;
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
