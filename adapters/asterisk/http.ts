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
}

/** Codes of a connection that ended under a request. */
const CUT_OFF = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
/** Below the 15 s after which Asterisk closes an idle connection (`session_keep_alive`). Milliseconds. */
const IDLE_MS = 10_000;

/**
 * ARI's HTTP, for which no call should wait longer than it must. By undici, which takes less processor
 * time than node:http for so small requests.
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
  async request(
    method: Dispatcher.HttpMethod,
    path: string,
    query: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<unknown> {
    const search = new URLSearchParams(query).toString();
    const what = `${method} ${path}`;
    if (this.closed) throw new AriError(`${what}: closed`);
    const { timeoutMs } = this.options;
    const late = new AbortController();
    const timer = setTimeout(
      () => late.abort(new Error(`no answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
    try {
      const json = body !== undefined && { 'content-type': 'application/json' };
      const answer = await this.exchange({
        method,
        path: `${this.prefix}${path}${search ? `?${search}` : ''}`,
        headers: { ...this.headers, ...json },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: late.signal,
      });
      const text = await answer.body.text();
      const { statusCode } = answer;
      if (statusCode < 200 || statusCode > 299) throw refusal(what, statusCode, text);
      return parse(text);
    } catch (error) {
      throw error instanceof AriError ? error : failure(what, error as Error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asterisk closes idle connections at any time, also while a request is on its way there: once more. */
  private async exchange(request: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    try {
      return await this.pool.request(request);
    } catch (error) {
      if (!CUT_OFF.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
      return this.pool.request(request);
    }
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

function refusal(what: string, status: number, body: string): AriError {
  const message = (parse(body) as { message?: unknown } | undefined)?.message;
  const why = typeof message === 'string' ? ` (${message})` : '';
  return new AriError(`${what}: Asterisk answered ${status}${why}`, status);
}

function failure(what: string, error: Error): AriError {
  return new AriError(`${what}: ${error.message}`, undefined, { cause: error });
}
