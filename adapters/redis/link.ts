import type { FindingCode } from '../../src/findings/registry';
import type { Redis } from 'ioredis';
import type { Logger } from 'winston';
import type { RedisSettings } from '../../src/settings/redis-settings';
import { Crowd } from './crowd';
import { commandConnection, subscribingConnection } from './connect';
import type { RedisMetrics } from './metrics';
import type { ScriptedRedis } from './scripts';
import { Standing, type Level } from './standing';

/** Whether Redis takes writes is tried in one of so many pulses, and in each while it does not. */
const TRIAL_PULSES = 5;
/** A replica is left for whoever is the master now after so many pulses, again and again. */
const REPLICA_PULSES = 5;
/** How many others there are is asked in one of so many pulses; it matters only when Redis has been away. */
const CROWD_PULSES = 60;
/** Once all are there that begin at the same time. */
const FIRST_CROWD_PULSE = 5;
const TRIAL_KEPT_MS = 60_000;
/** Of what Redis says of an error. */
const LONGEST_WHY = 200;

export interface LinkParts {
  readonly settings: RedisSettings;
  readonly channel: string;
  /** Written as a trial, in turn; whoever is in doubt tries all of them. */
  readonly trials: readonly string[];
  readonly instance: string;
  readonly log: Logger;
  readonly metrics: RedisMetrics;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

export interface LinkListener {
  /** Commands can be sent, perhaps again. */
  ready(): void;
  /** Messages may have been missed up to now. */
  subscribed(): void;
  message(text: string): void;
  /** This instance is on its own until `shared` is called. */
  alone(): void;
  /** Every pulse's command is answered and every write taken. */
  shared(): void;
}

/** Keeps two connections to one Redis up for ever: one for commands, one for published messages. */
export class RedisLink {
  readonly commands: ScriptedRedis;
  private readonly subscriber: Redis;
  private readonly crowd = new Crowd();
  private readonly standing = new Standing();
  private listener: LinkListener | undefined;
  private stopped = false;
  private why = '';
  /** The last write was refused, or there was none yet. */
  private isInDoubt = true;
  private pulses = 0;
  private replicaPulses = 0;
  private isSubscribed = false;
  /** Between our own end of a connection and the next one. */
  private isMoving = false;
  private isClosingIsOurs = false;

  constructor(private readonly parts: LinkParts) {
    const { settings } = parts;
    this.commands = commandConnection(settings, 'crankback', this.crowd);
    this.subscriber = subscribingConnection(settings, 'crankback-subscriber', this.crowd);
  }

  start(listener: LinkListener): void {
    const { metrics, channel } = this.parts;
    this.listener = listener;
    metrics.reachable.set(0);
    metrics.writable.set(0);
    this.commands.on('ready', () => {
      this.isMoving = false;
      // Another server, perhaps.
      this.isInDoubt = true;
      listener.ready();
    });
    this.commands.on('error', (error) => this.fall('unreachable', error));
    this.commands.on('close', () => this.closed());
    this.subscriber.on('ready', () => {
      // Resolves once Redis has accepted it; after a loss another `ready` follows.
      this.subscriber.subscribe(channel).then(
        () => {
          this.isSubscribed = true;
          listener.subscribed();
        },
        (error: unknown) => this.notSubscribed(error),
      );
    });
    // The connection for commands reports errors for both.
    this.subscriber.on('error', () => undefined);
    this.subscriber.on('close', () => (this.isSubscribed = false));
    this.subscriber.on('message', (_channel: string, text: string) => listener.message(text));
    this.commands.connect().catch(() => undefined);
    this.subscriber.connect().catch(() => undefined);
  }

  /** Whether commands are accepted at present. */
  get canSend(): boolean {
    return this.commands.status === 'ready';
  }

  /** A pulse has to wait for the next connection, which was asked for here. */
  get isBetweenConnections(): boolean {
    return this.isMoving && !this.canSend;
  }

  /** What is known here is known to the others, and the other way round. */
  get isShared(): boolean {
    return this.standing.level === 'shared';
  }

  /**
   * How long to wait before it is tried again, in milliseconds. A client of a Cluster makes a lost connection to one of
   * its nodes anew with the next command, and so it is this that keeps a large fleet from coming back all at once.
   */
  get patience(): number {
    const isAway = this.parts.settings.isCluster === true && !this.isShared;
    return isAway ? this.crowd.wait() : 0;
  }

  /** So many connections Redis has, as far as is known; 0: nobody has said. */
  get knows(): number {
    return this.crowd.size;
  }

