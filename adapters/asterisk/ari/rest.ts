import * as z from 'zod';
import { AriError, AriHttp, type HttpOptions } from './http';
import { SocketRequests } from './socket-requests';

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

/** Characters. */
const LONGEST_IN_LINE = 1_000;

/**
 * The ARI commands that crankback uses. ari-client's own take a third more time per decision and never
 * settle when Asterisk goes away.
 */
export class AriRest {
  /** The requests for which calls wait go by the socket of the events where Asterisk takes them there. */
  readonly bySocket: SocketRequests;
  private readonly http: AriHttp;

  constructor(options: HttpOptions) {
    this.http = new AriHttp(options);
    this.bySocket = new SocketRequests(options.timeoutMs);
  }

  close(): void {
    this.http.close();
  }

  /** Rejects with status 401 for a wrong user or password. */
  async version(): Promise<string> {
    const info = (await this.http.request('GET', '/asterisk/info', { only: 'system' })) as {
      system?: { version?: unknown } | null;
    } | null;
    const version = info?.system?.version;
    // The next answer of another kind of web server would make ari-client crash the process.
    if (typeof version !== 'string') throw notAri('GET /asterisk/info');
    return version;
  }

  async setGlobal(variable: string, value: string): Promise<void> {
    await this.set('/asterisk/variable', variable, value);
  }

  /** A global variable of the dialplan; empty where it is not set. */
  async global(variable: string): Promise<string> {
    const answer = await this.http.request('GET', '/asterisk/variable', { variable });
    const value = (answer as { value?: unknown } | undefined)?.value;
    return typeof value === 'string' ? value : '';
  }

  async deleteGlobal(variable: string): Promise<void> {
    // Without a value Asterisk deletes it.
    await this.http.request('POST', '/asterisk/variable', { variable });
  }

  /** Sets a variable of one channel; 404 or 409 if the channel is gone or no longer ours. */
  async setVariable(channelId: string, variable: string, value: string): Promise<void> {
    await this.set(`/channels/${encodeURIComponent(channelId)}/variable`, variable, value);
  }

