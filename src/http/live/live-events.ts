// Own server-sent events: libraries write each event to each client by itself, and keep what a slow one does not read.
import { Readable } from 'node:stream';
import type { CallEvent } from '../../events/call-event';
import type { Shown } from '../../records/shown';
import { EVENT_KINDS } from '../v1/schemas/event';
import { Kept } from './kept';
import { toldEvent } from './told-event';

export interface LiveLimits {
  readonly clients: number;
  /** A client that has not read so much is dropped. Bytes. */
  readonly behind: number;
  /** Events wait so long to be written together. Milliseconds. */
  readonly batchMs: number;
  /** Shorter than a connection may be silent. Milliseconds. */
  readonly commentMs: number;
  /** Events are kept so long for a client that is to come back. Milliseconds. */
  readonly keptMs: number;
  readonly events: number;
  /** Of all kept events. Characters. */
  readonly characters: number;
}

const LIMITS: LiveLimits = {
  clients: 16,
  behind: 2 * 1024 * 1024,
  batchMs: 250,
  commentMs: 5_000,
  keptMs: 60_000,
  events: 5_000,
  characters: 1024 * 1024,
};

const KINDS: ReadonlySet<string> = new Set(EVENT_KINDS);

/** A client waits so long before it comes back. Milliseconds. */
const RETRY = 'retry: 2000\n\n';

/**
 * Call events for HTTP clients. Nothing is made of them until somebody follows; then each is made once for all, and all
 * get what came within a quarter of a second together. What is kept has bounds, for all and for each.
 */
export class LiveEvents {
  private readonly kept: Kept;
  private readonly followers = new Set<Readable>();
  private waiting: string[] = [];
  private batch: NodeJS.Timeout | undefined;
  private comments: NodeJS.Timeout | undefined;
  private forgetting: NodeJS.Timeout | undefined;
  private isKept = false;

  /** @param begun names this run of the service in ids */
  constructor(
    private readonly shown: Shown,
    begun: string,
    private readonly limits: LiveLimits = LIMITS,
  ) {
    this.kept = new Kept(begun, limits);
  }

  readonly record = (event: CallEvent): void => {
    if (!this.isKept) {
      if (KINDS.has(event.kind)) this.kept.pass();
      return;
    }
    const told = toldEvent(event);
    if (!told) return;
    const text = this.kept.add(told.kind, JSON.stringify(this.shown(told)));
    if (this.followers.size === 0) return;
    this.waiting.push(text);
    this.batch ??= setTimeout(this.flush, this.limits.batchMs);
  };

  /**
   * What happens from now on, after what came behind the last event that the client had.
   * @returns undefined where too many follow
   */
  follow(lastId: string | undefined): Readable | undefined {
    if (this.followers.size >= this.limits.clients) return undefined;
    // What waits is for those who were here before; it is kept already.
    this.flush();
    const stream = new Readable({ read: () => undefined });
    stream.push(RETRY);
    if (lastId === undefined) stream.push(this.kept.begin());
    else for (const text of this.kept.after(lastId)) stream.push(text);
    this.followers.add(stream);
    stream.once('close', () => this.left(stream));
    clearTimeout(this.forgetting);
    this.isKept = true;
    this.comments ??= setInterval(() => this.write(Buffer.from(':\n\n')), this.limits.commentMs);
    return stream;
  }

  /** Ends all that follow. */
  stop(): void {
    for (const stream of this.followers) stream.destroy();
    clearTimeout(this.forgetting);
  }

  private readonly flush = (): void => {
    clearTimeout(this.batch);
    this.batch = undefined;
    if (this.waiting.length === 0) return;
    const text = this.waiting.join('');
    this.waiting = [];
    this.write(Buffer.from(text));
  };

  /** The same bytes for all who follow now, one after the other: calls are decided between them. */
  private write(bytes: Buffer, to: readonly Readable[] = [...this.followers]): void {
    const [stream, ...rest] = to;
    if (!stream) return;
    if (stream.readableLength + bytes.length > this.limits.behind) stream.destroy();
    else if (!stream.destroyed) stream.push(bytes);
    if (rest.length > 0) setImmediate(() => this.write(bytes, rest));
  }

  private left(stream: Readable): void {
    this.followers.delete(stream);
    if (this.followers.size > 0) return;
    clearInterval(this.comments);
    clearTimeout(this.batch);
    this.comments = this.batch = undefined;
    this.waiting = [];
    this.forgetting = setTimeout(() => {
      this.isKept = false;
      this.kept.clear();
    }, this.limits.keptMs).unref();
  }
}
