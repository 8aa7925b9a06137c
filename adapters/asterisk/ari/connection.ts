import { named, type Named } from '../../../src/findings/named';
import type { EventEmitter } from 'node:events';
import * as ariClient from 'ari-client';
import type WebSocket from 'ws';
import { ReconnectLoop } from '../../shared/reconnect-loop';
import { withTimeout } from '../../shared/time-limit';
import { connectionErrorText } from './error-text';
import { isReadOnly, type DecidingPolicy } from './read-only';
import { isOfNoUse } from './events';
import { boundEvents } from './longest-event';
import { presenceOf } from './presence';
import type { AriRest } from './rest';
import { readDescriptionsBy } from './swagger-http';
import { withoutDeprecation } from '../../shared/without-deprecation';

/** The events that crankback needs; Asterisk filters out all others. */
export const WANTED_EVENTS = [
  'StasisStart',
  'Dial',
  'ChannelStateChange',
  'ChannelHangupRequest',
  'ChannelDestroyed',
  'ChannelUserevent',
  'ApplicationReplaced',
  // Answers to requests by the same socket; without it Asterisk would filter them out too.
  'RESTResponse',
] as const;

/** Pings in a row without an answer that end a connection. */
const MISSED_PINGS = 3;
/** How often an instance whose application another one has looks whether it is free. Milliseconds. */
const TAKEN_LOOK_MS = 1_000;
/** How long Asterisk may take to close its half of a connection. */
const CLOSE_MS = 500;

export interface ConnectionOptions {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Name of the Stasis application. */
  readonly application: string;
  /**
   * Only follow calls. Where the user may only read, all events of Asterisk come, also those of devices and endpoints:
   * what may not subscribe cannot choose.
   */
  readonly observe?: boolean;
  /** The first connection takes the application from an instance that has it; later ones never do. */
  readonly takeOver?: boolean;
  /**
   * Limit for connecting, and for the time without traffic until a connection counts as dead. Milliseconds.
   */
  readonly timeoutMs: number;
}

export interface ConnectionListener {
  /** One decoded event, of any type. */
  event(event: unknown): void;
  /** What the latest connection of ours has published as CRANKBACK_SESSION; empty before the first one. */
  session(): string;
  /** A message was unusable. */
  dropped(reason: 'bad-json' | 'unusable-event'): void;
  /** Runs on each connection before calls count as decidable; a rejection breaks the connection. */
  connected(version: string): Promise<void>;
  /** The policy in force, for messages. */
  policy(): DecidingPolicy;
  /** `connected` has finished and the connection is still up. */
  usable(): void;
  disconnected(why: Named): void;
}

/**
 * Keeps one ARI WebSocket up for ever. ari-client makes each connection, but this class reads its events
 * and owns the socket's end. So ari-client's own reconnect, which gives up after ten tries, never runs.
 */
export class AriConnection {
  private readonly loop: ReconnectLoop;
  private attempt: ConnectionAttempt | undefined;
  /** Another instance has taken our application name. Taking it back would go on for ever. */
  private replaced = false;
  private takesOver: boolean;
  /** The user may not subscribe to events. */
  private mayOnlyRead = false;

  constructor(
    private readonly options: ConnectionOptions,
    private readonly rest: AriRest,
    private readonly listener: ConnectionListener,
    /** Milliseconds before the next try, after this many failures in a row. */
    delay?: (failures: number) => number,
  ) {
    this.loop = new ReconnectLoop(() => this.connect(), delay);
    this.takesOver = options.takeOver === true;
  }

  /** Event listeners on the connection in use. */
  get listeners(): number {
    return this.attempt?.listeners ?? 0;
  }

  start(): void {
    this.loop.start();
  }

  async stop(): Promise<void> {
    this.loop.stop();
    await this.attempt?.close();
  }

