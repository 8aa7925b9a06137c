const MARKS = 0x10000;

/**
 * A 16-bit mark that distinguishes numbers without storing them (FNV-1a, folded): the number called cannot
 * be recovered from it. Two numbers rarely share a mark; the trunk is then held one fault later.
 */
export function numberMark(number: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < number.length; index++) {
    hash = Math.imul(hash ^ number.charCodeAt(index), 0x01000193);
  }
  return ((hash >>> 16) ^ hash) & (MARKS - 1);
}
