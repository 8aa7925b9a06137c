import { charactersOf } from '../../src/model/dialled';

/** A regular expression for the places of a pattern, short, and alike in POSIX's extended notation and in PCRE. */
export function expressionOf(places: readonly number[]): string {
  return repeated(places.map((set) => bracket(charactersOf(set))));
}

function repeated(parts: readonly string[]): string {
  const runs: { readonly part: string; times: number }[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (last?.part === part) last.times += 1;
    else runs.push({ part, times: 1 });
  }
  return runs.map(({ part, times }) => (times > 1 ? `${part}{${times}}` : part)).join('');
}

function bracket(characters: string): string {
  if (characters.length === 1 && /[0-9A-D#]/.test(characters)) return characters;
  const ranges = characters
    .replace('0123456789', '0-9')
    .replace('123456789', '1-9')
    .replace('23456789', '2-9')
    .replace('ABCD', 'A-D');
  return `[${ranges}]`;
}
