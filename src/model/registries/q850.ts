import table from './q850.json';

/** One cause value of ITU-T Q.850 (10/2018), Table 1. */
export interface Cause {
  /** 1–127. */
  readonly cause: number;
  readonly text: string;
  /** `normal`, `resource unavailable`…: the value's upper three bits. */
  readonly class: string;
}

export const CAUSES: readonly Cause[] = table.causes;

/** Redirection to new destination: what both PBXes make of a 3xx that they do not follow. */
export const REDIRECTED_CAUSE = 23;

const BY_VALUE = new Map(CAUSES.map((entry) => [entry.cause, entry]));

/** The assigned cause of this value; undefined for spare and foreign ones. */
export function causeOf(value: number): Cause | undefined {
  return BY_VALUE.get(value);
}

/** Where a cause was set: ITU-T Q.850 2.2.3, with its token in a Reason header (RFC 8606 section 4). */
export interface Location {
  /** 0–15. */
  readonly value: number;
  /** `U`, `LPN`, `LN`, `TN`, `RLN`, `RPN`, `INTL`, `BI`, `LOC-6`… */
  readonly token: string;
  readonly text: string;
}

export const LOCATIONS: readonly Location[] = table.locations;

const BY_TOKEN = new Map(LOCATIONS.map((entry) => [entry.token, entry]));

/** The location of a token, in any case; undefined for an unknown token. */
export function locationOf(token: string): Location | undefined {
  return BY_TOKEN.get(token.toUpperCase());
}
