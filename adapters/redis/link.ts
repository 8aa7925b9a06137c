import { Redis } from 'ioredis';
import type { Logger } from 'winston';
import type { RedisSettings } from '../../src/settings/redis-settings';
import { commandOptions, redisOptions } from './options';
import type { RedisMetrics } from './metrics';
import type { ScriptedRedis } from './scripts';

export interface LinkParts {
  readonly settings: RedisSettings;
  readonly channel: string;
  readonly log: Logger;
  readonly metrics: RedisMetrics;
}

export interface LinkListener {
  /** Commands can be sent, perhaps again. */
  ready(): void;
  /** Messages may have been missed up to now. */
  subscribed(): void;
  message(text: string): void;
  /** This instance is on its own until `reached` is called. */
  lost(): void;
}

/** Keeps two connections to one Redis up for ever: one for commands, one for published messages. */
export class RedisLink {
  readonly commands: ScriptedRedis;
  private readonly subscriber: Redis;
  private isReachable: boolean | undefined;
  private listener: LinkListener | undefined;
  private stopped = false;

  constructor(private readonly parts: LinkParts) {
    this.commands = new Redis(commandOptions(parts.settings)) as unknown as ScriptedRedis;
    this.subscriber = new Redis(redisOptions(parts.settings, 'crankback-subscriber'));
  }

  start(listener: LinkListener): void {
    this.listener = listener;
    this.parts.metrics.reachable.set(0);
    this.commands.on('ready', () => listener.ready());
    this.commands.on('error', (error) => this.lost(error));
    this.commands.on('close', () => this.lost('connection closed'));
    this.subscriber.on('ready', () => {
      // Resolves once Redis has accepted it; after a loss another `ready` follows.
      this.subscriber.subscribe(this.parts.channel).then(
        () => listener.subscribed(),
        () => undefined,
      );
    });
    // The connection for commands reports errors for both.
    this.subscriber.on('error', () => undefined);
    this.subscriber.on('message', (_channel: string, text: string) => listener.message(text));
    this.commands.connect().catch(() => undefined);
    this.subscriber.connect().catch(() => undefined);
  }

  /** Whether commands are accepted at present. */
  get canSend(): boolean {
    return this.commands.status === 'ready';
  }

  get reachable(): boolean {
    return this.isReachable === true;
  }

  reached(): void {
    if (this.isReachable) return;
    this.isReachable = true;
    this.parts.metrics.reachable.set(1);
    this.parts.log.info('trunk health is shared through Redis');
  }

  /** Logs one line per loss, however long it lasts. */
  private lost(error: unknown): void {
    if (this.isReachable === false || this.stopped) return;
    this.isReachable = false;
    this.parts.metrics.reachable.set(0);
    this.listener?.lost();
    const why = error instanceof Error ? error.message : String(error);
    this.parts.log.warn('Redis cannot be reached: trunk health is this instance’s own', { why });
  }

  failed(command: string, error: unknown): void {
    if (this.stopped) return;
    this.parts.metrics.failures.inc({ command });
    this.lost(error);
  }

  stop(): void {
    this.stopped = true;
    this.commands.disconnect();
    this.subscriber.disconnect();
  }
}