  private async connect(): Promise<void> {
    let over = false;
    const lost = (why: Named) => {
      if (over) return;
      over = true;
      attempt.abandon();
      this.lost(why);
    };
    const attempt = new ConnectionAttempt(this.options, this.rest, this.listener, {
      closed: (why) => lost(named('CB3010', why)),
      // Asterisk leaves the replaced socket open, but sends nothing on it any more.
      replaced: () => {
        this.replaced = true;
        lost(this.taken);
      },
    });
    this.attempt = attempt;
    try {
      // Our own request comes first: ari-client throws on a wrong password and hangs if nothing answers.
      const version = await this.rest.version();
      if (await this.isTaken()) {
        this.replaced = true;
        lost(this.taken);
        return;
      }
      await attempt.open(this.mayOnlyRead);
      this.replaced = false;
      this.takesOver = false;
      if (!this.mayOnlyRead) {
        await this.subscribe();
        attempt.takeRequests();
      }
      if (over || this.loop.isStopped) return;
      await this.listener.connected(version);
      if (over) return;
      this.loop.connected();
      this.listener.usable();
    } catch (error) {
      if (this.options.observe && isReadOnly(error)) {
        this.mayOnlyRead = true;
        lost(named('CB8008', 'the user may only read: connecting again for all events'));
        return;
      }
      lost(connectionErrorText(error, this.options, this.listener.policy()));
    }
  }

  private async subscribe(): Promise<void> {
    const { application } = this.options;
    await this.rest.allowEvents(application, WANTED_EVENTS);
    await this.rest.followChannels(application);
  }

  /** A connection of ours that Asterisk still believes in does not count: it is about to be replaced by us. */
  private async isTaken(): Promise<boolean> {
    if (
      this.takesOver ||
      this.options.observe ||
      !(await this.rest.isApplicationThere(presenceOf(this.options.application)))
    )
      return false;
    const session = this.listener.session();
    // An instance that has just taken over has not said so yet.
    if (this.replaced || session === '') return true;
    return (await this.rest.global('CRANKBACK_SESSION')) !== session;
  }

  private lost(why: Named): void {
    if (this.loop.isStopped) return;
    this.listener.disconnected(why);
    this.loop.lost(why === this.taken ? TAKEN_LOOK_MS : undefined);
  }

  private get taken(): Named {
    return named(
      'CB3004',
      `another instance has the Stasis application "${this.options.application}" of this Asterisk; this one comes back when it is free`,
    );
  }
}

/** What `crankback run` says where it would take the calls from an instance that is there. */
export function takenText(application: string): Named {
  return named(
    'CB3004',
    `CRANKBACK_ARI_URL: another instance has the Stasis application "${application}" of this Asterisk: stop it first, or start this one with --take-over`,
  );
}

/** One try, from ari-client's `connect` to the end of its socket. */
class ConnectionAttempt {
  private client: EventEmitter | undefined;
  private socket: WebSocket | undefined;
  private abandoned = false;
  private unansweredPings = 0;
  private pinging: NodeJS.Timeout | undefined;
  private giveUp: (why: Error) => void = () => undefined;
  private readonly givenUp = new Promise<never>((_, reject) => (this.giveUp = reject));

  constructor(
    private readonly options: ConnectionOptions,
    private readonly rest: AriRest,
    private readonly listener: ConnectionListener,
    private readonly owner: { closed(why: string): void; replaced(): void },
  ) {
    this.givenUp.catch(() => undefined);
  }

  get listeners(): number {
    return [this.client, this.socket].reduce(
      (sum, emitter) =>
        (emitter?.eventNames() ?? []).reduce(
          (all, name) => all + (emitter?.listenerCount(name) ?? 0),
          sum,
        ),
      0,
    );
  }

  /** @param allEvents of everything in Asterisk */
  async open(allEvents: boolean): Promise<void> {
    const opened = Promise.race([this.openClient(allEvents), this.givenUp]);
    await withTimeout(this.options.timeoutMs, 'connecting to ARI', opened);
  }

  /** From now on requests for which calls wait may go by the socket. Its answers pass the filter of events, as the first one shows. */
  takeRequests(): void {
    if (this.socket && !this.abandoned) this.rest.bySocket.use(this.socket);
  }

  /** Closes at once whatever this attempt still opens: two sockets would replace each other. */
  abandon(): void {
    this.letGo();
    this.socket?.terminate();
  }

