import { StringDecoder } from 'node:string_decoder';
import type { Dispatcher } from 'undici';
// Its other half, a browser's fetch, would be a twentieth of a start.
import Pool from 'undici/lib/dispatcher/pool';
import { piecesOf, readElements } from '../../shared/json-elements';

export interface HttpOptions {
  /** `http://host:8088`, without `/ari`. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Every request settles within this time. Milliseconds. */
  readonly timeoutMs: number;
}

/** Asterisk answered with a status other than 2xx, or not in time. */
export class AriError extends Error {
  constructor(
    message: string,
    /** HTTP status; absent if there was no answer. */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AriError';
  }
}

/** Codes of a connection that ended during a request. */
const CUT_OFF = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
/** No answer is longer but a list; the description of ARI's channels has 70 KB. Bytes. */
const LONGEST_ANSWER = 1024 * 1024;
/** A channel has about 1 KB, so this is more channels than a machine carries. Bytes. */
const LONGEST_LIST = 32 * 1024 * 1024;
/** What is told of Asterisk's own words. Characters. */
const LONGEST_REASON = 500;
/** Below the 15 s after which Asterisk closes an idle connection (`session_keep_alive`). Milliseconds. */
const IDLE_MS = 10_000;

/** ARI's HTTP, where calls wait. undici takes less processor time than node:http for such small requests. */
export class AriHttp {
  private readonly pool: Pool;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly prefix: string;
  private closed = false;

  constructor(private readonly options: HttpOptions) {
    const { origin, pathname } = new URL(options.url);
    this.prefix = `${pathname.replace(/\/$/, '')}/ari`;
    this.pool = new Pool(origin, {
      connections: 16,
      keepAliveTimeout: IDLE_MS,
      // Our own limit is for each request as a whole.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const credentials = Buffer.from(`${options.user}:${options.password}`).toString('base64');
    this.headers = { authorization: `Basic ${credentials}` };
  }

  close(): void {
    this.closed = true;
    void this.pool.destroy();
  }

  /**
   * Resolves to the JSON of the answer; undefined if it has none.
   * @throws AriError
   */
  async request(
    method: Dispatcher.HttpMethod,
    path: string,
    query: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<unknown> {
    const json = body !== undefined && { 'content-type': 'application/json' };
    const pieces = await this.answerTo(LONGEST_ANSWER, path, {
      method,
      path: this.pathOf(path, query),
      headers: { ...this.headers, ...json },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return parse(textOf(pieces));
  }

  /**
   * Gets a JSON list that may be long, and reads it in slices: calls are decided between them.
   * @param element takes each element
   * @returns whether the answer is a list
   * @throws AriError
   */
  async list(path: string, element: (value: unknown) => void): Promise<boolean> {
    const request = { method: 'GET', path: this.pathOf(path), headers: this.headers } as const;
    const pieces = await this.answerTo(LONGEST_LIST, path, request);
    try {
      return await readElements(slicesOf(pieces), element);
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  }

  private pathOf(path: string, query: Readonly<Record<string, string>> = {}): string {
    const search = new URLSearchParams(query).toString();
    return `${this.prefix}${path}${search ? `?${search}` : ''}`;
  }

  /** @throws AriError */
  private async answerTo(
    most: number,
    path: string,
    request: Dispatcher.DispatchOptions,
  ): Promise<readonly Buffer[]> {
    const what = `${request.method} ${path}`;
    if (this.closed) throw new AriError(`${what}: closed`);
    const { status, pieces } = await this.exchange(request, most).catch((error: Error) => {
      throw new AriError(`${what}: ${error.message}`, undefined, { cause: error });
    });
    if (status < 200 || status > 299) throw refusal(what, status, textOf(pieces));
    return pieces;
  }

  /** Sends a request once more if Asterisk closed an idle connection while the request was on its way. */
  private exchange(request: Dispatcher.DispatchOptions, most: number): Promise<Answer> {
    const { timeoutMs } = this.options;
    return new Promise((resolve, reject) => {
      let exchange: Exchange;
      const timer = setTimeout(() => {
        const late = new Error(`no answer within ${timeoutMs} ms`);
        exchange.abort(late);
        // Also for a request that still waits for its connection.
        reject(late);
      }, timeoutMs);
      const done = (answer: Answer): void => {
        clearTimeout(timer);
        resolve(answer);
      };
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(error);
      };
      const begin = (failed: (error: NodeJS.ErrnoException) => void): void => {
        exchange = new Exchange(most, done, failed);
        this.pool.dispatch(request, exchange);
      };
      begin((error) => (CUT_OFF.has(error.code ?? '') ? begin(fail) : fail(error)));
    });
  }
}

interface Answer {
  readonly status: number;
  readonly pieces: readonly Buffer[];
}

/** One request and its answer. undici's own `request` creates a stream and a signal for each. */
class Exchange implements Dispatcher.DispatchHandler {
  private controller: Dispatcher.DispatchController | undefined;
  private aborted: Error | undefined;
  private status = 0;
  private readonly pieces: Buffer[] = [];
  private bytes = 0;

  constructor(
    private readonly most: number,
    private readonly done: (answer: Answer) => void,
    private readonly failed: (error: Error) => void,
  ) {}

  abort(why: Error): void {
    this.aborted = why;
    this.controller?.abort(why);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.aborted) controller.abort(this.aborted);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number): void {
    this.status = status;
  }

  onResponseData(controller: Dispatcher.DispatchController, piece: Buffer): void {
    this.bytes += piece.length;
    if (this.bytes > this.most) {
      this.pieces.length = 0;
      controller.abort(new Error(`an answer longer than ${this.most} bytes, cut off`));
      return;
    }
    this.pieces.push(piece);
  }

  onResponseEnd(): void {
    this.done({ status: this.status, pieces: this.pieces });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.failed(error);
  }
}

function textOf(pieces: readonly Buffer[]): string {
  return Buffer.concat(pieces).toString('utf8');
}

/** Characters may lie across the ends of pieces. */
function* slicesOf(pieces: readonly Buffer[]): Generator<string> {
  const decoder = new StringDecoder('utf8');
  for (const piece of pieces) yield* piecesOf(decoder.write(piece));
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(what: string, status: number, body: string): AriError {
  const message = (parse(body) as { message?: unknown } | undefined)?.message;
  const why = typeof message === 'string' ? ` (${message.slice(0, LONGEST_REASON)})` : '';
  return new AriError(`${what}: Asterisk answered ${status}${why}`, status);
}
