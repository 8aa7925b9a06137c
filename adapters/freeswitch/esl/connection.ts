import { Connection, Event, Parser } from 'modesl';
import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { withoutDeprecation } from '../../shared/without-deprecation';
import type { ChannelData } from './channel-data';
import { readEvent } from './event-json';
import { Framer, HEAD_END, type FramerLimits } from './framer';
import { ProtocolError, readHeaders, type EslMessage } from './message';

export interface LinkLimits extends FramerLimits {
  /**
   * Time in which a message must be complete once it has begun; after it the connection ends. Milliseconds.
   */
  readonly messageMs?: number;
}

export interface LinkListener {
  /** An event, or a message that answers no command. */
  message(message: EslMessage): void;
  /** A message was unusable; the connection goes on. */
  dropped(reason: string): void;
  /** Called once, whatever ended the connection. */
  closed(why: string): void;
}

/** An event with all the channel data of a call with the largest headers is below 200 KB. Bytes. */
const LONGEST_EVENT = 1024 * 1024;

// Node tells this once: of the first parser, which nobody uses.
withoutDeprecation(() => new Parser(new EventEmitter()));

/** Receives the reply to a command. */
type Reply = (message: EslMessage) => void;

/** modesl writes each line of a command by itself, with TCP_NODELAY a packet each, and subscribes to what nobody wants. */
class OnePacketConnection extends Connection {
  override send(command: string, args?: Readonly<Record<string, string>> | null): void {
    const lines = Object.entries(args ?? {}).map(([name, value]) => `${name}: ${value}\n`);
    this.socket?.write(`${command}\n${lines.join('')}\n`);
  }

  override subscribe(_: readonly string[], done?: () => void): void {
    done?.();
  }
}

/**
 * One event socket connection through modesl, which handles handshake and the order of replies.
 * This class replaces modesl's treatment of untrusted bytes. modesl decodes values unguarded, throws out of
 * data handlers and never settles commands when the connection ends.
 */
export class Link {
  private readonly pending = new Set<(error: Error) => void>();
  private readonly framer: Framer;
  /** Runs while a message is not complete. */
  private unfinished: NodeJS.Timeout | undefined;
  private over = false;

  private constructor(
    private readonly connection: Connection,
    readonly socket: Socket,
    private readonly limits: LinkLimits,
    private readonly listener: LinkListener,
  ) {
    this.framer = new Framer(limits);
    socket.setNoDelay(true);
    connection.on('error', (error: Error) => this.close(error.message));
    socket.on('error', (error) => this.close(error.message));
    socket.on('close', () => this.close('connection closed'));
    socket.on('end', () => this.close('connection closed by the far side'));
  }

  /** Takes a connection that FreeSWITCH has opened. Sends `connect`; its reply is the first message. */
  static accept(socket: Socket, limits: LinkLimits, listener: LinkListener): Link {
    const connection = new OnePacketConnection(socket);
    const link = new Link(connection, socket, limits, listener);
    link.harden();
    return link;
  }

  /** Connects to FreeSWITCH; resolves when authenticated, otherwise rejects with the reason. */
  static connect(
    { host, port, password }: { host: string; port: number; password: string },
    timeoutMs: number,
    limits: LinkLimits,
    listener: LinkListener,
  ): Promise<Link> {
    return new Promise((resolve, reject) => {
      const connection = new OnePacketConnection(host, port, password);
      const socket = connection.socket!;
      let ready = false;
      const link = new Link(connection, socket, limits, {
        message: (message) => {
          if (ready) listener.message(message);
          // FreeSWITCH sends this before it disconnects an address that is not in its access list.
          else if (message.type === 'text/rude-rejection') link.close(NOT_ADMITTED);
        },
        dropped: (reason) => listener.dropped(reason),
        closed: (why) => {
          clearTimeout(timer);
          if (ready) listener.closed(why);
          else reject(new Error(why));
        },
      });
      const timer = setTimeout(() => link.close(`no answer within ${timeoutMs} ms`), timeoutMs);
      connection.on('esl::connect', () => link.harden());
      connection.on('esl::event::auth::fail', () => link.close(WRONG_PASSWORD));
      connection.on('esl::ready', () => {
        clearTimeout(timer);
        ready = true;
        resolve(link);
      });
    });
  }

