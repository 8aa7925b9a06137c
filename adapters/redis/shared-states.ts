import { NEVER_TRIPPED, type BreakerState } from '../../src/trunks/health/breaker/state';
import type { InstanceHealth } from '../../src/trunks/health/instance-health';
import { Allowance } from './allowance';
import type { BadValues } from './bad-values';
import { decodeMessage, decodeState, encodeState, isSame } from './codec';
import type { Keys } from './keys';
import type { RedisLink } from './link';
import type { ScriptedPipeline, StateReply } from './scripts';

/** A state that no instance has written for this long is dropped, also if its trunk left the policy. */
const KEPT_AFTER_END_MS = 24 * 3600 * 1000;
/** More than a trunk in trouble needs. What is left out comes with the next pulse. */
const MESSAGES_PER_PULSE = 10;
const WRITES_PER_PULSE = 10;
/** Of the key of the latest version. */
const LONGEST_VERSION = 128;

export interface SharedStatesParts {
  readonly book: InstanceHealth;
  readonly link: RedisLink;
  readonly keys: Keys;
  readonly bad: BadValues;
  readonly now: () => number;
  /** Unique over all writes of all instances. */
  readonly newVersion: () => string;
  /** Something may have been missed: the next pulse shall look. */
  readonly doubted: () => void;
}

/**
 * Trunk states in Redis. A write names the version it was based on. The second writer gets the state of the
 * first, merges and writes again, so the rules of merging are in one place only.
 * A state written by another instance never causes a write before the next pulse.
 */
export class SharedStates {
  private readonly versions = new Map<string, string>();
  /** Changed here and not yet in Redis. */
  private readonly unpublished = new Set<string>();
  private readonly publishing = new Set<string>();
  private readonly messages = new Allowance(MESSAGES_PER_PULSE);
  private readonly writes = new Allowance(WRITES_PER_PULSE);
  /** Latest known version of any write to a shard; '' in an empty Redis, none if uncertain. */
  private readonly latest = new Map<number, string>();
  private readonly badLatest = new Set<number>();

  constructor(private readonly parts: SharedStatesParts) {}

  /** A pulse has begun. */
  pulse(): void {
    this.messages.renew();
    this.writes.renew();
  }

  /** Version of a trunk's state that this instance saw last; '' for none. */
  versionOf(trunk: string): string {
    return this.versions.get(trunk) ?? '';
  }

  /** Makes the next check assume that something was missed. */
  distrust(): void {
    this.latest.clear();
    this.parts.doubted();
  }

  /** Nothing is left for the next pulse, as far as is known. */
  get isSettled(): boolean {
    return this.unpublished.size === 0 && this.shards().every((shard) => this.latest.has(shard));
  }

  /** Whether this instance knows every write, and has written all of its own; one short command for each shard. */
  async isUpToDate(): Promise<boolean> {
    const { link, keys } = this.parts;
    const known = new Map(this.latest);
    let isKnown = true;
    // One after the other: the first command for a node of a Cluster makes the connection to it.
    for (const shard of this.shards()) {
      const latest = await link.commands
        .getrange(keys.latest(shard), 0, LONGEST_VERSION - 1)
        .catch((error: unknown) => this.noVersion(shard, error));
      isKnown &&= latest !== undefined && latest === known.get(shard);
    }
    return isKnown && this.unpublished.size === 0;
  }

  /**
   * Adopts every state, and publishes what is known only here.
   * @param writes whether Redis takes any
   */
  async synchronise(writes: boolean): Promise<void> {
    await Promise.all([...this.byShard()].map(([shard, names]) => this.readAll(shard, names)));
    if (!writes) return;
    await Promise.all([...this.unpublished].map((name) => this.publish(name)));
    await Promise.all([...this.badLatest].map((shard) => this.replaceLatest(shard)));
  }

  /** Trunks that may be asked for in one round trip. */
  byShard(): ReadonlyMap<number, readonly string[]> {
    const { book, keys } = this.parts;
    if (keys.shards.length === 1) return new Map([[0, book.names()]]);
    const all = new Map<number, string[]>();
    for (const name of book.names()) {
      const shard = keys.shard(name);
      const names = all.get(shard);
      if (names) names.push(name);
      else all.set(shard, [name]);
    }
    return all;
  }

