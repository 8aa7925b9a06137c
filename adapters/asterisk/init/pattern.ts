import { writtenDigits } from '../../../src/init/proposal/written-digits';

/** More would make a policy that nobody reads. */
const MOST = 16;

/**
 * An extension of Asterisk as the policy writes digits: `_0X.` is `0XX*`, `112` itself. A set such as `[1-3]` becomes
 * several. Undefined where it cannot be written so: names, sets of too many.
 */
export function digitsOfExtension(extension: string): readonly string[] | undefined {
  const [pattern = ''] = extension.split('/');
  if (!pattern.startsWith('_')) {
    // Names are no numbers; a star at the end would match anything in the policy.
    return /^(?=.*[0-9])[0-9A-D*#+]*[0-9A-D#+]$/.test(pattern) ? [pattern] : undefined;
  }
  const found = ofPattern(pattern.slice(1))?.map(writtenDigits);
  return found?.every((digits) => digits !== undefined) ? found : undefined;
}

function ofPattern(pattern: string): readonly string[] | undefined {
  let found: readonly string[] = [''];
  for (let at = 0; at < pattern.length; at += 1) {
    const one = pattern[at] ?? '';
    if (one === '.') return found.map((digits) => (digits === '' ? '*' : `${digits}X*`));
    if (one === '!') return found.map((digits) => `${digits}*`);
    if (/[-\s]/.test(one)) continue;
    let choices: readonly string[] = [/[xzn]/.test(one) ? one.toUpperCase() : one];
    if (one === '[') {
      const end = pattern.indexOf(']', at);
      if (end < 0) return undefined;
      choices = membersOf(pattern.slice(at + 1, end));
      at = end;
    }
    found = found.flatMap((digits) => choices.map((choice) => digits + choice));
    if (found.length > MOST) return undefined;
  }
  return found.some((digits) => digits.endsWith('*')) ? undefined : found;
}

/** `1-3*` is 1, 2, 3 and the star; sets that have a letter are that letter. */
function membersOf(set: string): readonly string[] {
  const text = set.replace(/(.)-(.)/g, (whole, from: string, to: string) => {
    const [first, last] = [from.charCodeAt(0), to.charCodeAt(0)];
    if (last < first || last - first > 32) return whole;
    return Array.from({ length: last - first + 1 }, (_, n) => String.fromCharCode(first + n)).join(
      '',
    );
  });
  const members = [...new Set(text)].sort();
  const known = { '0123456789': 'X', '123456789': 'Z', '23456789': 'N' } as const;
  const letter = known[members.join('') as keyof typeof known];
  return letter ? [letter] : members;
}
