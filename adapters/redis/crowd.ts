import type { Redis } from 'ioredis';

/** Nobody is asked to wait longer than that for a Redis that is back. Milliseconds. */
const LONGEST_SPREAD_MS = 10_000;
/** Every instance of a small fleet has to be back within two seconds of Redis. */
const SPREAD_MS = 600;
const SHORTEST_MS = 200;
/** A Redis that is back is given about so many connections a second. */
const CONNECTIONS_PER_MS = 1;

/**
 * How many connections Redis has, and so how long each waits at random before it comes back: a large fleet must not come
 * back all at once.
 */
export class Crowd {
  private connections = 0;

  constructor(private readonly random = () => Math.random()) {}

  /**
   * As Redis says now and then. Right after it has come back, most are still missing: less counts by halves only.
   * @param connections whatever else stands there counts as none
   */
  note(connections: number): void {
    const now = Number.isFinite(connections) ? Math.max(0, connections) : 0;
    this.connections = Math.max(now, this.connections / 2);
  }

  /** Asks for that; who may not ask comes back as in a small fleet. */
  ask(redis: Pick<Redis, 'info'>): void {
    redis.info('clients').then(
      (text) => this.note(Number(/^connected_clients:(\d+)/m.exec(text)?.[1])),
      () => undefined,
    );
  }

  /** Connections of Redis, as far as is known. */
  get size(): number {
    return this.connections;
  }

  /** Until the next attempt to connect, in milliseconds. */
  wait(): number {
    const { connections } = this;
    const spread = Math.min(LONGEST_SPREAD_MS, connections / CONNECTIONS_PER_MS);
    return SHORTEST_MS + this.random() * Math.max(SPREAD_MS, spread);
  }
}
