import { NEVER_TRIPPED, type BreakerState } from '../../src/trunks/health/breaker/state';
import type { InstanceHealth } from '../../src/trunks/health/instance-health';
import { decodeMessage, decodeState, encodeState, isSame } from './codec';
import type { Keys } from './keys';
import type { RedisLink } from './link';
import type { StateReply } from './scripts';

/** A state that no instance has written for this long is dropped, also if its trunk left the policy. */
const KEPT_AFTER_END_MS = 24 * 3600 * 1000;

export interface SharedStatesParts {
  readonly book: InstanceHealth;
  readonly link: RedisLink;
  readonly keys: Keys;
  readonly now: () => number;
  /** Unique over all writes of all instances. */
  readonly newVersion: () => string;
}

/**
 * Trunk states in Redis. A write names the version it was based on. The second writer gets the state of the
 * first, merges and writes again, so the rules of merging are in one place only.
 */
export class SharedStates {
  private readonly versions = new Map<string, string>();
  /** Changed here and not yet in Redis. */
  private readonly unpublished = new Set<string>();
  private readonly publishing = new Set<string>();
  /** Latest known version of any write; null in an empty Redis, undefined if uncertain. */
  private latest: string | null | undefined;

  constructor(private readonly parts: SharedStatesParts) {}

  /** Version of a trunk's state that this instance saw last; '' for none. */
  versionOf(trunk: string): string {
    return this.versions.get(trunk) ?? '';
  }

  /** Makes the next check assume that something was missed. */
  distrust(): void {
    this.latest = undefined;
  }

  /** Whether this instance knows every write, and has written all of its own; one short command. */
  async isUpToDate(): Promise<boolean> {
    const latest = await this.parts.link.commands.get(this.parts.keys.latest);
    return latest === this.latest && this.unpublished.size === 0;
  }

  /** Adopts every state, and publishes what is known only here. */
  async synchronise(): Promise<void> {
    const { book, keys, link } = this.parts;
    const names = book.names();
    const pipeline = link.commands.pipeline().get(keys.latest) as ReturnType<
      typeof link.commands.pipeline
    >;
    for (const name of names) pipeline.readState(keys.state(name));
    const [latest, ...replies] = valuesOf(await pipeline.exec());
    for (const [index, name] of names.entries()) {
      this.take(name, replies[index] as StateReply);
    }
    // Before the next write, which has a later version.
    this.latest = latest as string | null;
    await Promise.all([...this.unpublished].map((name) => this.publish(name)));
  }

  /** Takes a state that an instance has published. */
  learn(text: string): void {
    const message = decodeMessage(text);
    if (!message || !this.parts.book.far(message.trunk)) return;
    this.latest = message.reply[0];
    this.take(message.trunk, message.reply);
    if (this.unpublished.has(message.trunk)) void this.publish(message.trunk);
  }

  /** A state has changed here: publishes it at once to all other instances. */
  changed(trunk: string): void {
    this.unpublished.add(trunk);
    if (this.parts.link.reachable) void this.publish(trunk);
  }

  /** Merges the state in Redis with this instance's. */
  private take(trunk: string, reply: StateReply): void {
    const far = this.parts.book.far(trunk);
    if (!far) return;
    this.versions.set(trunk, reply[0]);
    const stored: BreakerState = decodeState(reply, this.parts.now()) ?? NEVER_TRIPPED;
    far.adopt(stored);
    const state = far.state();
    // An empty Redis needs no entry for a closed trunk.
    const isNews = !isSame(state, stored) && !(reply[0] === '' && state.phase === 'closed');
    if (isNews) this.unpublished.add(trunk);
    else this.unpublished.delete(trunk);
  }

  private async publish(trunk: string): Promise<void> {
    // One at a time, otherwise the second write would be based on a version that the first replaces.
    if (this.publishing.has(trunk)) return;
    this.publishing.add(trunk);
    try {
      while (this.unpublished.has(trunk)) await this.put(trunk);
    } catch (error) {
      this.unpublished.add(trunk);
      this.parts.link.failed('put-state', error);
    } finally {
      this.publishing.delete(trunk);
    }
  }

  private async put(trunk: string): Promise<void> {
    const { book, keys, link, newVersion, now } = this.parts;
    const far = book.far(trunk);
    this.unpublished.delete(trunk);
    if (!far) return;
    const { body, age, remaining } = encodeState(far.state(), now());
    const version = newVersion();
    const isForEver = far.state().phase !== 'closed' && remaining === '';
    const kept = isForEver ? '' : KEPT_AFTER_END_MS + Math.max(0, remaining || 0);
    const [written, ...found] = await link.commands.putState(
      keys.state(trunk),
      keys.tally(trunk),
      keys.lease(trunk),
      keys.latest,
      this.versionOf(trunk),
      version,
      body,
      age,
      remaining,
      keys.channel,
      trunk,
      kept,
    );
    if (written === 1) {
      this.versions.set(trunk, version);
      this.latest = version;
    } else {
      this.take(trunk, found as unknown as StateReply);
    }
  }
}

/** Replies of a pipeline; throws the first error among them. */
export function valuesOf(results: [Error | null, unknown][] | null): unknown[] {
  return (results ?? []).map(([error, value]) => {
    if (error) throw error;
    return value;
  });
}
