/**
 * Whether an extension's pattern takes a number, character by character as Asterisk documents it ("Special characters
 * used in patterns" in main/pbx.c): `X` 0–9, `Z` 1–9, `N` 2–9 in either case, sets with ranges by character code, `-`
 * ignored, `.` one character or more, `!` anything or nothing, everything else stands for itself.
 */
export function asteriskMatches(pattern: string, number: string): boolean {
  return matches(pattern.replace(/^_/, ''), number);
}

function matches(pattern: string, number: string): boolean {
  if (pattern === '') return number === '';
  const [first = ''] = pattern;
  const rest = pattern.slice(1);
  if (first === '-') return matches(rest, number);
  if (pattern === '!') return true;
  if (number === '') return false;
  if (pattern === '.') return true;
  const [dialled = ''] = number;
  if (first === '[') {
    const end = pattern.indexOf(']');
    return (
      inSet(pattern.slice(1, end), dialled) && matches(pattern.slice(end + 1), number.slice(1))
    );
  }
  const range = { X: '0', Z: '1', N: '2' }[first.toUpperCase()];
  const fits = range === undefined ? dialled === first : dialled >= range && dialled <= '9';
  return fits && matches(rest, number.slice(1));
}

function inSet(set: string, dialled: string): boolean {
  if (set === '') return false;
  const range = set.charAt(1) === '-' && set.length > 2;
  const [from, to] = [set.charAt(0), set.charAt(range ? 2 : 0)];
  return (dialled >= from && dialled <= to) || inSet(set.slice(range ? 3 : 1), dialled);
}
