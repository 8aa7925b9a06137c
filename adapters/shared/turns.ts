/** Own code: p-limit and p-queue, as they are kept today, are ES modules alone, and this program is CommonJS. */

/** Runs tasks in the order in which they came, so many at a time. */
export class Turns {
  private running = 0;
  /** A set, because its first one is taken without moving the others. */
  private readonly waiting = new Set<() => void>();

  constructor(private readonly most: number) {}

  /** Settles as the task does. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.running < this.most) this.running += 1;
    else await new Promise<void>((go) => this.waiting.add(go));
    try {
      return await task();
    } finally {
      this.next();
    }
  }

  /** The place of the one that is over goes to the one that has waited longest. */
  private next(): void {
    const [go] = this.waiting;
    if (go === undefined) {
      this.running -= 1;
      return;
    }
    this.waiting.delete(go);
    go();
  }
}
