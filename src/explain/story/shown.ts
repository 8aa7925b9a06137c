import { printable } from '../../model/printable';

/** Of one value that a stranger wrote. Characters. */
const LONGEST = 200;

/** Untrusted text in a story: printable, of bounded length. */
export function shownValue(text: string): string {
  return printable(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}
