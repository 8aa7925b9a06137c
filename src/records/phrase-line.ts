// Own quoting: a JSON string of printable characters is YAML's double-quoted one; the library makes a document of it.
import type { FailureClass } from '../model/classes';
import { wordsOf } from '../model/words';
import { withoutNumbers } from './mask';

/** What the policy file takes. Characters. */
const LONGEST = 80;
const GAP = '\u0000';
/** What no eye can see, and other blanks than the usual one. */
const UNFIT = /[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]+/gu;
/** Marks around the words. */
const ENDS = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

/**
 * The entry of `phrases:` that would classify a phrase, one line of YAML: its longest run of words without a number,
 * because the next call has another number. Undefined where no such words are left.
 */
export function phraseLine(sip: number, phrase: string, name: FailureClass): string | undefined {
  const parts = withoutNumbers(phrase.replaceAll(GAP, ' '), GAP).split(GAP).map(shortened);
  const said = wordsOf(phrase);
  const usable = parts.filter((part) => wordsOf(part) !== ' ' && said.includes(wordsOf(part)));
  const [longest] = usable.toSorted((one, other) => other.length - one.length);
  if (longest === undefined) return undefined;
  return `- { sip: ${sip}, phrase: ${JSON.stringify(longest)}, class: ${name} }`;
}

/** Fit for a policy file and a terminal, cut between two words. */
function shortened(part: string): string {
  const plain = part.replace(UNFIT, ' ').replace(ENDS, '');
  if (plain.length <= LONGEST) return plain;
  const cut = plain.slice(0, LONGEST + 1);
  return cut.slice(0, Math.max(0, cut.lastIndexOf(' ')));
}
