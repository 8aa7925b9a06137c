const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/**
 * A moment in the past: `90s`, `30m`, `1h`, `7d`, `2w` ago, or a time such as `2026-01-31T22:00:00Z`.
 * @param now Unix time in milliseconds, as is the result
 * @returns undefined for anything else
 */
export function momentOf(text: string, now: number): number | undefined {
  const [, amount, unit = ''] = /^(\d{1,5})([smhdw])$/.exec(text) ?? [];
  if (amount !== undefined) return now - Number(amount) * (UNIT_MS[unit] ?? 0);
  if (!/^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?$/.test(text)) return undefined;
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
