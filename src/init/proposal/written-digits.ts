import { isPattern, readPattern } from '../../policy/routes/digits';

/**
 * A pattern of ours as it may stand in the policy file. One with the star key and an open end would be read in two ways:
 * it is written in Asterisk's notation. Undefined where the policy has no word for it.
 */
export function writtenDigits(digits: string): string | undefined {
  if (isPattern(readPattern(digits))) return digits;
  const asterisk = `_${digits.slice(0, -1)}!`;
  return digits.endsWith('*') && isPattern(readPattern(asterisk)) ? asterisk : undefined;
}
