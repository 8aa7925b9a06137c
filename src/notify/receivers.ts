import type { Told } from '../alerts/due';
import type { Change, Incident } from '../alerts/incident';
import type { Message } from '../alerts/message';
import { named, type Named } from '../findings/named';
import type { AlertReceiver } from '../policy/alert-settings';
import type { AlertsParts } from './alerts-parts';
import type { Delivered } from './delivery';
import { Receiver, type Deliverer } from './receiver';
import { Command } from './ways/command';
import { Mail } from './ways/mail';
import { Webhook } from './ways/webhook';

/** What a receiver answered to a test. */
export interface TestedReceiver {
  readonly receiver: string;
  readonly ok: boolean;
  readonly answer: string;
}

export interface ReceiversParts extends Pick<
  AlertsParts,
  'secretOf' | 'shown' | 'log' | 'metrics' | 'now' | 'random' | 'deliverer' | 'times'
> {
  readonly incidents: () => readonly Incident[];
  readonly message: (changes: readonly Change[]) => Message;
  /** A receiver has been told more. */
  readonly taken: () => void;
}

/** Those that the policy in force names. */
export class Receivers {
  private all: readonly Receiver[] = [];
  /** Of those that a file tells of, until they are there. */
  private kept: ReadonlyMap<string, Told> = new Map();

  constructor(private readonly parts: ReceiversParts) {}

  /** What they were told before a restart. */
  remember(told: ReadonlyMap<string, Told>): void {
    this.kept = told;
  }

  /** What one was told stays with its name. */
  configure(receivers: readonly AlertReceiver[]): void {
    const before = this.told();
    for (const one of this.all) void one.stop();
    this.all = receivers.map((receiver) => {
      const made = this.receiverOf(receiver);
      made.remember(before.get(receiver.name) ?? this.kept.get(receiver.name) ?? new Map());
      return made;
    });
    this.kept = new Map();
    this.poke();
  }

  /** There may be something to tell. */
  poke(): void {
    for (const one of this.all) one.poke();
  }

  told(): ReadonlyMap<string, Told> {
    return new Map(this.all.map((one) => [one.name, one.told]));
  }

  /** Names of those that know it as it is. */
  knowing({ id, revision }: Incident): readonly string[] {
    return this.all.filter(({ told }) => (told.get(id) ?? 0) >= revision).map(({ name }) => name);
  }

  /**
   * @param name of a receiver; absent: to all
   * @returns undefined where there is no such receiver
   */
  async test(
    name: string | undefined,
    message: () => Message,
  ): Promise<readonly TestedReceiver[] | undefined> {
    const meant = this.all.filter((one) => name === undefined || one.name === name);
    if (name !== undefined && meant.length === 0) return undefined;
    const sent = message();
    return Promise.all(
      meant.map(async (one) => {
        const { ok, answer } = await one.test(sent);
        return { receiver: one.name, ok, answer: this.parts.shown({ answer }).answer };
      }),
    );
  }

  warnings(): readonly Named[] {
    const { shown } = this.parts;
    return this.all.flatMap(({ name, problem }) =>
      problem === undefined
        ? []
        : [named('CB6201', `alerts: ${name} does not take them: ${shown({ problem }).problem}`)],
    );
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map((one) => one.stop()));
  }

  private receiverOf(receiver: AlertReceiver): Receiver {
    const { random, log, metrics, incidents, message, taken, times } = this.parts;
    const deliverer = this.parts.deliverer ?? ((one: AlertReceiver) => this.delivererOf(one));
    let isTaken = true;
    return new Receiver({
      ...{ receiver, deliverer: deliverer(receiver), random, incidents, message, taken },
      tried: ({ ok, answer }: Delivered) => {
        metrics.deliveries.inc({ receiver: receiver.name, result: ok ? 'taken' : 'failed' });
        // One line until it works again.
        if (ok && !isTaken) log.info('alerts are taken again', { receiver: receiver.name });
        if (!ok && isTaken)
          log.warn('alerts are not taken', { finding: 'CB6201', receiver: receiver.name, answer });
        isTaken = ok;
      },
      ...(times?.receiver && { times: times.receiver }),
    });
  }

  private delivererOf({ way }: AlertReceiver): Deliverer {
    const { secretOf, now } = this.parts;
    switch (way.kind) {
      case 'webhook':
        return new Webhook(way, { secretOf, now });
      case 'mail':
        return new Mail(way, { secretOf });
      case 'command':
        return new Command(way);
    }
  }
}