  private async readAll(shard: number, names: readonly string[]): Promise<void> {
    const { keys, link } = this.parts;
    const pipeline = link.commands
      .pipeline()
      .getrange(keys.latest(shard), 0, LONGEST_VERSION - 1) as ScriptedPipeline;
    for (const name of names) pipeline.readState(keys.state(name));
    const [latest, ...results] = (await pipeline.exec()) ?? [];
    const replies = valuesOf(results);
    for (const [index, name] of names.entries()) {
      this.take(name, replies[index] as StateReply);
    }
    // Before the next write, which has a later version.
    const version = latest?.[0] ? this.noVersion(shard, latest[0]) : (latest?.[1] as string);
    if (version === undefined) this.latest.delete(shard);
    else this.latest.set(shard, version);
  }

  /** Takes a state that an instance has published. */
  learn(text: string): void {
    const { bad, book, keys, now } = this.parts;
    const message = decodeMessage(text);
    if (!message.ok) return this.refuse(message.why);
    const { trunk, reply } = message.value;
    // One's own, most of the time.
    if (!book.far(trunk) || reply[0] === this.versionOf(trunk)) return;
    if (!this.messages.take(trunk)) {
      // What stands in Redis then is all that counts.
      this.distrust();
      bad.note('message', `more than ${MESSAGES_PER_PULSE} a second`, trunk);
      return;
    }
    const state = decodeState(reply, now());
    if (!state.ok) return this.refuse(state.why, trunk);
    this.latest.set(keys.shard(trunk), reply[0]);
    this.take(trunk, reply);
  }

  /** A state has changed here: publishes it at once to all other instances. */
  changed(trunk: string): void {
    this.unpublished.add(trunk);
    if (this.parts.link.isShared) void this.publish(trunk);
  }

  private shards(): readonly number[] {
    return [...this.byShard().keys()];
  }

  private refuse(why: string, trunk?: string): void {
    this.parts.bad.note('message', why, trunk);
    this.distrust();
  }

  /** Merges the state in Redis with this instance's. */
  private take(trunk: string, reply: StateReply): void {
    const { bad, book, now } = this.parts;
    const far = book.far(trunk);
    if (!far) return;
    const [version, , , , wrong] = reply;
    this.versions.set(trunk, version);
    const stored =
      version === '' ? { ok: true as const, value: NEVER_TRIPPED } : decodeState(reply, now());
    if (wrong !== '' || !stored.ok) {
      bad.note('state', stored.ok ? wrong : stored.why, trunk);
      this.unpublished.add(trunk);
      return;
    }
    far.adopt(stored.value);
    if (this.isNews(far.state(), stored.value, version)) this.unpublished.add(trunk);
    else this.unpublished.delete(trunk);
  }

  private isNews(state: BreakerState, stored: BreakerState, version: string): boolean {
    // A trunk that was never put back in order needs no mention in an empty Redis. One that was does: an instance
    // that does not know of it would hold the trunk in an earlier generation, and nobody would take that up.
    const isNew = version === '' && state.phase === 'closed' && state.generation === 0;
    return !isSame(state, stored) && !isNew;
  }

  private async publish(trunk: string): Promise<void> {
    // One at a time, otherwise the second write would be based on a version that the first replaces.
    if (this.publishing.has(trunk)) return;
    this.publishing.add(trunk);
    try {
      // What is left over goes with the next pulse.
      while (this.unpublished.has(trunk) && this.writes.take(trunk)) await this.put(trunk);
    } catch (error) {
      this.unpublished.add(trunk);
      this.parts.link.failed('put-state', error, 'write');
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
      keys.latest(keys.shard(trunk)),
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
      this.latest.set(keys.shard(trunk), version);
      this.badLatest.delete(keys.shard(trunk));
    } else {
      this.take(trunk, found as unknown as StateReply);
    }
  }

  /** Another application's, or a mistake; anything else that Redis says of it is thrown. */
  private noVersion(shard: number, error: unknown): undefined {
    if (!(error instanceof Error) || !error.message.startsWith('WRONGTYPE')) throw error;
    this.badLatest.add(shard);
    this.parts.bad.note('latest', error.message);
    return undefined;
  }

  private async replaceLatest(shard: number): Promise<void> {
    const { keys, link, newVersion } = this.parts;
    const version = newVersion();
    try {
      await link.commands.set(keys.latest(shard), version);
    } catch (error) {
      this.parts.link.failed('put-state', error, 'write');
      return;
    }
    this.badLatest.delete(shard);
    this.latest.set(shard, version);
  }
}

/** Replies of a pipeline; throws the first error among them. */
export function valuesOf(results: [Error | null, unknown][] | null): unknown[] {
  return (results ?? []).map(([error, value]) => {
    if (error) throw error;
    return value;
  });
}
