/** A Map of at most `most` keys; it drops the oldest one. Setting a key again does not make it newer. */
export class BoundedMap<K, V> extends Map<K, V> {
  private readonly oldestFirst: Iterator<K>;

  constructor(private readonly most: number) {
    super();
    this.oldestFirst = this.keys();
  }

  override set(key: K, value: V): this {
    super.set(key, value);
    dropOldest(this, this.most, this.oldestFirst);
    return this;
  }
}

/** A Set of at most `most` members; it drops the oldest one. */
export class BoundedSet<T> extends Set<T> {
  private readonly oldestFirst: Iterator<T>;

  constructor(private readonly most: number) {
    super();
    this.oldestFirst = this.keys();
  }

  override add(member: T): this {
    super.add(member);
    dropOldest(this, this.most, this.oldestFirst);
    return this;
  }
}

/**
 * @param oldestFirst one iterator for all the time: whatever it has given is dropped, so it stands before the oldest. A
 *   new one would look through the gaps of all that was dropped, thousands each time.
 */
function dropOldest<K>(
  kept: Map<K, unknown> | Set<K>,
  most: number,
  oldestFirst: Iterator<K>,
): void {
  if (kept.size <= most) return;
  const oldest = oldestFirst.next();
  if (oldest.done !== true) kept.delete(oldest.value);
}