  /** What others write is heard at once. */
  get hears(): boolean {
    return this.isShared && this.isSubscribed;
  }

  /**
   * Whether Redis takes writes; asks it where that is in doubt, else now and then.
   * @throws what every command does where Redis does not answer
   */
  async takesWrites(): Promise<boolean> {
    const isDue = this.pulses++ % TRIAL_PULSES === 0;
    if (!isDue && !this.isInDoubt) return true;
    const { trials, instance } = this.parts;
    const turn = Math.floor(this.pulses / TRIAL_PULSES) % trials.length;
    const tried = this.isInDoubt ? trials : trials.slice(turn, turn + 1);
    try {
      for (const trial of tried) await this.commands.set(trial, instance, 'PX', TRIAL_KEPT_MS);
      this.isInDoubt = false;
      this.replicaPulses = 0;
    } catch (error) {
      if (!isAnswer(error)) throw error;
      this.failed('trial', error, 'write');
      if (error.message.startsWith('READONLY')) this.replicaPulses += 1;
    }
    return !this.isInDoubt;
  }

  /** A pulse has come to its end, all its reading was answered. */
  pulsed(): void {
    const level = this.isInDoubt ? 'read-only' : 'shared';
    if (this.standing.rise(level, this.parts.now())) this.show();
    if (this.replicaPulses >= REPLICA_PULSES) this.leaveReplica();
    if (this.pulses % CROWD_PULSES === FIRST_CROWD_PULSE) this.crowd.ask(this.commands);
  }

  /** Redis answered with an error, or not at all. */
  failed(command: string, error: unknown, kind: 'read' | 'write'): void {
    if (this.stopped) return;
    this.parts.metrics.failures.inc({ command });
    this.isInDoubt = true;
    // A write that was answered by an error says that Redis is there.
    this.fall(kind === 'write' && isAnswer(error) ? 'read-only' : 'unreachable', error);
  }

  /** What keeps this instance on its own, for whoever should mend it; undefined while all is shared. */
  problem(): { readonly finding: FindingCode; readonly text: string } | undefined {
    const { level } = this.standing;
    if (level === 'shared') return undefined;
    if (level === 'read-only')
      return { finding: 'CB5003', text: `Redis takes no writes: ${this.why}` };
    const text = `Redis cannot be reached: ${this.why || 'not yet connected'}`;
    return { finding: 'CB5001', text };
  }

  stop(): void {
    this.stopped = true;
    this.commands.disconnect();
    this.subscriber.disconnect();
  }

  private closed(): void {
    if (this.isClosingIsOurs) this.isClosingIsOurs = false;
    else this.fall('unreachable', 'connection closed');
  }

  private fall(to: Level, error: unknown): void {
    if (this.stopped) return;
    if (to === 'unreachable') this.isMoving = false;
    const message = error instanceof Error ? error.message : String(error);
    this.why = message.slice(0, LONGEST_WHY);
    const wasShared = this.isShared;
    if (!this.standing.fall(to, this.parts.now())) return;
    if (wasShared) this.listener?.alone();
    this.show();
  }

  /** One line for one change, however long it lasts. */
  private show(): void {
    const { log, metrics } = this.parts;
    const { level } = this.standing;
    const { why } = this;
    metrics.reachable.set(level === 'unreachable' ? 0 : 1);
    metrics.writable.set(level === 'shared' ? 1 : 0);
    if (level === 'shared') {
      log.info('trunk health is shared through Redis');
      this.listener?.shared();
    } else if (level === 'read-only') {
      log.warn('Redis takes no writes: trunk health is this instance’s own', {
        finding: 'CB5003',
        why,
      });
    } else {
      log.warn('Redis cannot be reached: trunk health is this instance’s own', {
        finding: 'CB5001',
        why,
      });
    }
  }

  /** After a failover the old master is a replica: the name may lead elsewhere now. */
  private leaveReplica(): void {
    this.replicaPulses = 0;
    this.isMoving = true;
    this.isClosingIsOurs = true;
    this.commands.disconnect(true);
  }

  private notSubscribed(error: unknown): void {
    // A lost connection ends in another `ready`.
    if (this.stopped || !isAnswer(error)) return;
    const why = error.message.slice(0, LONGEST_WHY);
    this.parts.metrics.failures.inc({ command: 'subscribe' });
    this.parts.log.warn('Redis refuses to tell of changes: they are looked up once a second', {
      finding: 'CB5005',
      why,
    });
  }
}

/** Redis itself has said so, in contrast to a connection that was lost or a time that was over. */
function isAnswer(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}
