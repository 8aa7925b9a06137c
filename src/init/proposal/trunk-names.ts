/** Longest name of a trunk. */
const LONGEST = 31;

/**
 * Names as the policy may have them, each once.
 * @param keys what the names are found by: the PBX's own ones
 * @param nameOf the PBX's own name, where a key is another
 */
export function trunkNames(
  keys: readonly string[],
  nameOf = (key: string): string => key,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const taken = new Set<string>();
  for (const key of keys) {
    const plainName = slug(nameOf(key));
    let unique = plainName;
    for (let n = 2; taken.has(unique); n += 1)
      unique = `${plainName.slice(0, LONGEST - 1 - String(n).length)}-${n}`;
    taken.add(unique);
    found.set(key, unique);
  }
  return found;
}

/** FusionPBX names its gateways so. */
const UUID = /^([0-9a-f]{8})-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function slug(name: string): string {
  const [, first] = UUID.exec(name) ?? [];
  if (first !== undefined) return `gateway-${first.toLowerCase()}`;
  const letters = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return letters.slice(0, LONGEST).replace(/-+$/, '') || 'trunk';
}
