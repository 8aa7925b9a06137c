/** Keeps the first two and last two characters of a number: enough to recognise it, too few to dial it. */
export function maskNumber(number: string): string {
  const characters = [...number].map((character) =>
    /[0-9A-D*#+]/.test(character) ? character : '?',
  );
  if (characters.length <= 4) return '*'.repeat(characters.length);
  const hidden = Math.min(characters.length - 4, 28);
  return characters.slice(0, 2).join('') + '*'.repeat(hidden) + characters.slice(-2).join('');
}
