import type { LeftOut } from './draft';

/** In the order of the files, each once. */
export function inOrder(left: readonly LeftOut[]): readonly LeftOut[] {
  const once = new Map<string, LeftOut>();
  for (const one of left) {
    // Of options it is enough to know where they stand first.
    const key = one.isOnce ? one.text : `${one.where} ${one.text} ${one.why}`;
    if (!once.has(key)) once.set(key, one);
  }
  const lineOf = ({ where }: LeftOut) => Number(/:(\d+)$/.exec(where)?.[1] ?? 0);
  const fileOf = ({ where }: LeftOut) => where.replace(/:\d+$/, '');
  const files = [...new Set([...once.values()].map(fileOf))];
  return [...once.values()].sort(
    (a, b) => files.indexOf(fileOf(a)) - files.indexOf(fileOf(b)) || lineOf(a) - lineOf(b),
  );
}

/** As many as say why nothing came of the files. */
const MOST_SHOWN = 10;

/** The first lines that were left out, for a message. */
export function firstLeft(left: readonly LeftOut[]): readonly string[] {
  return inOrder(left)
    .slice(0, MOST_SHOWN)
    .map(({ where, text, why }) => `${where}: ${withoutSecrets(text)}: ${why}`);
}

/** Passwords of the other system belong into no policy and into no message. */
export function withoutSecrets(text: string): string {
  return text
    .replace(/((?:secret|password|passwd)["']?\s*[=,]\s*["']?)[^\s"',&]+/gi, '$1***')
    .replace(/(\/[^/@:\s]+:)[^/@\s]+(?=@)/g, '$1***');
}
