import type { Agent } from 'undici';
import type { WebhookWay } from '../../policy/alert-settings';
import type { Message } from '../../alerts/message';
import { cut, reasonOf, type Delivered } from '../delivery';
import type { SecretOf } from '../secret-files';
import { signature } from '../sign';
import { BODIES } from '../templates';

/** Of an answer, to be shown. Bytes. */
const MOST_READ = 2_048;
/** A receiver that wants to be left alone for longer is asked again all the same. Milliseconds. */
const LONGEST_RETRY_AFTER = 15 * 60_000;

export interface WebhookParts {
  readonly secretOf: SecretOf;
  /** Unix time in milliseconds. */
  readonly now: () => number;
}

/** Posts messages; one connection is kept for a while. */
export class Webhook {
  private agent: Agent | undefined;

  constructor(
    private readonly way: WebhookWay,
    private readonly parts: WebhookParts,
  ) {}

  /** @param timeout of all of it, milliseconds */
  async deliver(message: Message, timeout: number): Promise<Delivered> {
    const { template, routingKey } = this.way;
    const limit = AbortSignal.timeout(timeout);
    try {
      const key = routingKey === undefined ? undefined : await this.parts.secretOf(routingKey);
      let last: Delivered = { ok: true, answer: 'nothing to send' };
      for (const body of BODIES[template](message, key)) {
        last = await this.post(body, message.id, limit);
        if (!last.ok) return last;
      }
      return last;
    } catch (error) {
      const late = limit.aborted ? `no answer within ${timeout / 1_000} s` : reasonOf(error);
      return { ok: false, answer: cut(late) };
    }
  }

  async stop(): Promise<void> {
    await this.agent?.destroy();
  }

  private async post(content: object, id: string, signal: AbortSignal): Promise<Delivered> {
    const { secretOf, now } = this.parts;
    const { url, urlSecret, sign, token } = this.way;
    const to = url ?? (await secretOf(urlSecret ?? ''));
    if (!isHttp(to)) return { ok: false, answer: 'the secret is no URL with http:// or https://' };
    const body = JSON.stringify(content);
    const headers = {
      'content-type': 'application/json',
      'user-agent': 'crankback',
      'webhook-id': id,
      ...(token !== undefined && { authorization: `Bearer ${await secretOf(token)}` }),
      ...(sign !== undefined && signature(await secretOf(sign), { id, at: now(), body })),
    };
    // Only whoever posts loads it.
    const { Agent, request } = await import('undici');
    this.agent ??= new Agent({ connections: 1, pipelining: 1, keepAliveTimeout: 5_000 });
    // No redirection is followed: the operator names the receiver.
    const answer = await request(to, {
      ...{ method: 'POST', headers, body, signal, dispatcher: this.agent },
    });
    const text = await beginning(answer.body);
    const said = cut(`${answer.statusCode} ${text}`.trim());
    if (answer.statusCode >= 200 && answer.statusCode < 300) return { ok: true, answer: said };
    const seconds = Number(answer.headers['retry-after']);
    return {
      ...{ ok: false, answer: said },
      ...(seconds > 0 && { retryAfter: Math.min(seconds * 1_000, LONGEST_RETRY_AFTER) }),
    };
  }
}

/** What is behind it is not read: the connection ends. */
async function beginning(body: AsyncIterable<unknown> & { destroy(): unknown }): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size >= MOST_READ) break;
  }
  return Buffer.concat(chunks).subarray(0, MOST_READ).toString('utf8').trim();
}

function isHttp(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
