/** Whether an id of a stream (`<milliseconds>-<number>`) comes behind another one. False for what is no id. */
export function isBehind(id: string, other: string): boolean {
  const [ms, number] = parts(id);
  const [otherMs, otherNumber] = parts(other);
  if (ms === undefined || otherMs === undefined) return false;
  return ms > otherMs || (ms === otherMs && number > otherNumber);
}

function parts(id: string): readonly [bigint, bigint] | readonly [undefined] {
  const [, ms, number] = /^(\d{1,20})-(\d{1,20})$/.exec(id) ?? [];
  return ms === undefined || number === undefined ? [undefined] : [BigInt(ms), BigInt(number)];
}
