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
