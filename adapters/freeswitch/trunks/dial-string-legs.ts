// Own scanner: a dial string's variables hold separators, brackets and `${…}`, and no package knows them.

const CLOSING: Readonly<Record<string, string>> = { '{': '}', '[': ']', '<': '>' };
const SEPARATOR = /^(?:\||,|:_:)/;

/**
 * The legs of a dial string, in its order, without their variables: `{…}` and `<…>` before a list, `[…]` before a leg.
 * What is tried at once, one after another or as a call of its own (`:_:`) counts alike. Linear.
 */
export function legsOf(dialString: string): readonly string[] {
  const legs: string[] = [];
  let at = 0;
  while (at < dialString.length) {
    const begin = afterVariables(dialString, at);
    const end = endOfLeg(dialString, begin);
    legs.push(dialString.slice(begin, end).trim());
    at = end + (SEPARATOR.exec(dialString.slice(end, end + 3))?.[0].length ?? 1);
  }
  return legs.filter((leg) => leg !== '');
}

/** Where the leg itself begins; the end of the text where brackets are left open. */
function afterVariables(text: string, from: number): number {
  let at = from;
  for (;;) {
    while (text[at] === ' ') at += 1;
    const open = text[at] ?? '';
    const close = CLOSING[open];
    if (close === undefined) return at;
    at = afterClosing(text, at, open, close);
  }
}

/** Variables may hold `${…}`, and expressions within it. */
function afterClosing(text: string, from: number, open: string, close: string): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === open) depth += 1;
    if (text[at] === close && (depth -= 1) === 0) return at + 1;
  }
  return text.length;
}

function endOfLeg(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth <= 0 && SEPARATOR.test(text.slice(at, at + 3))) return at;
  }
  return text.length;
}
