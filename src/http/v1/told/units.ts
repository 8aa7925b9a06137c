/** @param ms Unix time in milliseconds */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** To the millisecond. */
export function secondsOf(ms: number): number {
  return Math.round(ms) / 1_000;
}

/** The named fields that there are. */
export function known<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Fields]?: Exclude<Fields[Name], undefined>;
  };
}