  /** Sends a command; resolves with its reply. Rejects on `-ERR` or if the connection ends first. */
  command(command: string, args: Readonly<Record<string, string>> = {}): Promise<EslMessage> {
    return this.ask((reply) =>
      this.connection.sendRecv(command, args, (event) => reply(read(event))),
    );
  }

  /** Runs an API command; resolves with its output. */
  async api(command: string, args: string): Promise<string> {
    const { body } = await this.ask((reply) =>
      this.connection.api(command, args, (event) => reply(read(event))),
    );
    return body;
  }

  /** Ends the connection at once; reports it to the listener unless it had ended before. */
  close(why: string): void {
    if (this.over) return;
    this.over = true;
    clearTimeout(this.unfinished);
    this.framer.close();
    this.socket.destroy();
    for (const reject of this.pending) reject(new Error(why));
    this.pending.clear();
    this.listener.closed(why);
  }

  /** As `close`, but still sends what was written. */
  end(): void {
    this.socket.end();
  }

  private ask(send: (reply: Reply) => void): Promise<EslMessage> {
    return new Promise((resolve, reject) => {
      if (this.over) {
        reject(new Error('connection closed'));
        return;
      }
      this.pending.add(reject);
      send((message) => {
        this.pending.delete(reject);
        const said = message.headers['Reply-Text'] ?? '';
        if (said.startsWith('-ERR')) reject(new Error(said.trim()));
        else resolve(message);
      });
    });
  }

  /**
   * Reads in place of modesl's parser, which exists from the moment of connecting, copies each message several times and
   * looks for its end byte by byte.
   */
  private harden(): void {
    this.socket.removeAllListeners('data');
    this.socket.on('data', (chunk: Buffer) => this.feed(chunk));
  }

  private feed(chunk: Buffer): void {
    if (this.over) return;
    try {
      this.framer.feed(chunk, (message) => {
        clearTimeout(this.unfinished);
        this.unfinished = undefined;
        if (!this.over) this.take(message);
      });
    } catch (error) {
      this.close(error instanceof ProtocolError ? error.message : 'not the event socket protocol');
      return;
    }
    const { messageMs } = this.limits;
    if (messageMs === undefined || this.over || this.framer.pending === 0) return;
    this.unfinished ??= setTimeout(
      () => this.close(`a message not complete within ${messageMs} ms`),
      messageMs,
    );
  }

  /** @param whole a message, for now; the framer has found the end of its head */
  private take(whole: Buffer): void {
    const head = whole.indexOf(HEAD_END);
    const headers = readHeaders(whole.subarray(0, head));
    const type = headers['Content-Type'] ?? '';
    const body = whole.subarray(head + HEAD_END.length);
    if (type === 'text/event-json') this.receiveEvent(body);
    else this.receive(type, headers, body.toString());
  }

  private receive(type: string, headers: ChannelData, body: string): void {
    // Replies and the handshake: modesl knows their order. It needs no other headers for that.
    if (type === 'command/reply' || type === 'api/response' || type === 'auth/request') {
      if (headers['Event-Name'] !== undefined) this.listener.message({ type, headers, body });
      const reply = { 'Content-Type': type, 'Reply-Text': headers['Reply-Text'] ?? '' };
      const event = new Event({ ...reply, ...okOf(reply['Reply-Text']) }, body);
      this.connection.parser.emit('esl::event', event, reply, body);
      return;
    }
    this.listener.message({ type, headers, body });
  }

  private receiveEvent(body: Buffer): void {
    if (body.length > LONGEST_EVENT) {
      this.listener.dropped('event-too-long');
      return;
    }
    try {
      this.listener.message({ type: 'text/event-json', headers: readEvent(body), body: '' });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.listener.dropped('unusable-event');
    }
  }
}

export const WRONG_PASSWORD = 'wrong password';
export const NOT_ADMITTED = 'refused by access list';

/** The header that modesl's own parser would add and that its handshake looks for. */
function okOf(reply: string): Record<string, string> {
  return reply.startsWith('+OK') ? { 'Modesl-Reply-OK': reply.slice(4) } : {};
}

function read(event: Event): EslMessage {
  return {
    type: event.getHeader('Content-Type') ?? '',
    headers: { 'Reply-Text': event.getHeader('Reply-Text') ?? '' },
    body: event.getBody(),
  };
}
