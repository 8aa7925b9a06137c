import { AriError } from './http';

/** What a request needs of a WebSocket. */
export interface RequestSocket {
  send(text: string): void;
}

interface Waiting {
  readonly what: string;
  readonly timer: NodeJS.Timeout;
  readonly resolve: () => void;
  readonly reject: (error: AriError) => void;
}

/** Answer to a request, of any status. */
interface RestResponse {
  readonly request_id?: unknown;
  readonly status_code?: unknown;
  readonly reason_phrase?: unknown;
}

/** Id of the request that only asks whether Asterisk takes requests here. */
const PROBE = 'probe';

/**
 * ARI's requests over the WebSocket of its events. Asterisk 22.10 takes them there; one that does not reads and forgets them. So the
 * first one is a ping, and until its answer has come requests go by HTTP. A request by HTTP wakes another thread and another
 * connection at either end: with a bare client, a call that asks waited 0.15 ms less by the socket, and more on a busy machine.
 */
export class SocketRequests {
  private socket: RequestSocket | undefined;
  private readonly waiting = new Map<string, Waiting>();
  private isAnswered = false;
  private last = 0;

  /** @param timeoutMs every request settles within this time */
  constructor(private readonly timeoutMs: number) {}

  /** Whether Asterisk takes requests on the socket in use. */
  get isUsable(): boolean {
    return this.socket !== undefined && this.isAnswered;
  }

  /** From now on requests go by this socket, if Asterisk takes them there. */
  use(socket: RequestSocket): void {
    this.drop();
    this.socket = socket;
    this.send(PROBE, 'GET', 'asterisk/ping');
  }

  /** The socket is of no use any more; what waits for an answer fails. */
  drop(): void {
    this.socket = undefined;
    this.isAnswered = false;
    for (const [id, { what }] of this.waiting)
      this.settle(id, new AriError(`${what}: the connection has ended`));
  }

  /**
   * @param path relative to ARI, with its query: `/channels/1795239432.7/continue?context=…`
   * @throws AriError
   */
  request(method: 'POST', path: string): Promise<void> {
    const what = `${method} ${path.replace(/\?.*/s, '')}`;
    return new Promise((resolve, reject) => {
      const id = String(++this.last);
      const late = () =>
        this.settle(id, new AriError(`${what}: no answer within ${this.timeoutMs} ms`));
      const timer = setTimeout(late, this.timeoutMs);
      this.waiting.set(id, { what, timer, resolve, reject });
      this.send(id, method, path.slice(1));
    });
  }

  /** Takes an answer. One that nobody waits for any more is nothing. */
  answered({ request_id: id, status_code: status, reason_phrase: reason }: RestResponse): void {
    if (id === PROBE) {
      this.isAnswered = status === 200;
      return;
    }
    const waiting = typeof id === 'string' ? this.waiting.get(id) : undefined;
    if (typeof id !== 'string' || !waiting) return;
    if (typeof status === 'number' && status >= 200 && status <= 299) {
      this.settle(id);
      return;
    }
    const why = typeof reason === 'string' ? ` (${reason.slice(0, 100)})` : '';
    const known = typeof status === 'number' ? status : undefined;
    this.settle(id, new AriError(`${waiting.what}: Asterisk answered ${known}${why}`, known));
  }

  private settle(id: string, error?: AriError): void {
    const waiting = this.waiting.get(id);
    if (!waiting) return;
    this.waiting.delete(id);
    clearTimeout(waiting.timer);
    if (error) waiting.reject(error);
    else waiting.resolve();
  }

  private send(id: string, method: 'GET' | 'POST', uri: string): void {
    this.socket?.send(
      JSON.stringify({
        type: 'RESTRequest',
        transaction_id: id,
        request_id: id,
        method,
        uri,
      }),
    );
  }
}
