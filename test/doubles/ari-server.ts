import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';

export const USER = 'crankback';
export const PASSWORD = 'lab-only-secret';

export interface AriRequest {
  readonly method: string;
  /** Without `/ari` and without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: string;
}

type Answer = { readonly status: number; readonly body?: unknown } | 'hang' | 'reset' | 'half';

/** Behaviour of an Asterisk; may change at any time. */
export interface Behaviour {
  password: string;
  /** Response to every request but those below, instead of an answer. */
  rest: Answer | 'answer';
  /** Response to ari-client's requests for API descriptions. */
  apiDocs: Answer | 'answer';
  upgrade: 'accept' | 'hang' | 'reset' | 'refuse';
  /** Whether pings are answered. */
  pongs: boolean;
  version: string;
  /** The user may read only. */
  readOnly: boolean;
  /** Another client has our application. */
  taken: boolean;
  /** `context,extension,priority` of which DIALPLAN_EXISTS() is not true. */
  missing: string[];
}

const API_DOCS_FOLDER = join(process.cwd(), 'test/doubles/api-docs');
/** Files of Asterisk 22.10.1, without descriptions for people. */
const API_DOCS = new Map(
  readdirSync(API_DOCS_FOLDER).map((name) => [
    `/api-docs/${name}`,
    readFileSync(join(API_DOCS_FOLDER, name), 'utf8'),
  ]),
);
const RECORDED_AT = 'http://127.0.0.1:8088';

/** A double of an Asterisk's ARI: HTTP and WebSocket, with all their possible faults. */
export class AriServer {
  readonly behaviour: Behaviour = {
    password: PASSWORD,
    rest: 'answer',
    apiDocs: 'answer',
    upgrade: 'accept',
    pongs: true,
    version: '22.10.1',
    readOnly: false,
    taken: false,
    missing: [],
  };
  /** Global variables of the dialplan. */
  readonly globals = new Map<string, string>();
  readonly requests: AriRequest[] = [];
  /** Told of each request; one that it takes is answered, and is not among `requests`. */
  heard: (request: AriRequest) => boolean = () => false;
  /** Query of each request for a WebSocket. */
  readonly upgrades: URLSearchParams[] = [];
  /** Number of accepted WebSockets. */
  accepted = 0;
  /** Channels that exist, for `GET /channels`. */
  channels: { id: string; name: string; state: string }[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: http.Server;
  private readonly webSockets: WebSocketServer;
  private port = 0;
  private pings = 0;
  private reading: Promise<void> | undefined;
  /** Who waits for the answer to a ping, by its data. */
  private readonly ponged = new Map<string, () => void>();

  private constructor() {
    this.server = http.createServer((request, response) => this.serve(request, response));
    this.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.sockets.delete(socket));
    });
    this.webSockets = new WebSocketServer({ noServer: true, autoPong: false });
    this.server.on('upgrade', (request, socket, head) => {
      const { upgrade } = this.behaviour;
      this.upgrades.push(new URL(request.url ?? '', this.url).searchParams);
      if (upgrade === 'hang') {
        socket.resume().on('end', () => socket.end());
        return;
      }
      if (upgrade === 'reset') {
        socket.destroy();
        return;
      }
      if (upgrade === 'refuse' || !this.knows(request)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
        return;
      }
      this.webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        this.accepted += 1;
        webSocket.on('error', () => undefined);
        webSocket.on('pong', (data) => {
          const name = data.toString();
          this.ponged.get(name)?.();
          this.ponged.delete(name);
        });
        webSocket.on('ping', (data) => {
          if (this.behaviour.pongs) webSocket.pong(data);
        });
      });
    });
  }

  static async start(): Promise<AriServer> {
    const server = new AriServer();
    await server.listen();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Number of open TCP connections. */
  get connections(): number {
    return this.sockets.size;
  }

  get webSocketCount(): number {
    return this.webSockets.clients.size;
  }

  /** Sends an event, or any other message, to every client. */
  send(message: object | string | Buffer): void {
    const data =
      typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message);
    for (const client of this.webSockets.clients) client.send(data);
  }

  /** Resolves when every client has read what was sent in this turn: a ping for all who ask, as it costs clients an answer. */
  untilRead(): Promise<void> {
    this.reading ??= new Promise((resolve, reject) =>
      setImmediate(() => {
        this.reading = undefined;
        const read = [...this.webSockets.clients].map((client) => {
          const name = String(this.pings++);
          client.ping(name);
          return new Promise<void>((ponged) => this.ponged.set(name, ponged));
        });
        Promise.all(read).then(() => resolve(), reject);
      }),
    );
    return this.reading;
  }

  /** Closes every WebSocket as Asterisk does when it stops. */
  closeWebSockets(): void {
    for (const client of this.webSockets.clients) client.close(1001);
  }

  /** Resets every connection. */
  reset(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Stops reading, like a stopped process. */
  freeze(): void {
    for (const socket of this.sockets) socket.pause();
  }

  thaw(): void {
    for (const socket of this.sockets) socket.resume();
  }

  /** Stops Asterisk: nothing listens any more. */
  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    for (const client of this.webSockets.clients) client.terminate();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }

  /** Listens on the same port as before. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(this.port, '127.0.0.1', resolve);
    });
    this.port = (this.server.address() as AddressInfo).port;
  }

  private knows(request: http.IncomingMessage): boolean {
    const { password } = this.behaviour;
    const basic = `Basic ${Buffer.from(`${USER}:${password}`).toString('base64')}`;
    const key = new URL(request.url ?? '/', this.url).searchParams.get('api_key');
    return request.headers.authorization === basic || key === `${USER}:${password}`;
  }

  private serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', this.url);
      const made: AriRequest = {
        method: request.method ?? '',
        path: url.pathname.replace(/^\/ari/, ''),
        query: Object.fromEntries(url.searchParams),
        body: Buffer.concat(chunks).toString('utf8'),
      };
      if (!this.heard(made)) this.requests.push(made);
      const docs = made.path.startsWith('/api-docs/');
      const wanted = docs ? this.behaviour.apiDocs : this.behaviour.rest;
      const answer = wanted === 'answer' ? this.answerTo(made, this.knows(request)) : wanted;
      if (answer === 'hang') return;
      if (answer === 'reset') {
        request.socket.resetAndDestroy();
        return;
      }
      if (answer === 'half') {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 });
        response.write('{"apis":[', () => request.socket.destroy());
        return;
      }
      const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(text);
    });
  }

  private answerTo(
    { method, path, query }: AriRequest,
    known: boolean,
  ): { status: number; body?: unknown } {
    if (!known) return { status: 401, body: { message: 'Authentication required' } };
    const docs = API_DOCS.get(path);
    if (docs) return { status: 200, body: docs.replaceAll(RECORDED_AT, this.url) };
    const { version, readOnly, taken, missing } = this.behaviour;
    if (readOnly && method !== 'GET')
      return { status: 403, body: { message: 'Write access denied' } };
    if (path === '/asterisk/info') return { status: 200, body: { system: { version } } };
    // What an older Asterisk keeps, whether somebody is connected or not.
    if (path === '/applications/crankback') return { status: 200, body: { name: 'crankback' } };
    if (path === '/applications/crankback-here' && (taken || this.webSocketCount > 0))
      return { status: 200, body: { name: 'crankback-here' } };
    if (path === '/channels/create') {
      this.channels.push({ id: query['channelId'] ?? '', name: 'Local/look', state: 'Down' });
      return { status: 200, body: {} };
    }
    if (path === '/asterisk/variable') {
      const { variable = '', value } = query;
      if (method === 'GET')
        return { status: 200, body: { value: this.globals.get(variable) ?? '' } };
      if (value === undefined) this.globals.delete(variable);
      else this.globals.set(variable, value);
      return { status: 204 };
    }
    if (path.startsWith('/channels/') && path.endsWith('/variable')) {
      const place = /^DIALPLAN_EXISTS\((.*)\)$/.exec(query['variable'] ?? '')?.[1] ?? '';
      if (method === 'GET')
        return { status: 200, body: { value: missing.includes(place) ? '0' : '1' } };
      return { status: 204 };
    }
    if (path === '/channels') return { status: 200, body: this.channels };
    if (path.endsWith('/eventFilter') || path.endsWith('/subscription'))
      return { status: 200, body: {} };
    if (path === '/asterisk/modules')
      return { status: 200, body: [{ name: 'codec_alaw.so', status: 'Running' }] };
    if (path.endsWith('/continue')) return { status: 204 };
    const channel = this.channels.find(({ id }) => path === `/channels/${id}`);
    if (channel && method === 'DELETE')
      this.channels = this.channels.filter((other) => other !== channel);
    if (channel) return { status: method === 'GET' ? 200 : 204, body: channel };
    return { status: 404, body: { message: 'Resource not found' } };
  }
}
