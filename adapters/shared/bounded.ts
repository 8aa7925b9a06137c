/** A Map that forgets its oldest key when it would hold more than `most`. A key that is set again stays as old as it is. */
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

/** A Set that forgets its oldest member when it would hold more than `most`. */
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
