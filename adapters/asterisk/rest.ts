import http from 'node:http';
import https from 'node:https';
import { z } from 'zod';

/** A channel as `GET /channels` shows it, with the fields that crankback reads. */
const ChannelView = z.object({
  id: z.string(),
  name: z.string(),
  state: z.string(),
  /** By Asterisk's clock, `2026-11-21T05:20:51.587+0000`. */
  creationtime: z.string().optional(),
  dialplan: z.object({ context: z.string() }).optional(),
});
export type ChannelView = z.infer<typeof ChannelView>;

const ModuleView = z.object({ name: z.string(), status: z.string() });
const Attributes = z.array(z.object({ attribute: z.string(), value: z.string() }));

export interface RestOptions {
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

/**
 * The few ARI commands that crankback gives. Not ari-client's: those cost a third more time per
 * decision and never settle when Asterisk goes away.
 */
export class AriRest {
  private readonly agent: http.Agent;
  private readonly transport: typeof http | typeof https;
  private readonly authorization: string;
  private readonly base: URL;
  private closed = false;

  constructor(private readonly options: RestOptions) {
    this.base = new URL(options.url);
    const secure = this.base.protocol === 'https:';
    this.transport = secure ? https : http;
    this.agent = new this.transport.Agent({
      keepAlive: true,
      keepAliveMsecs: 30_000,
      maxSockets: 16,
    });
    this.authorization = `Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`;
  }

  close(): void {
    this.closed = true;
    this.agent.destroy();
  }

  /** Fails with status 401 for a wrong user or password. */
  async version(): Promise<string> {
    const info = (await this.request('GET', '/asterisk/info', { only: 'system' })) as {
      system?: { version?: unknown } | null;
    } | null;
    const version = info?.system?.version;
    // ari-client would crash the process over what a web server of another kind answers next.
    if (typeof version !== 'string') throw notAri('GET /asterisk/info');
    return version;
  }

  async setGlobal(variable: string, value: string): Promise<void> {
    await this.request('POST', '/asterisk/variable', { variable, value });
  }

  /** Sets a variable of one channel; 404 or 409 when it is gone or no longer ours. */
  async setVariable(channelId: string, variable: string, value: string): Promise<void> {
    await this.request('POST', `/channels/${encodeURIComponent(channelId)}/variable`, {
      variable,
      value,
    });
  }

  /** Sends the channel on in the dialplan; 404 or 409 when it is gone or no longer ours. */
  async continueInDialplan(channelId: string, context: string, extension: string): Promise<void> {
    await this.request('POST', `/channels/${encodeURIComponent(channelId)}/continue`, {
      context,
      extension,
      priority: '1',
    });
  }

  /** Lets the channel go on behind Stasis() in its own dialplan. */
  async leaveStasis(channelId: string): Promise<void> {
    await this.request('POST', `/channels/${encodeURIComponent(channelId)}/continue`, {});
  }

  /** Ends a channel with a Q.850 cause. */
  async hangup(channelId: string, cause: number): Promise<void> {
    await this.request('DELETE', `/channels/${encodeURIComponent(channelId)}`, {
      reason_code: String(cause),
    });
  }

  /** The channel's state word (`Down`, `Ringing`, `Up` …), or undefined when it is gone. */
  async channelState(channelId: string): Promise<string | undefined> {
    const channel = await this.unlessMissing(
      this.request('GET', `/channels/${encodeURIComponent(channelId)}`, {}),
    );
    return (channel as { state?: string } | undefined)?.state;
  }

  /**
   * The technology's word on a dialled leg as leg A knows it, e.g. `SIP 100 Trying`;
   * undefined while nothing at all has come back.
   */
  async lastResponse(legAId: string, legBName: string): Promise<string | undefined> {
    const answer = await this.unlessMissing(
      this.request('GET', `/channels/${encodeURIComponent(legAId)}/variable`, {
        variable: `HANGUPCAUSE(${legBName},tech)`,
      }),
      // Asterisk says "Unable to read provided function" with 500 while it has no cause for the leg.
      [404, 500],
    );
    return (answer as { value?: string } | undefined)?.value || undefined;
  }

  /** All channels there are. */
  async channels(): Promise<ChannelView[]> {
    const channels = ChannelView.array().safeParse(await this.request('GET', '/channels', {}));
    if (!channels.success) throw notAri('GET /channels');
    return channels.data;
  }

  /** Modules that are loaded and running, `codec_alaw.so`. */
  async runningModules(): Promise<string[]> {
    const modules = ModuleView.array().safeParse(
      await this.request('GET', '/asterisk/modules', {}),
    );
    if (!modules.success) throw notAri('GET /asterisk/modules');
    return modules.data.flatMap(({ name, status }) => (status === 'Running' ? [name] : []));
  }

