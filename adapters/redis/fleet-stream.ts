import { named, type Named } from '../../src/findings/named';
import type { Logger } from 'winston';
import { LONGEST_ITEM, type PackedItem } from '../../src/journal/fleet/item';
import type { FleetRead, FleetTaken } from '../../src/journal/fleet/inbox';
import type { RedisSettings } from '../../src/settings/redis-settings';
import type { BadValues } from './bad-values';
import { Crowd } from './crowd';
import { Keys } from './keys';
import type { FleetMetrics } from './metrics';
import { commandConnection } from './connect';
import type { ScriptedRedis } from './scripts';
import { isBehind } from './stream-id';

/** What others wrote is seen so much later. Milliseconds. */
const PULSE_MS = 500;
/** Items that wait for Redis: half an hour of a few calls a second. Bytes of their texts. */
const MOST_WAITING = 16 * 1024 * 1024;
/** In one command. */
const SENT_AT_ONCE = 8;
const READ_AT_ONCE = 64;
/** Of one answer. Bytes. */
const LONGEST_ANSWER = 512 * 1024;
/** Whatever others write: two answers a pulse, two megabytes a second. */
const READS_PER_PULSE = 2;
/** How many others there are is asked in one of so many pulses; it matters only when Redis has been away. */
const CROWD_PULSES = 120;
/** Once all are there that begin at the same time. */
const FIRST_CROWD_PULSE = 10;
/** Of what Redis says of an error. */
const LONGEST_WHY = 200;

export interface FleetStreamParts {
  readonly settings: RedisSettings;
  /** What the stream may take in Redis. Bytes. */
  readonly bytes: number;
  readonly log: Logger;
  readonly metrics: FleetMetrics;
  readonly bad: BadValues;
  /** Writes what others told; undefined where the journal is of no fleet. @throws Error where it cannot now */
  readonly take: (read: FleetRead) => Promise<FleetTaken | undefined>;
}

/**
 * One Redis stream through which instances tell each other what they record, on a connection of its own. Nobody waits
 * for it: what Redis does not take is kept for a while, then dropped and counted.
 */
export class FleetStream {
  private readonly redis: ScriptedRedis;
  private readonly key: string;
  private readonly crowd = new Crowd();
  private pulses = 0;
  private waiting: PackedItem[] = [];
  private bytes = 0;
  private place: { readonly cursor: string; readonly journal: string } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private pulse: Promise<void> | undefined;
  private stopped = false;
  private trouble: string | undefined;
  private isDropping = false;

  constructor(private readonly parts: FleetStreamParts) {
    const { settings } = parts;
    this.key = new Keys(settings.prefix, settings.isCluster).journal;
    this.redis = commandConnection(settings, 'crankback-fleet', this.crowd);
    this.redis.on('error', (error) => this.fail(error));
    this.redis.on('close', () => this.fail('connection closed'));
  }

  start(): void {
    this.redis.connect().catch(() => undefined);
    this.schedule();
  }

  /** For the readiness report. */
  warnings(): readonly Named[] {
    const { trouble } = this;
    return trouble === undefined
      ? []
      : [named('CB5006', `fleet: ${trouble}; calls of the other instances are missing`)];
  }

  /** What this instance has recorded. Never waits. */
  readonly publish = (items: readonly PackedItem[]): void => {
    for (const item of items) {
      if (this.bytes + item.text.length > MOST_WAITING) this.drop(item);
      else {
        this.waiting.push(item);
        this.bytes += item.text.length;
      }
    }
  };

  /** Tells what is left, for a bounded time. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.pulse;
    await this.send().catch(() => undefined);
    for (const item of this.waiting.splice(0)) this.drop(item);
    this.redis.disconnect();
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.pulse = this.beat().finally(() => this.schedule());
    }, PULSE_MS).unref();
  }

  private async beat(): Promise<void> {
    if (this.redis.status !== 'ready') return;
    if (this.pulses++ % CROWD_PULSES === FIRST_CROWD_PULSE) this.crowd.ask(this.redis);
    try {
      await this.send();
      await this.read();
      this.recover();
    } catch (error) {
      this.fail(error);
    }
  }

  /** In order; an item that Redis may have taken already is told again, and read once. */
  private async send(): Promise<void> {
    const most = Math.max(1, Math.floor(this.parts.bytes / LONGEST_ITEM));
    while (this.waiting.length > 0 && this.redis.status === 'ready') {
      const items = this.waiting.slice(0, SENT_AT_ONCE);
      const journal = this.place?.journal ?? '';
      const texts = items.map(({ text }) => text);
      const wrong = await this.redis.addItems(this.key, most, journal, ...texts);
      if (wrong !== '') this.parts.bad.note('journal', wrong);
      this.waiting = this.waiting.slice(items.length);
      for (const { text, count } of items) {
        this.bytes -= text.length;
        this.parts.metrics.entries.inc({ what: 'told' }, count);
      }
    }
  }

  private async read(): Promise<void> {
    for (let reads = 0; reads < READS_PER_PULSE && !this.stopped; reads++) {
      this.place ??= await this.parts.take({ items: [] });
      if (!this.place) return;
      const { cursor, journal } = this.place;
      const asked = [cursor, READ_AT_ONCE, LONGEST_ITEM, LONGEST_ANSWER, journal];
      const [oldest, latest, wrong, ...found] = await this.redis.readItems(this.key, ...asked);
      if (wrong !== '') this.parts.bad.note('journal', wrong);
      if (isBehind(cursor, latest)) {
        // The stream was begun anew; what is read twice is written once.
        this.place = { journal, cursor: '0-0' };
        continue;
      }
      const items = pairs(found);
      if (items.length === 0) return;
      const cut = cursor !== '0-0' && isBehind(oldest, cursor);
      const taken = await this.parts.take({ items, cut });
      if (!taken) return;
      this.place = taken;
      this.count(taken);
    }
  }

  private count({ written, missing, bad }: FleetTaken): void {
    const { metrics } = this.parts;
    metrics.entries.inc({ what: 'taken' }, written);
    metrics.entries.inc({ what: 'missing' }, missing);
    for (const why of bad) this.parts.bad.note('journal', why);
  }

  private drop({ count }: PackedItem): void {
    this.parts.metrics.entries.inc({ what: 'dropped' }, count);
    if (this.isDropping) return;
    this.isDropping = true;
    this.parts.log.warn('fleet: what this instance records is no longer told to the others', {
      finding: 'CB5006',
      why: this.trouble ?? 'Redis takes less than comes',
    });
  }

  private fail(error: unknown): void {
    const why = (error instanceof Error ? error.message : String(error)).slice(0, LONGEST_WHY);
    if (this.stopped || this.trouble !== undefined) return;
    this.trouble = why;
    this.parts.log.warn('fleet: the other instances cannot be told, or not be read', {
      finding: 'CB5006',
      why,
    });
  }

  private recover(): void {
    this.isDropping = false;
    if (this.trouble === undefined) return;
    this.trouble = undefined;
    this.parts.log.info('fleet: the instances tell each other again');
  }
}

function pairs(found: readonly string[]): (readonly [string, string])[] {
  const items: (readonly [string, string])[] = [];
  for (let index = 0; index + 1 < found.length; index += 2)
    items.push([found[index] ?? '', found[index + 1] ?? '']);
  return items;
}
