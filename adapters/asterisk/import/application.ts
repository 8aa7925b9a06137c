/** An application of the dialplan with its arguments, also as Asterisk 1.4 wrote them: `Dial,SIP/a|30`. */
export interface Application {
  /** In lower case. */
  readonly name: string;
  readonly given: string;
  readonly arguments: readonly string[];
}

export function applicationOf(text: string): Application {
  const [, name = '', inside, old] =
    /^([A-Za-z_]+)\s*(?:\(([\s\S]*)\)|,([\s\S]*))?\s*$/.exec(text) ?? [];
  const given = inside ?? old ?? '';
  const found = split(given, ',');
  const isOld = found.length === 1 && !given.includes('[');
  return {
    name: name.toLowerCase(),
    given,
    arguments: isOld ? split(given, '|') : found,
  };
}

/** Where it stands outside of all brackets and quotes. */
export function split(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let begin = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (char === '"') isQuoted = !isQuoted;
    else if (isQuoted) continue;
    else if ('({['.includes(char)) depth += 1;
    else if (')}]'.includes(char)) depth = Math.max(0, depth - 1);
    else if (char === separator && depth === 0) {
      parts.push(text.slice(begin, at).trim());
      begin = at + 1;
    }
  }
  return [...parts, text.slice(begin).trim()];
}

/** Applications by their text; the same lines are come by many times. */
const MOST_PARSED = 10_000;
const parsedBefore = new Map<string, Application>();

export function parsed(text: string): Application {
  const known = parsedBefore.get(text);
  if (known) return known;
  const application = applicationOf(text);
  if (parsedBefore.size >= MOST_PARSED) parsedBefore.clear();
  parsedBefore.set(text, application);
  return application;
}
