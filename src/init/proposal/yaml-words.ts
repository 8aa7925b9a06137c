import { printable } from '../../model/printable';

/** A name that YAML would take for something else is quoted. */
export function nameText(name: string): string {
  const isPlain =
    /^[a-z][a-z0-9-]*$/.test(name) && !/^(?:true|false|null|yes|no|on|off|y|n)$/.test(name);
  return isPlain ? name : quoted(name);
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Text of somebody else's files in a comment: one line, to be seen as it is. */
export function plain(text: string): string {
  return printable(text).slice(0, 120);
}
