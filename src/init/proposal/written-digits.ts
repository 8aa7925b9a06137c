import { coversPattern, isPattern, readPattern, type Pattern } from '../../policy/routes/digits';

/**
 * A pattern of ours as it may stand in the policy file. One with the star key and an open end would be read in two ways:
 * it is written in Asterisk's notation. Undefined where the policy has no word for it.
 */
export function writtenDigits(digits: string): string | undefined {
  if (isPattern(readPattern(digits))) return digits;
  const asterisk = `_${digits.slice(0, -1)}!`;
  return digits.endsWith('*') && isPattern(readPattern(asterisk)) ? asterisk : undefined;
}

/** How long every number of an extension is; undefined where they are not equally long. */
export function placesIn(extension: string): number | undefined {
  const read = patternIn(extension);
  return read && !read.open ? read.places.length : undefined;
}

/**
 * Whether an extension takes every number that is dialled to another one and then sent on.
 * @param before digits that are put before the number, once `cut` of its own are gone
 */
export function takesAll(
  extension: string,
  {
    dialled,
    before,
    cut,
  }: { readonly dialled: string; readonly before: string; readonly cut: number },
): boolean {
  const [taking, whole] = [patternIn(extension), patternIn(dialled)];
  const prefix = before === '' ? { places: [] } : patternIn(before);
  if (!taking || !whole || !prefix) return false;
  const places = [...prefix.places, ...whole.places.slice(cut)];
  return coversPattern(taking, { places, open: whole.open });
}

function patternIn(extension: string): Pattern | undefined {
  const read = readPattern(extension.startsWith('_') ? extension : `_${extension}`);
  return isPattern(read) ? read : undefined;
}
