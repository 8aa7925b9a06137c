import { ReconnectLoop } from '../../shared/reconnect-loop';
import { Link, WRONG_PASSWORD, type LinkLimits } from './connection';
import type { ChannelData } from './channel-data';
import { readEvent } from './message';
import { readChannels, type ChannelRow } from '../legs/missed-events';
import { withTimeout } from '../../shared/time-limit';

/** By which the shipped dialplan tells that it went on by a plan. */
export const PLANNED_EVENT = 'crankback::planned';
/** The events that crankback needs; FreeSWITCH sends no others. */
export const WANTED_EVENTS = `CHANNEL_ANSWER CHANNEL_HANGUP_COMPLETE CUSTOM ${PLANNED_EVENT}`;

export interface InboundOptions {
  readonly host: string;
  readonly port: number;
  readonly password: string;
  /** For connecting, and for each answer to a question. Milliseconds. */
  readonly timeoutMs: number;
  /** How often a connection on which nothing comes is asked whether it is alive. Milliseconds. */
  readonly heartbeatMs: number;
}

export interface InboundListener {
  event(event: ChannelData): void;
  dropped(reason: string): void;
  /** All channels there are, told on each connection; undefined where FreeSWITCH cannot list them. */
  connected(channels: readonly ChannelRow[] | undefined): void;
  disconnected(why: string): void;
}

const LIMITS: LinkLimits = { message: 16 * 1024 * 1024 };

/** One inbound event socket connection, kept up for ever. */
export class InboundConnection {
  private readonly loop: ReconnectLoop;
  private link: Link | undefined;
  private heartbeat: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: InboundOptions,
    private readonly listener: InboundListener,
    /** Milliseconds before the next try, after so many failures in a row. */
    delay?: (failures: number) => number,
  ) {
    this.loop = new ReconnectLoop(() => this.connect(), delay);
  }

  get isConnected(): boolean {
    return this.link !== undefined;
  }

  /** A wrong password, or an address that FreeSWITCH's access list refuses: no retry mends that. */
  async misconfiguration(): Promise<string | undefined> {
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

  /** What an API command prints; undefined while nobody can be asked. Never rejects. */
  async ask(command: string, args: string): Promise<string | undefined> {
    if (!this.link) return undefined;
    return this.within(this.link.api(command, args), command).catch(() => undefined);
  }

  /** More events than `WANTED_EVENTS`, on this connection. Never rejects. */
  async subscribe(events: string): Promise<void> {
    if (!this.link) return;
    await this.within(this.link.command(`event json ${events}`), 'subscribing').catch(
      () => undefined,
    );
  }

  /** All that FreeSWITCH knows of a channel now; undefined where it is gone or nobody can be asked. */
  async dump(uuid: string): Promise<ChannelData | undefined> {
    const text = await this.ask('uuid_dump', `${uuid} json`);
    try {
      return text === undefined || text.startsWith('-ERR') ? undefined : readEvent(text);
    } catch {
      return undefined;
    }
  }

  /** Sets a global variable; nothing happens where nobody can be told now. */
  async setGlobal(name: string, value: string): Promise<void> {
    if (this.link) await this.within(this.link.api('global_setvar', `${name}=${value}`), name);
  }

  private async connect(): Promise<void> {
    let link: Link | undefined;
    try {
      link = await Link.connect(this.options, this.options.timeoutMs, LIMITS, {
        message: ({ type, headers }) => {
          if (type === 'text/event-json') this.listener.event(headers);
        },
        dropped: (reason) => this.listener.dropped(reason),
        closed: (why) => this.lost(why, link),
      });
      // Events first: whatever happens while the channels are listed is then not missed.
      await this.within(link.command(`event json ${WANTED_EVENTS}`), 'subscribing to events');
      const channels = readChannels(
        await this.within(link.api('show', 'channels as json'), 'show'),
      );
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

  private lost(why: string, link: Link | undefined): void {
    if (this.link === link) this.link = undefined;
    clearInterval(this.heartbeat);
    if (this.loop.isStopped) return;
    this.listener.disconnected(why);
    this.loop.lost();
  }

  /** A peer that vanished without a word is noticed by its missing answer. */
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

/** A sentence that names the setting to change where one is to blame. */
function connectionErrorText(error: unknown): string {
  const why = whyOf(error);
  if (why !== WRONG_PASSWORD) return why;
  return 'CRANKBACK_ESL_PASSWORD: FreeSWITCH refuses this password, see event_socket.conf.xml';
}
