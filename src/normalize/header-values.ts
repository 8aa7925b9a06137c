const QUOTE = '"';

/**
 * Splits a header value at a separator, but not inside quotes (with `\` escapes) and `<…>`. Parts are
 * trimmed, empty parts dropped. An unclosed quote or bracket extends to the end. Linear.
 */
export function splitTop(text: string, separator: ',' | ';'): string[] {
  const parts: string[] = [];
  let from = 0;
  let quoted = false;
  let bracketed = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at++;
      else if (character === QUOTE) quoted = false;
    } else if (bracketed) {
      if (character === '>') bracketed = false;
    } else if (character === QUOTE) quoted = true;
    else if (character === '<') bracketed = true;
    else if (character === separator) {
      push(parts, text.slice(from, at));
      from = at + 1;
    }
  }
  push(parts, text.slice(from));
  return parts;
}

function push(parts: string[], part: string): void {
  const trimmed = part.trim();
  if (trimmed !== '') parts.push(trimmed);
}

/**
 * Splits `a;b=c;d="e"` into the text before the first `;` and the parameters, unquoted, by lower-case name.
 */
export function splitParameters(text: string): { value: string; parameters: Map<string, string> } {
  const parts = splitTop(text, ';');
  // A text that begins with `;` has no value, only parameters.
  const headed = !text.trimStart().startsWith(';');
  const parameters = new Map<string, string>();
  for (const part of headed ? parts.slice(1) : parts) {
    const equals = part.indexOf('=');
    const name = (equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase();
    // RFC 3261 7.3.1: a parameter occurs once; if repeated, the first counts.
    if (!parameters.has(name))
      parameters.set(name, equals < 0 ? '' : unquote(part.slice(equals + 1).trim()));
  }
  return { value: headed ? (parts[0] ?? '') : '', parameters };
}

/** One parameter of `splitParameters`, by lower-case name. A plain value, the usual case, is not split. */
export function parameterOf(text: string, name: string): string | undefined {
  const [, plain] = /^(?:[^"<>;]*<[^"<>]*>)?([^"<>]*)$/.exec(text) ?? [];
  if (plain === undefined) return splitParameters(text).parameters.get(name);
  let at = plain.indexOf(';');
  while (at >= 0) {
    const next = plain.indexOf(';', at + 1);
    const part = plain.slice(at + 1, next < 0 ? plain.length : next);
    const equals = part.indexOf('=');
    if ((equals < 0 ? part : part.slice(0, equals)).trim().toLowerCase() === name)
      return equals < 0 ? '' : part.slice(equals + 1).trim();
    at = next;
  }
  return undefined;
}

/** The content of a quoted string; any other text unchanged. */
export function unquote(text: string): string {
  if (!text.startsWith(QUOTE)) return text;
  const inside = text.length > 1 && text.endsWith(QUOTE) ? text.slice(1, -1) : text.slice(1);
  return inside.includes('\\') ? inside.replace(/\\(.)/gs, '$1') : inside;
}
