/** The second of the last time that was told, in seconds, and its text up to the milliseconds. */
let lastSecond = Number.NaN;
let lastText = '';

/**
 * @param ms Unix time in milliseconds
 * @throws RangeError for what is no time
 */
export function timeOf(ms: number): string {
  const second = Math.floor(ms / 1_000);
  // Most times are of the same second as the one before.
  if (second !== lastSecond) {
    lastText = new Date(second * 1_000).toISOString().slice(0, -4);
    lastSecond = second;
  }
  return `${lastText}${String(Math.floor(ms) - second * 1_000).padStart(3, '0')}Z`;
}

/** To the millisecond. */
export function secondsOf(ms: number): number {
  return Math.round(ms) / 1_000;
}

/** The named fields that there are. */
export function known<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> } {
  const there: Partial<Fields> = {};
  for (const name in fields) if (fields[name] !== undefined) there[name] = fields[name];
  return there as { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> };
}
