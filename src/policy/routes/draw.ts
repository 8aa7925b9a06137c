/**
 * A hunt's random draw, uniform in [0, 1), computed from its id. It is the same after a restart, so nothing
 * is stored and an explanation finds the same trunk. FNV-1a with murmur3's finaliser.
 */
export function drawFrom(id: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < id.length; index++) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193);
  }
  return mixed(hash) / 2 ** 32;
}

/** An independent draw for each attempt of one hunt, uniform in [0, 1); the first attempt has the hunt's. */
export function shareOf(draw: number, attempt: number): number {
  if (attempt === 0) return draw;
  return mixed(Math.floor(draw * 2 ** 32) + Math.imul(attempt, 0x9e3779b9)) / 2 ** 32;
}

/** 32-bit finaliser of MurmurHash3: every input bit changes every output bit. */
function mixed(hash: number): number {
  let mix = hash ^ (hash >>> 16);
  mix = Math.imul(mix, 0x85ebca6b);
  mix ^= mix >>> 13;
  mix = Math.imul(mix, 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}
