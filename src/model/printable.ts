/**
 * What a terminal, a pager or a log collector may obey, and what no eye can see: control characters (C0, DEL,
 * C1), line and paragraph separators, format characters (bidirectional controls, zero-width ones, tags),
 * surrogates without their half, characters without a meaning, and whatever else Unicode lets a font leave out
 * (Hangul fillers, variation selectors, the combining grapheme joiner).
 */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const PLAIN = /^[ -~]*$/;

/**
 * Text of any origin, fit to be shown: everything that is no plain to be seen character is written as `\u202e`,
 * two of these above U+FFFF. The one place that does so, for log, HTTP answers and commands.
 */
export function printable(text: string): string {
  return PLAIN.test(text) ? text : text.replace(UNPRINTABLE, escaped);
}

/** The same for a text of several lines: line feeds and tabs stay. */
export function printableLines(text: string): string {
  return text.replace(UNPRINTABLE, (found) => (/[\n\t]/.test(found) ? found : escaped(found)));
}

/** Whether it can be shown as it is. */
export function isPrintable(text: string): boolean {
  return text.search(UNPRINTABLE) < 0;
}

function escaped(found: string): string {
  return found
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
