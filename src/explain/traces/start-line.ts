/** What mail, logs and indented listings put before each line. */
const QUOTING = /^[ \t>|]*/;
const RESPONSE = /^SIP\/2\.0[ \t]+[1-6]\d\d(?:[ \t]|$)/i;
const REQUEST = /^[A-Za-z]{3,32}[ \t]+\S{1,2048}[ \t]+SIP\/2\.0$/i;

/** How a line begins that is the first one of a SIP message: its quoting, often empty. Otherwise undefined. */
export function quotingOfStart(line: string): string | undefined {
  const [quoting = ''] = QUOTING.exec(line) ?? [];
  const rest = line.slice(quoting.length).trimEnd();
  return RESPONSE.test(rest) || REQUEST.test(rest) ? quoting : undefined;
}

/** The line without the quoting of its message. */
export function unquoted(line: string, quoting: string): string {
  if (quoting === '') return line;
  if (line.startsWith(quoting)) return line.slice(quoting.length);
  return line.trim() === quoting.trim() ? '' : line;
}
