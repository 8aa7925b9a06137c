import { named, type Named } from '../../../src/findings/named';
import { ReconnectLoop } from '../../shared/reconnect-loop';
import { Link, NOT_ADMITTED, WRONG_PASSWORD, type LinkLimits } from './connection';
import type { ChannelData } from './channel-data';
import { readEvent } from './event-json';
import { readChannels, type ChannelRow } from '../legs/missed-events';
import { withTimeout } from '../../shared/time-limit';

/** Event with which the shipped dialplan reports a planned step. */
export const PLANNED_EVENT = 'crankback::planned';
/** By which the shipped dialplan tells that a call takes the static fallback. */
export const FALLBACK_EVENT = 'crankback::fallback';
/** Sofia has started or restarted a profile: its calls can be sent again. */
export const PROFILE_START_EVENT = 'sofia::profile_start';
/** The events that crankback always needs; `subscribe` adds more. */
export const WANTED_EVENTS = `CHANNEL_ANSWER CHANNEL_HANGUP_COMPLETE CUSTOM ${PLANNED_EVENT} ${FALLBACK_EVENT} ${PROFILE_START_EVENT}`;

export interface InboundOptions {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  /** Limit for connecting, and for each reply. Milliseconds. */
  readonly timeoutMs: number;
  /** How often a connection is checked for being alive. Milliseconds. */
  readonly heartbeatMs: number;
}

export interface InboundListener {
  event(event: ChannelData): void;
  dropped(reason: string): void;
  /** Called on each connection, with all channels; undefined if FreeSWITCH cannot list them. */
  connected(channels: readonly ChannelRow[] | undefined): void;
  disconnected(why: Named): void;
}

const LIMITS: LinkLimits = { message: 16 * 1024 * 1024 };

/** Keeps one inbound connection up for ever. */
export class InboundConnection {
  private readonly loop: ReconnectLoop;
  private link: Link | undefined;
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: InboundOptions,
    private readonly listener: InboundListener,
    /** Milliseconds before the next try, after this many failures in a row. */
    delay?: (failures: number) => number,
  ) {
    this.loop = new ReconnectLoop(() => this.connect(), delay);
  }

  get isConnected(): boolean {
    return this.link !== undefined;
  }

  /** Names a wrong password, which no retry mends. */
  async misconfiguration(): Promise<Named | undefined> {
    try {
      const link = await Link.connect(this.options, this.options.timeoutMs, LIMITS, DEAF);
      link.close('asked');
      return undefined;
    } catch (error) {
      return whyOf(error) === WRONG_PASSWORD ? connectionErrorText(error) : undefined;
    }
  }

  start(): void {
    this.loop.start();
  }

  stop(): void {
    this.loop.stop();
    clearInterval(this.heartbeat);
    this.link?.close('stopped');
  }

  /** Output of an API command; undefined if it failed or there is no connection. Never rejects. */
  async ask(command: string, args: string): Promise<string | undefined> {
    if (!this.link) return undefined;
    return this.within(this.link.api(command, args), command).catch(() => undefined);
  }

  /** Subscribes to more events than `WANTED_EVENTS` on this connection. Never rejects. */
  async subscribe(events: string): Promise<void> {
    if (!this.link) return;
    await this.within(this.link.command(`event json ${events}`), 'subscribing').catch(
      () => undefined,
    );
  }

  /** All data of a channel now; undefined if it is gone or cannot be read. */
  async dump(uuid: string): Promise<ChannelData | undefined> {
    const text = await this.ask('uuid_dump', `${uuid} json`);
    try {
      return text === undefined || text.startsWith('-ERR')
        ? undefined
        : readEvent(Buffer.from(text));
    } catch {
      return undefined;
    }
  }

  /** Sets a global variable; does nothing without a connection. */
  async setGlobal(name: string, value: string): Promise<void> {
    if (this.link) await this.within(this.link.api('global_setvar', `${name}=${value}`), name);
  }

  private async connect(): Promise<void> {
    let link: Link | undefined;
    let over = false;
    try {
      link = await Link.connect(this.options, this.options.timeoutMs, LIMITS, {
        message: ({ type, headers }) => {
          if (type === 'text/event-json') this.listener.event(headers);
        },
        dropped: (reason) => this.listener.dropped(reason),
        closed: (why) => {
          over = true;
          this.lost(connectionErrorText(new Error(why)), link);
        },
      });
      // Events first, so that none is missed while the channels are listed.
      await this.within(link.command(`event json ${WANTED_EVENTS}`), 'subscribing to events');
      const channels = await readChannels(
        await this.within(link.api('show', 'channels as json'), 'show'),
      );
      if (over) return;
      if (this.loop.isStopped) {
        link.close('stopped');
        return;
      }
      this.link = link;
      this.loop.connected();
      this.watch(link);
      this.listener.connected(channels);
    } catch (error) {
      if (link) link.close(whyOf(error));
      else this.lost(connectionErrorText(error), undefined);
    }
  }

  private lost(why: Named, link: Link | undefined): void {
    if (this.link === link) this.link = undefined;
    clearInterval(this.heartbeat);
    if (this.loop.isStopped) return;
    this.listener.disconnected(why);
    this.loop.lost();
  }

  /** Detects a vanished peer by its missing reply. */
  private watch(link: Link): void {
    this.heartbeat = setInterval(() => {
      this.within(link.api('uptime', ''), 'heartbeat').catch((error: unknown) =>
        link.close(whyOf(error)),
      );
    }, this.options.heartbeatMs);
    this.heartbeat.unref();
  }

  private within<T>(work: Promise<T>, what: string): Promise<T> {
    return withTimeout(this.options.timeoutMs, what, work);
  }
}

const DEAF = { message: () => undefined, dropped: () => undefined, closed: () => undefined };

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** An error as a sentence that names the wrong setting, if there is one. */
export function connectionErrorText(error: unknown): Named {
  const why = whyOf(error);
  if (why === WRONG_PASSWORD) {
    return named(
      'CB4002',
      'CRANKBACK_ESL_PASSWORD: FreeSWITCH refuses this password, see event_socket.conf.xml',
    );
  }
  if (why === NOT_ADMITTED) return named('CB4003', why);
  return named(/^connect /.test(why) ? 'CB4001' : 'CB4603', why);
}