  /** `online`, `offline` or `unknown`; undefined for an endpoint that Asterisk does not know. */
  async endpointState(technology: string, endpoint: string): Promise<string | undefined> {
    const path = `/endpoints/${encodeURIComponent(technology)}/${encodeURIComponent(endpoint)}`;
    const answer = await this.unlessMissing(this.request('GET', path, {}));
    return (answer as { state?: string } | undefined)?.state;
  }

  /** An object of pjsip.conf, attribute by attribute; undefined where there is none. */
  async pjsipObject(
    type: 'endpoint' | 'aor',
    name: string,
  ): Promise<ReadonlyMap<string, string> | undefined> {
    const path = `/asterisk/config/dynamic/res_pjsip/${type}/${encodeURIComponent(name)}`;
    const answer = await this.unlessMissing(this.request('GET', path, {}));
    if (answer === undefined) return undefined;
    const attributes = Attributes.safeParse(answer);
    if (!attributes.success) throw notAri(`GET ${path}`);
    return new Map(attributes.data.map(({ attribute, value }) => [attribute, value]));
  }

  /** The id of the channel that a leg was dialled for, its own where there is none. */
  async linkedId(channelId: string): Promise<string | undefined> {
    const answer = await this.unlessMissing(
      this.request('GET', `/channels/${encodeURIComponent(channelId)}/variable`, {
        variable: 'CHANNEL(linkedid)',
      }),
      [404, 500],
    );
    return (answer as { value?: string } | undefined)?.value || undefined;
  }

  /** Only these event types cross the WebSocket from now on. */
  async allowEvents(application: string, types: readonly string[]): Promise<void> {
    const body = { allowed: types.map((type) => ({ type })) };
    await this.request(
      'PUT',
      `/applications/${encodeURIComponent(application)}/eventFilter`,
      {},
      body,
    );
  }

  /** One of the descriptions of ARI's own API, such as `/api-docs/resources.json`. */
  async apiDescription(path: string): Promise<object> {
    const description = await this.request('GET', path, {});
    if (typeof description !== 'object' || description === null) throw notAri(`GET ${path}`);
    return description;
  }

  private async unlessMissing(
    answer: Promise<unknown>,
    missing: readonly number[] = [404],
  ): Promise<unknown> {
    try {
      return await answer;
    } catch (error) {
      if (
        error instanceof AriError &&
        error.status !== undefined &&
        missing.includes(error.status)
      ) {
        return undefined;
      }
      throw error;
    }
  }

  private request(
    method: string,
    path: string,
    query: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<unknown> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const search = new URLSearchParams(query).toString();
    const target = `${this.base.pathname.replace(/\/$/, '')}/ari${path}${search ? `?${search}` : ''}`;
    const what = `${method} ${path}`;
    if (this.closed) return Promise.reject(new AriError(`${what}: closed`));
    return new Promise((resolve, reject) => {
      const request = this.transport.request(
        {
          agent: this.agent,
          host: this.base.hostname,
          port: this.base.port,
          method,
          path: target,
          headers: {
            authorization: this.authorization,
            'content-length': payload === undefined ? 0 : Buffer.byteLength(payload),
            ...(payload !== undefined && { 'content-type': 'application/json' }),
          },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', (error) => finish(() => reject(failure(what, error))));
          response.on('end', () => {
            const text = Buffer.concat(chunks).toString('utf8');
            const status = response.statusCode ?? 0;
            finish(() => {
              if (status < 200 || status > 299) reject(refusal(what, status, text));
              else resolve(parse(text));
            });
          });
        },
      );
      const timer = setTimeout(() => {
        request.destroy(new Error(`no answer within ${this.options.timeoutMs} ms`));
      }, this.options.timeoutMs);
      const finish = (settle: () => void) => {
        clearTimeout(timer);
        settle();
      };
      request.on('error', (error: NodeJS.ErrnoException) => {
        // Asterisk closes idle connections at any time, also while a request is on its way there.
        const stale = request.reusedSocket && ['ECONNRESET', 'EPIPE'].includes(error.code ?? '');
        finish(() => {
          if (stale) resolve(this.request(method, path, query, body));
          else reject(failure(what, error));
        });
      });
      request.end(payload);
    });
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

function notAri(what: string): AriError {
  return new AriError(`${what}: the answer is not ARI's: check CRANKBACK_ARI_URL`);
}

function refusal(what: string, status: number, text: string): AriError {
  const message = (parse(text) as { message?: unknown } | undefined)?.message;
  return new AriError(
    `${what}: Asterisk answered ${status}${typeof message === 'string' ? ` (${message})` : ''}`,
    status,
  );
}

function failure(what: string, error: Error): AriError {
  return new AriError(`${what}: ${error.message}`, undefined, { cause: error });
}