  /** Closes an open connection properly; resolves when nothing of the attempt is left. */
  async close(): Promise<void> {
    this.letGo();
    const { socket } = this;
    if (!socket) return;
    if (socket.readyState !== socket.OPEN) {
      socket.terminate();
      return;
    }
    await new Promise<void>((resolve) => {
      const hard = setTimeout(() => {
        socket.terminate();
        // A failure meanwhile abandons the attempt, and with it the listener below.
        resolve();
      }, CLOSE_MS);
      socket.once('close', () => {
        clearTimeout(hard);
        resolve();
      });
      socket.close();
    });
  }

  private letGo(): void {
    this.abandoned = true;
    if (this.socket) this.rest.bySocket.drop();
    clearInterval(this.pinging);
    this.socket?.removeAllListeners();
    this.socket?.on('error', () => undefined);
    this.giveUp(new Error('given up'));
  }

  private async openClient(allEvents: boolean): Promise<void> {
    const { url, user, password, application, observe } = this.options;
    if (this.abandoned) throw new Error('given up');
    readDescriptionsBy(new URL(url).host, this.rest);
    const client = await withoutDeprecation(() => ariClient.connect(url, user, password));
    if (this.abandoned) throw new Error('given up');
    this.client = client;
    let socket: WebSocket | undefined;
    Object.defineProperty(client, '_ws', {
      get: () => socket,
      set: (made: WebSocket) => {
        socket = made;
        this.adopt(made);
      },
    });
    // Not subscribeAll where there is another way: it has device states too, and a connection that ends while
    // Asterisk tells one may block ARI for good (asterisk/asterisk#2170, seen in the lab).
    await client.start(observe ? application : [application, presenceOf(application)], allEvents);
  }

  /** Takes the socket over in the same turn, once ari-client has attached its listeners. */
  private adopt(socket: WebSocket): void {
    this.socket = socket;
    boundEvents(socket);
    if (this.abandoned) {
      socket.on('error', () => undefined);
      queueMicrotask(() => this.abandon());
      return;
    }
    queueMicrotask(() => {
      socket.removeAllListeners('message');
      socket.removeAllListeners('close');
      socket.removeAllListeners('error');
      socket.on('message', (data) => this.read(data));
      socket.on('error', (error) => this.end(error.message));
      socket.on('close', (code) => this.end(`connection closed (${code})`));
      socket.on('pong', () => (this.unansweredPings = 0));
      socket.on('open', () => this.watch(socket));
    });
  }

  /**
   * Replaces ari-client's reading, which creates an object with all of ARI's commands for every channel in
   * an event. That costs more than everything we do with the event. It also throws on bad JSON and on
   * unknown types.
   */
  private read(data: WebSocket.RawData): void {
    this.unansweredPings = 0;
    // ws delivers other types only on request.
    const text = (data as Buffer).toString();
    if (isOfNoUse(text)) return;
    let event: unknown;
    try {
      event = JSON.parse(text);
    } catch {
      this.listener.dropped('bad-json');
      return;
    }
    if (typeof (event as { type?: unknown } | null)?.type !== 'string') {
      this.listener.dropped('unusable-event');
      return;
    }
    if ((event as { type: string }).type === 'RESTResponse') {
      this.rest.bySocket.answered(event as object);
      return;
    }
    if ((event as { type: string }).type === 'ApplicationReplaced') this.owner.replaced();
    this.listener.event(event);
  }

  /**
   * Detects a vanished peer by its missing pongs. They are counted, not timed: after this process was
   * frozen, its timers fire before it reads what has arrived meanwhile.
   */
  private watch(socket: WebSocket): void {
    this.pinging = setInterval(() => {
      if (this.unansweredPings >= MISSED_PINGS) {
        this.end(`Asterisk has left ${MISSED_PINGS} pings unanswered`);
        return;
      }
      this.unansweredPings += 1;
      socket.ping();
    }, this.options.timeoutMs / MISSED_PINGS);
    this.pinging.unref();
  }

  private end(why: string): void {
    this.socket?.terminate();
    if (!this.abandoned) this.owner.closed(why);
  }
}
