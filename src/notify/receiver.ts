/**
 * Own schedule of attempts: a library's would send again what it was given, and what is to be sent again is what is true
 * by then.
 */
import type { AlertReceiver } from '../policy/alert-settings';
import { dueFor, grouped, withTold, type Told } from '../alerts/due';
import type { Change, Incident } from '../alerts/incident';
import { isOpen } from '../alerts/incidents';
import type { Message } from '../alerts/message';
import type { Delivered } from './delivery';

/** Sends one message. */
export interface Deliverer {
  deliver(message: Message, timeout: number): Promise<Delivered>;
  stop(): Promise<void>;
}

export interface ReceiverParts {
  readonly receiver: AlertReceiver;
  readonly deliverer: Deliverer;
  readonly incidents: () => readonly Incident[];
  readonly message: (changes: readonly Change[]) => Message;
  /** It has been told more. */
  readonly taken: () => void;
  /** After each delivery. */
  readonly tried: (delivered: Delivered) => void;
  /** In [0, 1). */
  readonly random: () => number;
  readonly times?: ReceiverTimes;
}

/** Milliseconds. */
export interface ReceiverTimes {
  /** What happens together is told together. */
  readonly group: number;
  /** From one delivery that worked to the next. */
  readonly apart: number;
  /** After the first failure; doubles with each further one. */
  readonly again: number;
  readonly mostAgain: number;
  /** What is open is told again to receivers that forget. */
  readonly refresh: number;
}

const TIMES: ReceiverTimes = {
  group: 2_000,
  apart: 10_000,
  again: 1_000,
  mostAgain: 300_000,
  refresh: 60_000,
};

/**
 * Tells one receiver what it has to know, one message at a time. What waits is no queue: before each attempt it is made
 * anew of what is true.
 */
export class Receiver {
  private known: Told = new Map();
  private timer: NodeJS.Timeout | undefined;
  private isSending = false;
  private isWanted = false;
  private failures = 0;
  private stopped = false;
  /** Why it does not take what it is told. */
  private trouble: string | undefined;

  constructor(private readonly parts: ReceiverParts) {
    if (forgets(parts.receiver)) this.refreshLater();
  }

  get name(): string {
    return this.parts.receiver.name;
  }

  get told(): Told {
    return this.known;
  }

  get problem(): string | undefined {
    return this.trouble;
  }

  /** What it was told before a restart, or by an earlier policy. */
  remember(told: Told): void {
    this.known = told;
  }

  /** Something may be to be told. */
  poke(): void {
    this.isWanted = true;
    this.schedule(this.times.group);
  }

  /** Sends this at once, beside all else. */
  async test(message: Message): Promise<Delivered> {
    const { deliverer, receiver } = this.parts;
    return deliverer.deliver(message, receiver.timeout);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    clearInterval(this.refreshing);
    await this.parts.deliverer.stop();
  }

  private refreshing: NodeJS.Timeout | undefined;

  private get times(): ReceiverTimes {
    return this.parts.times ?? TIMES;
  }

  private schedule(ms: number): void {
    if (this.timer || this.isSending || this.stopped) return;
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.send();
    }, ms).unref();
  }

  private async send(): Promise<void> {
    this.isSending = true;
    this.isWanted = false;
    let wait = this.times.apart;
    const { incidents, receiver, message, taken } = this.parts;
    const due = dueFor(receiver, incidents(), this.known);
    this.known = due.told;
    for (const changes of grouped(due.changes)) {
      const delivered = await this.deliver(message(changes));
      if (this.stopped) return;
      if (!delivered.ok) {
        this.isWanted = true;
        wait = Math.max(this.backoff(), delivered.retryAfter ?? 0);
        break;
      }
      this.known = withTold(this.known, changes);
      taken();
    }
    this.isSending = false;
    const isLeft = dueFor(receiver, incidents(), this.known).changes.length > 0;
    if (this.isWanted || isLeft) this.schedule(wait);
  }

  private async deliver(message: Message): Promise<Delivered> {
    const { deliverer, receiver, tried } = this.parts;
    const delivered = await deliverer
      .deliver(message, receiver.timeout)
      .catch((error: unknown): Delivered => ({ ok: false, answer: String(error) }));
    this.failures = delivered.ok ? 0 : this.failures + 1;
    this.trouble = delivered.ok ? undefined : delivered.answer;
    tried(delivered);
    return delivered;
  }

  /** With jitter, so that a fleet does not return at once. */
  private backoff(): number {
    const { again, mostAgain } = this.times;
    const longest = Math.min(mostAgain, again * 2 ** Math.min(this.failures - 1, 16));
    return Math.round(longest * (0.5 + this.parts.random() / 2));
  }

  private refreshLater(): void {
    this.refreshing = setInterval(() => {
      const open = new Set(
        this.parts
          .incidents()
          .filter(isOpen)
          .map(({ id }) => id),
      );
      if (open.size === 0) return;
      this.known = new Map([...this.known].filter(([id]) => !open.has(id)));
      this.poke();
    }, this.times.refresh).unref();
  }
}

function forgets({ way }: AlertReceiver): boolean {
  return way.kind === 'webhook' && way.template === 'alertmanager';
}
