/** Every character that a dialled number may have. */
export const SYMBOLS = '0123456789ABCD*#+';
/** Longest number that may be dialled. Characters. */
export const LONGEST_NUMBER = 32;

/** The characters of a set, in the order of `SYMBOLS`: bit n stands for the nth. */
export function charactersOf(set: number): string {
  return [...SYMBOLS].filter((_, at) => (set & (1 << at)) !== 0).join('');
}
