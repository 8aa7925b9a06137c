import { LONGEST_NUMBER } from '../../../src/model/dialled';

/** Characters of a target in the dialplan: none that its `ARRAY()` or `CUT()` would split at. */
export const EXTENSION = /^[\w.@*#+-]{1,79}$/;

/**
 * A target that ends with the mailbox of whichever number is called.
 * @param mailbox with `{number}` for the number
 * @returns undefined if it would not fit for each number
 */
export function forAnyNumber(begin: string, mailbox: string): string | undefined {
  const of = (called: string) => `${begin}${mailbox.replaceAll('{number}', called)}`;
  return EXTENSION.test(of('0'.repeat(LONGEST_NUMBER))) ? of('${CB_NUMBER}') : undefined;
}