  /** Sets several variables of one channel, by one request. As `setVariable`; 100 at most. */
  async setVariables(
    channelId: string,
    variables: readonly (readonly [name: string, value: string])[],
  ): Promise<void> {
    const names = variables.map(([name]) => name).join(',');
    // A backslash keeps what would end a value, or be taken off it.
    const values = variables.map(([, value]) => value.replace(/[\\",()[\]]/g, '\\$&')).join(',');
    await this.setVariable(channelId, `ARRAY(${names})`, values);
  }

  /** Continues the channel in the dialplan; 404 or 409 if it is gone or no longer ours. */
  async continueInDialplan(channelId: string, context: string, extension: string): Promise<void> {
    const path = `/channels/${encodeURIComponent(channelId)}/continue`;
    const query = { context, extension, priority: '1' };
    if (this.bySocket.isUsable)
      await this.bySocket.request('POST', `${path}?${new URLSearchParams(query).toString()}`);
    else await this.http.request('POST', path, query);
  }

  /** Continues the channel in its own dialplan, after Stasis(). */
  async leaveStasis(channelId: string): Promise<void> {
    await this.http.request('POST', `/channels/${encodeURIComponent(channelId)}/continue`, {});
  }

  /** Ends a channel with a Q.850 cause. */
  async hangup(channelId: string, cause: number): Promise<void> {
    await this.http.request('DELETE', `/channels/${encodeURIComponent(channelId)}`, {
      reason_code: String(cause),
    });
  }

  /** The channel's state word (`Down`, `Ringing`, `Up` …); undefined if it is gone. */
  async channelState(channelId: string): Promise<string | undefined> {
    const channel = await this.unlessMissing(
      this.http.request('GET', `/channels/${encodeURIComponent(channelId)}`, {}),
    );
    return (channel as { state?: string } | undefined)?.state;
  }

  /**
   * The technology's last response on a dialled leg as leg A knows it, e.g. `SIP 100 Trying`; undefined
   * while nothing has come back.
   */
  async lastResponse(legAId: string, legBName: string): Promise<string | undefined> {
    const answer = await this.unlessMissing(
      this.http.request('GET', `/channels/${encodeURIComponent(legAId)}/variable`, {
        variable: `HANGUPCAUSE(${legBName},tech)`,
      }),
      // While Asterisk has no cause for the leg, it answers 500, "Unable to read provided function".
      [404, 500],
    );
    return (answer as { value?: string } | undefined)?.value || undefined;
  }

  /** Value of a variable or function on a channel; undefined where the channel is gone. */
  async evaluate(channelId: string, expression: string): Promise<string | undefined> {
    const path = `/channels/${encodeURIComponent(channelId)}/variable`;
    const answer = await this.unlessMissing(
      this.http.request('GET', path, { variable: expression }),
    );
    return answer === undefined ? undefined : ((answer as { value?: string }).value ?? '');
  }

  /** A channel that dials nobody, in our application; its StasisStart has `args`. */
  async makeChannel(id: string, endpoint: string, app: string, args: string): Promise<void> {
    const query = { endpoint, app, appArgs: args, channelId: id };
    await this.http.request('POST', '/channels/create', query);
  }

  /** Whether Asterisk has a Stasis application of this name, ours or another's; see presenceOf. */
  async isApplicationThere(name: string): Promise<boolean> {
    const path = `/applications/${encodeURIComponent(name)}`;
    return (await this.unlessMissing(this.http.request('GET', path, {}))) !== undefined;
  }

  /** All channels there are. */
  async channels(): Promise<ChannelView[]> {
    const channels: ChannelView[] = [];
    let wrong = false;
    const isList = await this.http.list('/channels', (element) => {
      const channel = ChannelView.safeParse(element);
      if (channel.success) channels.push(channel.data);
      else wrong = true;
    });
    if (!isList || wrong) throw notAri('GET /channels');
    return channels;
  }

  /** Modules loaded and running, `codec_alaw.so`. */
  async runningModules(): Promise<string[]> {
    const modules = ModuleView.array().safeParse(
      await this.http.request('GET', '/asterisk/modules', {}),
    );
    if (!modules.success) throw notAri('GET /asterisk/modules');
    return modules.data.flatMap(({ name, status }) => (status === 'Running' ? [name] : []));
  }

  /** `online`, `offline` or `unknown`; undefined for an endpoint that Asterisk does not know. */
  async endpointState(technology: string, endpoint: string): Promise<string | undefined> {
    const path = `/endpoints/${encodeURIComponent(technology)}/${encodeURIComponent(endpoint)}`;
    const answer = await this.unlessMissing(this.http.request('GET', path, {}));
    return (answer as { state?: string } | undefined)?.state;
  }

  /** An object of pjsip.conf, attribute by attribute; undefined if it does not exist. */
  async pjsipObject(
    type: 'endpoint' | 'aor',
    name: string,
  ): Promise<ReadonlyMap<string, string> | undefined> {
    const path = `/asterisk/config/dynamic/res_pjsip/${type}/${encodeURIComponent(name)}`;
    const answer = await this.unlessMissing(this.http.request('GET', path, {}));
    if (answer === undefined) return undefined;
    const attributes = Attributes.safeParse(answer);
    if (!attributes.success) throw notAri(`GET ${path}`);
    return new Map(attributes.data.map(({ attribute, value }) => [attribute, value]));
  }

  /** The id of the channel that a leg was dialled for; its own id if there is none. */
  async linkedId(channelId: string): Promise<string | undefined> {
    const answer = await this.unlessMissing(
      this.http.request('GET', `/channels/${encodeURIComponent(channelId)}/variable`, {
        variable: 'CHANNEL(linkedid)',
      }),
      [404, 500],
    );
    return (answer as { value?: string } | undefined)?.value || undefined;
  }

  /** From now on only these event types cross the WebSocket. */
  async allowEvents(application: string, types: readonly string[]): Promise<void> {
    const body = { allowed: types.map((type) => ({ type })) };
    await this.http.request(
      'PUT',
      `/applications/${encodeURIComponent(application)}/eventFilter`,
      {},
      body,
    );
  }

  /** From now on the application gets the events of every channel, also of those that it does not have. */
  async followChannels(application: string): Promise<void> {
    const path = `/applications/${encodeURIComponent(application)}/subscription`;
    await this.http.request('POST', path, { eventSource: 'channel:' });
  }

  /** One of the descriptions of ARI's own API, such as `/api-docs/resources.json`. */
  async apiDescription(path: string): Promise<object> {
    const description = await this.http.request('GET', path, {});
    if (typeof description !== 'object' || description === null) throw notAri(`GET ${path}`);
    return description;
  }

  private async set(path: string, variable: string, value: string): Promise<void> {
    const given = { variable, value };
    // Asterisk takes a first line of a request of 4,096 characters, in which each may be written as three, and a body of 40 KB.
    if (value.length < LONGEST_IN_LINE) await this.http.request('POST', path, given);
    else await this.http.request('POST', path, {}, given);
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
}

function notAri(what: string): AriError {
  return new AriError(`${what}: the answer is not ARI's: check CRANKBACK_ARI_URL`);
}
