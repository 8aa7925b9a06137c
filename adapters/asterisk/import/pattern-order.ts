/** The order in which Asterisk tries the extensions of one context (main/pbx.c, ext_cmp): exact ones first, then pattern by place. */
export function orderOf(one: string, other: string): number {
  const [a, callerA] = split(one);
  const [b, callerB] = split(other);
  const isPattern = (text: string) => text.startsWith('_');
  if (isPattern(a) !== isPattern(b)) return isPattern(a) ? 1 : -1;
  const difference = isPattern(a) ? comparePlaces(placesOf(a), placesOf(b)) : compareText(a, b);
  // One that asks for a caller comes before the same one for anybody.
  return difference || Number(callerA === undefined) - Number(callerB === undefined);
}

function split(extension: string): readonly [string, string | undefined] {
  const [pattern = '', caller] = extension.split('/');
  return [pattern, caller];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function comparePlaces(a: readonly number[], b: readonly number[]): number {
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? END) - (b[at] ?? END);
    if (difference !== 0) return difference;
  }
  return 0;
}

const END = 0x40000;
const ONE_OR_MORE = 0x18000;
const ANYTHING = 0x28000;
const LETTERS: Readonly<Record<string, readonly [count: number, first: string]>> = {
  X: [10, '0'],
  Z: [9, '1'],
  N: [8, '2'],
};

/** A number for each place: how many characters may stand there, then the first of them. */
function placesOf(pattern: string): readonly number[] {
  const places: number[] = [];
  for (let at = 1; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    const letter = LETTERS[char.toUpperCase()];
    if (char === '-' || char === ' ') continue;
    if (char === '.') places.push(ONE_OR_MORE);
    else if (char === '!') places.push(ANYTHING);
    else if (letter) places.push((letter[0] << 8) | letter[1].charCodeAt(0));
    else if (char === '[') {
      const end = pattern.indexOf(']', at);
      const set = membersOf(pattern.slice(at + 1, end < 0 ? undefined : end));
      places.push((set.length << 8) | (set[0] ?? 0));
      at = end < 0 ? pattern.length : end;
    } else places.push(0x100 | char.charCodeAt(0));
  }
  return places;
}

/** Codes of a set's characters, sorted. */
function membersOf(set: string): readonly number[] {
  const codes = new Set<number>();
  for (let at = 0; at < set.length; at += 1) {
    const first = set.charCodeAt(at);
    const isRange = set[at + 1] === '-' && at + 2 < set.length;
    const last = isRange ? set.charCodeAt(at + 2) : first;
    if (isRange) at += 2;
    for (let code = first; code <= Math.min(last, first + 255); code += 1) codes.add(code);
  }
  return [...codes].sort((a, b) => a - b);
}
