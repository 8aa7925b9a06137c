/** A Map of at most `most` keys; it drops the oldest one. Setting a key again does not make it newer. */
export class BoundedMap<K, V> extends Map<K, V> {
  constructor(private readonly most: number) {
    super();
  }

  override set(key: K, value: V): this {
    super.set(key, value);
    dropOldest(this, this.most);
    return this;
  }
}

/** A Set of at most `most` members; it drops the oldest one. */
export class BoundedSet<T> extends Set<T> {
  constructor(private readonly most: number) {
    super();
  }

  override add(member: T): this {
    super.add(member);
    dropOldest(this, this.most);
    return this;
  }
}

function dropOldest<K>(kept: Map<K, unknown> | Set<K>, most: number): void {
  if (kept.size <= most) return;
  const oldest = kept.keys().next();
  if (oldest.done !== true) kept.delete(oldest.value);
}
