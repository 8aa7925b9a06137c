import { Pool, type Dispatcher } from 'undici';

export interface HttpOptions {
  /** `http://host:8088`, without `/ari`. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Every request settles within this time. Milliseconds. */
  readonly timeoutMs: number;
}

/** Asterisk answered with something else than 2xx, or did not answer in time. */
export class AriError extends Error {
  constructor(
    message: string,
    /** HTTP status; absent when there was no answer. */
    readonly status?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'AriError';
  }

  /** @param body JSON with Asterisk's `message`, or anything */
  static refusal(what: string, status: number, body: string): AriError {
    const message = (parse(body) as { message?: unknown } | undefined)?.message;
    const why = typeof message === 'string' ? ` (${message})` : '';
    return new AriError(`${what}: Asterisk answered ${status}${why}`, status);
  }
}

/** A method and a path below `/ari`. */
interface Target {
  readonly method: Dispatcher.HttpMethod;
  readonly path: string;
}

/** Codes of a connection that ended under a request. */
const CUT_OFF = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
/** Below the 15 s after which Asterisk closes an idle connection (`session_keep_alive`). Milliseconds. */
const IDLE_MS = 10_000;

/**
 * ARI's HTTP, for which no call should wait longer than it must. By undici, which takes half the processor
 * time of node:http for so small requests.
 */
export class AriHttp {
  private readonly pool: Pool;
  private readonly headers: Readonly<Record<string, string>>;
  private readonly prefix: string;
  private closed = false;

  constructor(private readonly options: HttpOptions) {
    const { origin, pathname } = new URL(options.url);
    this.prefix = `${pathname.replace(/\/$/, '')}/ari`;
    this.pool = new Pool(origin, { connections: 16, keepAliveTimeout: IDLE_MS });
    const credentials = Buffer.from(`${options.user}:${options.password}`).toString('base64');
    this.headers = { authorization: `Basic ${credentials}` };
  }

  close(): void {
    this.closed = true;
    void this.pool.destroy();
  }

  /**
   * Resolves to the JSON of the answer, undefined where there is none.
   * @throws AriError
   */
  request(
    method: Dispatcher.HttpMethod,
    path: string,
    query: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<unknown> {
    const search = new URLSearchParams(query).toString();
    const target = { method, path: `${this.prefix}${path}${search ? `?${search}` : ''}` };
    const what = `${method} ${path}`;
    if (this.closed) return Promise.reject(new AriError(`${what}: closed`));
    return new Promise((resolve, reject) => {
      const { timeoutMs } = this.options;
      const exchange = new Exchange(this.pool, target, this.headers, body);
      const timer = setTimeout(
        () => exchange.abort(new Error(`no answer within ${timeoutMs} ms`)),
        timeoutMs,
      );
      exchange.run(
        (status, text) => {
          clearTimeout(timer);
          if (status < 200 || status > 299) reject(AriError.refusal(what, status, text));
          else resolve(parse(text));
        },
        (error) => {
          clearTimeout(timer);
          reject(failure(what, error));
        },
      );
    });
  }
}

/** One request and its answer; once more where the connection it was to go over had ended. */
class Exchange {
  private aborted: Error | undefined;
  private controller: Dispatcher.DispatchController | undefined;
  private failed: (error: Error) => void = () => undefined;

  constructor(
    private readonly pool: Pool,
    private readonly target: Target,
    private readonly headers: Readonly<Record<string, string>>,
    private readonly body: unknown,
  ) {}

  /** Ends it with this error, unless it has ended. */
  abort(why: Error): void {
    this.aborted = why;
    this.controller?.abort(why);
    // Not begun: it waits for a connection.
    if (!this.controller) this.failed(why);
  }

  run(
    answered: (status: number, text: string) => void,
    failed: (error: Error) => void,
    isSecond = false,
  ): void {
    const chunks: Buffer[] = [];
    let status = 0;
    this.failed = failed;
    const payload = this.body === undefined ? undefined : JSON.stringify(this.body);
    const json = payload !== undefined && { 'content-type': 'application/json' };
    this.pool.dispatch(
      { ...this.target, headers: { ...this.headers, ...json }, ...(payload && { body: payload }) },
      {
        onRequestStart: (controller) => {
          this.controller = controller;
          if (this.aborted) controller.abort(this.aborted);
        },
        onResponseStart: (_, code) => {
          status = code;
        },
        onResponseData: (_, chunk) => {
          chunks.push(chunk);
        },
        onResponseEnd: () => answered(status, Buffer.concat(chunks).toString('utf8')),
        onResponseError: (_, error) => {
          // Asterisk closes idle connections at any time, also while a request is on its way there.
          const isCut = CUT_OFF.has((error as NodeJS.ErrnoException).code ?? '') && status === 0;
          if (isCut && !isSecond && !this.aborted) this.run(answered, failed, true);
          else failed(this.aborted ?? error);
        },
      },
    );
  }
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function failure(what: string, error: Error): AriError {
  return new AriError(`${what}: ${error.message}`, undefined, { cause: error });
}
