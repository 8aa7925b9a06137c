import { createServer, type Server, type Socket } from 'node:net';
import type { ChannelData } from './channel-data';
import { Link } from './connection';
import { ByteBudget } from './framer';

export interface OutboundServerOptions {
  readonly host: string;
  readonly port: number;
  /** Addresses that may connect; FreeSWITCH's outbound socket has no password. */
  readonly peers: readonly string[];
  /** More connections are closed at once; for tests. */
  readonly connections?: number;
}

export interface OutboundListener {
  /** A call waits for `answer`. */
  handover(data: ChannelData, call: WaitingCall): void;
  dropped(reason: string): void;
  /** The call ended or went its own way before the answer. */
  gone(call: WaitingCall): void;
}

/** A call that FreeSWITCH has handed over, on a connection of its own. */
export interface WaitingCall {
  /** Answers with one `execute_extension`; rejects if FreeSWITCH did not take it. */
  answer(argument: string): Promise<void>;
  /** Whether the connection has ended: the call went its own way. */
  isOver(): boolean;
  /** Lets the call go on in its own dialplan, the static fallback; only if the dialplan takes no answer. */
  release(): void;
}

/** Channel data with the headers of a full SIP message has less than 200 KB. Bytes. */
const LONGEST_MESSAGE = 512 * 1024;
/** Limit for all unfinished messages: some hundred calls at once with the largest headers. Bytes. */
const MOST_UNFINISHED = 64 * 1024 * 1024;
/** More than all calls of two seconds, after which the dialplan's watchdog takes each call away. */
const MOST_CONNECTIONS = 2_000;
/**
 * After this time the dialplan's watchdog takes a call away; later messages decide nothing. Milliseconds.
 */
const MESSAGE_MS = 2_000;
/** A connection ends with its call's handover: twice the watchdog's time. Milliseconds. */
const LONGEST_LIFE_MS = 4_000;

/**
 * FreeSWITCH starts to park a call when it has read `connect`. A connection that ends before would leave
 * the call parked, so no release comes sooner than this. Milliseconds.
 */
const BEFORE_PARKED_MS = 50;

const NO_HANDOVER = 'no handover came';

/** Server for the `socket` application of the shipped dialplan. */
export class OutboundServer {
  private readonly server: Server;
  private readonly links = new Set<Link>();
  private readonly peers: ReadonlySet<string>;
  private readonly budget = new ByteBudget(MOST_UNFINISHED);

  constructor(
    private readonly options: OutboundServerOptions,
    private readonly listener: OutboundListener,
  ) {
    this.peers = new Set(options.peers.map(plainAddress));
    this.server = createServer({ noDelay: true }, (socket) => this.accept(socket));
  }

  get size(): number {
    return this.links.size;
  }

  /** Accepts connections from then on. Rejects if it cannot listen. */
  async listen(): Promise<void> {
    if (this.server.listening) return;
    const { host, port } = this.options;
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.removeListener('error', reject);
        this.server.on('error', () => this.listener.dropped('accept'));
        resolve();
      });
    });
  }

  /** The port in use; for tests that let the system choose one. */
  get port(): number {
    const address = this.server.address();
    return typeof address === 'object' && address !== null ? address.port : this.options.port;
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const link of this.links) link.close('stopped');
    await closed;
  }

  private accept(socket: Socket): void {
    const refused = this.reasonAgainst(socket);
    if (refused !== undefined) {
      this.listener.dropped(refused);
      socket.on('error', () => undefined);
      socket.destroy();
      return;
    }
    let answered = false;
    let begun = false;
    let over = false;
    const link: Link = Link.accept(
      socket,
      { message: LONGEST_MESSAGE, messageMs: MESSAGE_MS, budget: this.budget },
      {
        message: ({ type, headers }) => {
          // The reply to `connect` is the first message, and the only one with an event.
          if (type !== 'command/reply' || begun) return;
          begun = true;
          clearTimeout(first);
          this.listener.handover(headers, call);
        },
        dropped: (reason) => this.listener.dropped(reason),
        closed: (why) => {
          this.links.delete(link);
          over = true;
          clearTimeout(first);
          clearTimeout(life);
          if (begun && !answered) this.listener.gone(call);
          else if (!begun)
            this.listener.dropped(why === NO_HANDOVER ? 'silent-peer' : 'no-handover');
        },
      },
    );
    const call: WaitingCall = {
      answer: async (argument) => {
        answered = true;
        await link.command('sendmsg', {
          'call-command': 'execute',
          'execute-app-name': 'execute_extension',
          'execute-app-arg': argument,
        });
      },
      isOver: () => over,
      release: () => {
        answered = true;
        setTimeout(() => link.end(), BEFORE_PARKED_MS);
      },
    };
    this.links.add(link);
    const first = setTimeout(() => link.close(NO_HANDOVER), MESSAGE_MS);
    const life = setTimeout(() => link.close('the call has gone its own way'), LONGEST_LIFE_MS);
  }

  private reasonAgainst(socket: Socket): string | undefined {
    if (!this.peers.has(plainAddress(socket.remoteAddress ?? ''))) return 'foreign-peer';
    return this.links.size >= (this.options.connections ?? MOST_CONNECTIONS)
      ? 'too-many-connections'
      : undefined;
  }
}

/** A dual-stack socket shows 192.0.2.1 as `::ffff:192.0.2.1`. */
function plainAddress(address: string): string {
  return address.toLowerCase().replace(/^::ffff:(?=\d+\.)/, '');
}
