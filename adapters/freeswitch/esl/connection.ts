import { Connection, Event } from 'modesl';
import type { Socket } from 'node:net';
import { Framer, type FramerLimits } from './framer';
import { ProtocolError, readEvent, readHeaders, type EslMessage } from './message';

export interface LinkLimits extends FramerLimits {
  /** A message that has begun is complete within this time, or the connection ends. Milliseconds. */
  readonly messageMs?: number;
}

export interface LinkListener {
  /** An event, or a message that answers no command. */
  message(message: EslMessage): void;
  /** A message that could not be used; the connection goes on. */
  dropped(reason: string): void;
  /** Told once, whatever ended the connection. */
  closed(why: string): void;
}

/** What modesl must be asked for to be used as a connection. */
type Reply = (message: EslMessage) => void;

/**
 * One event socket connection through modesl, which owns handshake, framing and the order of replies.
 * What it does to bytes that others have chosen is replaced here: it decodes values unguarded, throws
 * out of data handlers, subscribes to events that nobody asked for, writes each line as a packet of its
 * own and leaves commands unanswered for ever when the connection ends.
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
    connection.subscribe = (_, done) => done?.();
    connection.on('error', (error: Error) => this.close(error.message));
    socket.on('error', (error) => this.close(error.message));
    socket.on('close', () => this.close('connection closed'));
    socket.on('end', () => this.close('connection closed by the far side'));
  }

  /** A connection that FreeSWITCH has opened. Sends `connect`; its reply is the first message. */
  static accept(socket: Socket, limits: LinkLimits, listener: LinkListener): Link {
    const connection = inOnePacket(socket, () => new Connection(socket));
    const link = new Link(connection, socket, limits, listener);
    link.harden();
    return link;
  }

  /** A connection to FreeSWITCH; resolves when it is authenticated, rejects with why not. */
  static connect(
    { host, port, password }: { host: string; port: number; password: string },
    timeoutMs: number,
    limits: LinkLimits,
    listener: LinkListener,
  ): Promise<Link> {
    return new Promise((resolve, reject) => {
      const connection = new Connection(host, port, password);
      const socket = connection.socket!;
      let ready = false;
      const link = new Link(connection, socket, limits, {
        message: (message) => {
          if (ready) listener.message(message);
          // Sent before it hangs up on an address that its access list does not have.
          else if (message.type === 'text/rude-rejection') link.close('refused by access list');
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

  /** Sends a command; resolves with its reply. Rejects on `-ERR` and when the connection ends first. */
  command(command: string, args: Readonly<Record<string, string>> = {}): Promise<EslMessage> {
    return this.ask((reply) =>
      this.connection.sendRecv(command, args, (event) => reply(read(event))),
    );
  }

  /** Runs an API command; resolves with what it printed. */
  async api(command: string, args: string): Promise<string> {
    const { body } = await this.ask((reply) =>
      this.connection.api(command, args, (event) => reply(read(event))),
    );
    return body;
  }

  /** Ends the connection at once; told to the listener where it had not ended. */
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

  /** As `close` but what was written still goes out. */
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
      inOnePacket(this.socket, () =>
        send((message) => {
          this.pending.delete(reject);
          const said = message.headers['Reply-Text'] ?? '';
          if (said.startsWith('-ERR')) reject(new Error(said.trim()));
          else resolve(message);
        }),
      );
    });
  }

  /** Puts guards around modesl's parser, which is there from the moment of connecting. */
  private harden(): void {
    const { parser } = this.connection;
    const cut = parser._onData.bind(parser);
    this.socket.removeAllListeners('data');
    this.socket.on('data', (chunk: Buffer) => this.feed(chunk, cut));
    parser._parseHeaderText = readHeaders;
    parser._parseEvent = (headers, body) => {
      if (!this.over) this.receive(headers as Record<string, string>, body);
    };
  }

  private feed(chunk: Buffer, cut: (message: Buffer) => void): void {
    if (this.over) return;
    try {
      this.framer.feed(chunk, (message) => {
        clearTimeout(this.unfinished);
        this.unfinished = undefined;
        if (!this.over) cut(message);
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

  private receive(headers: Record<string, string>, body = ''): void {
    const type = headers['Content-Type'] ?? '';
    // Replies and the handshake: modesl knows whose turn it is. It needs no other headers for that.
    if (type === 'command/reply' || type === 'api/response' || type === 'auth/request') {
      if (headers['Event-Name'] !== undefined) this.listener.message({ type, headers, body });
      const reply = { 'Content-Type': type, 'Reply-Text': headers['Reply-Text'] ?? '' };
      const event = new Event({ ...reply, ...okOf(reply['Reply-Text']) }, body);
      this.connection.parser.emit('esl::event', event, reply, body);
      return;
    }
    if (type !== 'text/event-json') {
      this.listener.message({ type, headers, body });
      return;
    }
    try {
      this.listener.message({ type, headers: readEvent(body), body: '' });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.listener.dropped('unusable-event');
    }
  }
}

export const WRONG_PASSWORD = 'wrong password';

/** What modesl's own parser would have added, and its handshake looks for. */
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

/** modesl writes each line of a command on its own; with TCP_NODELAY each would be a packet. */
function inOnePacket<T>(socket: Socket, write: () => T): T {
  socket.cork();
  try {
    return write();
  } finally {
    socket.uncork();
  }
}
