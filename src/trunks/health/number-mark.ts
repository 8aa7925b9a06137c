const MARKS = 0x10000;

/**
 * A 16-bit mark that tells numbers apart without keeping them (FNV-1a, folded): what is stored or
 * shared cannot be turned back into the number called. Two numbers rarely share a mark; then a
 * trunk is held one fault later.
 */
export function numberMark(number: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < number.length; index++) {
    hash = Math.imul(hash ^ number.charCodeAt(index), 0x01000193);
  }
  return ((hash >>> 16) ^ hash) & (MARKS - 1);
}
