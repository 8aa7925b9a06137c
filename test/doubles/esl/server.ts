import { connect, createServer, type Server, type Socket } from 'node:net';
import { proofOf } from '../../../adapters/freeswitch/handover/proof';

export const ESL_PASSWORD = 'secret';
/** Secret of the recordings of a real FreeSWITCH. */
export const ESL_SECRET = 'secret-of-the-lab-0';

const CODECS = JSON.stringify({
  row_count: 2,
  rows: [
    { type: 'codec', name: 'G.711 alaw', ikey: 'CORE_PCM_MODULE' },
    { type: 'codec', name: 'G.711 ulaw', ikey: 'CORE_PCM_MODULE' },
  ],
});

/** FreeSWITCH's own event socket, as far as crankback uses it. */
export class EslServer {
  readonly commands: string[] = [];
  /** Answered outbound channels, for `show channels as json` and `uuid_dump`. */
  channels: readonly Readonly<Record<string, string>>[] = [];
  /** Outputs of `sofia xmlstatus gateway`, by name. */
  gateways: Readonly<Record<string, string>> = {};
  /** `crankback_asked` of waiting calls, by leg A, for `uuid_getvar`. */
  asked: Readonly<Record<string, string>> = {};
  /** Outputs of other commands, by command. */
  answers: Readonly<Record<string, string>> = {};
  /** Told of each command, before its reply. @returns whether it was all that is kept of it; `commands` would grow without end */
  heard: (command: string) => boolean = () => false;
  private server: Server = createServer();
  private readonly sockets = new Set<Socket>();
  port = 0;

  async start(port = 0): Promise<void> {
    this.server = createServer((socket) => this.serve(socket));
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve));
    this.port = (this.server.address() as { port: number }).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** Sends bytes to every connected crankback. */
  send(bytes: string | Buffer): void {
    for (const socket of this.sockets) socket.write(bytes);
  }

  event(headers: Readonly<Record<string, unknown>>): void {
    this.send(eventBytes(headers));
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.write('Content-Type: auth/request\n\n');
    let text = '';
    socket.on('data', (data) => {
      text += data.toString();
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const command = text.slice(0, end);
        text = text.slice(end + 2);
        if (!this.heard(command)) this.commands.push(command);
        socket.write(this.replyTo(command));
      }
    });
  }

  private replyTo(command: string): string {
    const reply = (text: string) => `Content-Type: command/reply\nReply-Text: ${text}\n\n`;
    if (command === `auth ${ESL_PASSWORD}`) return reply('+OK accepted');
    if (command.startsWith('auth')) return reply('-ERR invalid');
    if (!command.startsWith('api')) return reply('+OK event listener enabled json');
    const body = this.printed(command.slice('api '.length));
    return `Content-Type: api/response\nContent-Length: ${Buffer.byteLength(body)}\n\n${body}`;
  }

  private printed(command: string): string {
    const [name, first = '', second, third = ''] = command.trim().split(' ');
    const answer = this.answers[command.trim()];
    if (answer !== undefined) return answer;
    if (name === 'uuid_getvar') return this.asked[first] ?? '-ERR No such channel!\n';
    if (name === 'uuid_dump') return this.dump(first);
    if (name === 'sofia') return this.gateways[third] ?? 'Invalid Gateway!\n';
    return `${name} ${first}` === 'show codec' && second === 'as' ? CODECS : this.list();
  }

  private list(): string {
    const rows = this.channels.map((one) => ({
      uuid: one['Unique-ID'],
      direction: 'outbound',
      callstate: 'ACTIVE',
    }));
    return JSON.stringify({ row_count: rows.length, ...(rows.length > 0 && { rows }) });
  }

  private dump(uuid: string): string {
    const channel = this.channels.find((one) => one['Unique-ID'] === uuid);
    return channel ? JSON.stringify(channel) : '-ERR No such channel!\n';
  }
}

export function eventBytes(headers: Readonly<Record<string, unknown>>): string {
  const body = JSON.stringify(headers);
  const length = Buffer.byteLength(body);
  return `Content-Length: ${length}\nContent-Type: text/event-json\n\n${body}`;
}

/** A call that FreeSWITCH hands over: sends channel data, and records what it receives. */
export class EslCall {
  received = '';
  closed = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (data) => (this.received += data.toString('latin1')));
    socket.on('close', () => (this.closed = true));
    socket.on('error', () => undefined);
  }

  static async open(port: number, from = '127.0.0.1'): Promise<EslCall> {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from });
    const call = new EslCall(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
    return call;
  }

  /** @param headers percent-encoded already; with a proof unless they have their own */
  data(headers: Readonly<Record<string, string>>): void {
    const own = {
      variable_crankback_proof: proofOf(
        ESL_SECRET,
        decodeURIComponent(headers['Unique-ID'] ?? ''),
        decodeURIComponent(headers.variable_crankback_state ?? ''),
      ),
    };
    const reply = { 'Content-Type': 'command%2Freply', 'Reply-Text': '%2BOK%0A' };
    const lines = Object.entries({ ...own, ...headers, ...reply }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    this.socket.write(`${lines.join('\n')}\n\n`);
  }
}
