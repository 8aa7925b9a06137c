import { named, type Named } from '../../findings/named';
import { join } from 'node:path';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { CallEvent, PolicyChanged } from '../../events/call-event';
import type { Shown } from '../../records/shown';
import { LastingThread } from '../../threads/lasting-thread';
import { JournalBusy } from './journal-busy';
import { entryOf } from '../entries';
import type { JournalEntry } from '../entry';
import type { PackedItem } from '../fleet/item';
import type { Retention } from '../retention';
import type {
  FleetName,
  FromJournal,
  JournalQuestions,
  JournalThreadData,
  Question,
  ToJournal,
} from './protocol';

export { JournalBusy };

export interface LastingJournalParts {
  /** Path; absent: kept in memory. */
  readonly file?: string;
  readonly retention: Retention;
  /** Masks numbers where they are masked at rest. */
  readonly shown: Shown;
  /** Something that an operator should know, once each. */
  readonly told: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** So many entries are lost. */
  readonly lost: (count: number) => void;
  /** Where several instances are to be seen as one. */
  readonly fleet?: FleetName & { readonly publish: (items: readonly PackedItem[]) => void };
  /** Unix time in milliseconds. */
  readonly now: () => number;
  /** The thread's program. */
  readonly entry?: string;
}

/** After kill -9, this much is missing at most, and what was being written. Milliseconds. */
const BATCH_MS = 200;
/** As often the file is told that nothing waits to be written. Milliseconds. */
const IDLE_EVERY_MS = 1_000;
/** Some seconds of a very busy PBX. */
const MOST_WAITING = 20_000;
/** Characters of their JSON, and of a policy's text. One that passes it still waits: such a text alone may be as long. */
const MOST_CHARACTERS = 32 * 1024 * 1024;
/** Written in one transaction. */
const MOST_IN_BATCH = 2_000;
/** Questions that wait for an answer. */
const MOST_ASKED = 16;
const ANSWER_LIMIT_MS = 10_000;
/** What an index over millions of calls needs; more ends the thread and not the service. MB. */
const LARGEST_HEAP = 512;

/**
 * What happened to calls, kept over restarts in one file by a thread of its own. It never throws and never waits: a
 * disk that is full or slow costs entries, which are counted, and no call.
 */
export class LastingJournal {
  private waiting: JournalEntry[] = [];
  private characters = 0;
  private lostBefore: { count: number; since: number; why: string } | undefined;
  private readonly thread: LastingThread<JournalThreadData, ToJournal, FromJournal>;
  private writing: readonly JournalEntry[] | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly idle: NodeJS.Timeout;
  private readonly asked = new Map<
    number,
    { answer(value: unknown): void; fail(error: Error): void }
  >();
  private nextId = 0;
  private stopped = false;
  /** Why it is kept in memory. */
  private inMemory: string | undefined;
  /** Why nothing is written now. */
  private trouble: string | undefined;
  private opened = false;

  constructor(private readonly parts: LastingJournalParts) {
    const { file, retention, fleet, entry = join(__dirname, 'journal-worker.js') } = parts;
    this.thread = new LastingThread({
      name: 'journal',
      entry,
      data: {
        ...{ file: file ?? ':memory:', retention },
        ...(fleet && { fleet: { name: fleet.name, maskNumbers: fleet.maskNumbers } }),
      },
      heapMb: LARGEST_HEAP,
      heard: (message) => this.heard(message),
      died: (why) => this.died(why),
    });
    this.idle = setInterval(() => {
      if (this.opened && !this.writing && this.waiting.length === 0)
        this.thread.send({ kind: 'idle', at: this.parts.now() });
    }, IDLE_EVERY_MS).unref();
  }

  /** For the readiness report. */
  warnings(): readonly Named[] {
    const found = [
      ['CB6001', this.inMemory],
      ['CB6002', this.trouble],
    ] as const;
    return found.flatMap(([finding, why]) =>
      why === undefined ? [] : [named(finding, `journal: ${why}`)],
    );
  }

  readonly record = (event: CallEvent): void => {
    const entry = entryOf(event, this.parts.shown);
    if (entry) this.add(entry);
  };

  /** The policy that is in force from now on. */
  policyInForce(policy: Pick<PolicyChanged, 'hash' | 'file' | 'text'>): void {
    this.add({ kind: 'policy', at: this.parts.now(), ...policy });
  }

  /** @throws JournalBusy; Error with SQLite's words */
  ask<Name extends keyof JournalQuestions>(
    name: Name,
    asked: JournalQuestions[Name]['asked'],
  ): Promise<JournalQuestions[Name]['answer']> {
    if (!this.thread.isThere || this.asked.size >= MOST_ASKED)
      return Promise.reject(new JournalBusy('the journal has too much to do: ask again later'));
    const id = this.nextId++;
    // All that happened before is part of the answer.
    this.flush();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.asked.delete(id);
        reject(new JournalBusy(`no answer from the journal within ${ANSWER_LIMIT_MS / 1_000} s`));
      }, ANSWER_LIMIT_MS);
      const settled = (): void => {
        clearTimeout(timer);
        this.asked.delete(id);
      };
      this.asked.set(id, {
        answer: (value) => {
          settled();
          resolve(value as JournalQuestions[Name]['answer']);
        },
        fail: (error) => {
          settled();
          reject(error);
        },
      });
      this.thread.send({ kind: 'ask', id, question: { name, asked } as Question });
    });
  }

  /**
   * A way for another thread to ask, which costs this one nothing: what is asked and answered never comes here.
   * @throws JournalBusy
   */
  connect(): MessagePort {
    if (!this.thread.isThere) throw new JournalBusy('the journal begins again: ask again later');
    // All that happened before is part of the answers.
    this.flush();
    const { port1, port2 } = new MessageChannel();
    this.thread.send({ kind: 'connect', port: port1 }, [port1]);
    return port2;
  }

  /** Writes what is there, for a bounded time. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    clearInterval(this.idle);
    // Behind what is being written, in order.
    while (this.waiting.length > 0 && this.thread.isThere) this.sendBatch();
    await this.thread.stop({ kind: 'close' });
  }

  private add(entry: JournalEntry): void {
    if (this.stopped) return;
    const size = sizeOf(entry);
    if (this.waiting.length >= MOST_WAITING || this.characters > MOST_CHARACTERS)
      return this.lose(1, 'they came faster than they could be written');
    this.waiting.push(entry);
    this.characters += size;
    this.flushSoon();
  }

  /** Nobody stays for it: `stop` writes what is left. */
  private flushSoon(): void {
    this.timer ??= setTimeout(() => this.flush(), BATCH_MS).unref();
  }

  /** One batch is on its way at a time. */
  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.writing || !this.opened || this.waiting.length === 0) return;
    this.sendBatch();
  }

  private sendBatch(): void {
    const lost = this.lostBefore;
    const gap: JournalEntry[] = lost ? [{ kind: 'lost', at: this.parts.now(), ...lost }] : [];
    this.lostBefore = undefined;
    const batch = this.waiting.slice(0, MOST_IN_BATCH);
    this.waiting = this.waiting.slice(batch.length);
    for (const entry of batch) this.characters -= sizeOf(entry);
    this.writing = [...gap, ...batch];
    const until = this.waiting.length === 0 ? { until: this.parts.now() } : {};
    this.thread.send({ kind: 'write', entries: this.writing, ...until });
  }

  private heard(message: FromJournal): void {
    switch (message.kind) {
      case 'open': {
        this.opened = true;
        const { file, why, setAside, gap } = message;
        if (setAside !== undefined)
          this.parts.told('journal was damaged, a new one is begun', {
            finding: 'CB6003',
            file,
            setAside,
          });
        if (gap)
          this.parts.told('journal was not closed: calls may be missing', {
            finding: 'CB6004',
            file,
            since: new Date(gap.since).toISOString(),
            until: new Date(gap.until).toISOString(),
          });
        this.inMemory = why === undefined ? undefined : `kept in memory only: ${why}`;
        if (this.inMemory !== undefined)
          this.parts.told('journal', { finding: 'CB6001', why: this.inMemory });
        this.flush();
        return;
      }
      case 'written':
        this.writing = undefined;
        if (this.trouble !== undefined) this.recover();
        if (this.waiting.length > 0) this.flush();
        return;
      case 'publish':
        this.parts.fleet?.publish(message.items);
        return;
      case 'not-written':
        this.lose(this.writing?.length ?? 0, message.why);
        this.writing = undefined;
        this.flushSoon();
        return;
      case 'not-cleaned':
        this.parts.told('journal: what is too old could not be deleted', {
          finding: 'CB6005',
          why: message.why,
        });
        return;
      case 'not-counted':
        this.parts.told('journal: figures could not be counted', {
          finding: 'CB6005',
          why: message.why,
        });
        return;
      case 'answer':
        this.asked.get(message.id)?.answer(message.answer);
        return;
      case 'no-answer':
        this.asked.get(message.id)?.fail(new Error(message.why));
        return;
      case 'closed':
        this.thread.hasClosed();
    }
  }

  private died(why: string): void {
    this.opened = false;
    this.lose(this.writing?.length ?? 0, why);
    this.writing = undefined;
    this.fail(`begins again: ${why}`);
    for (const question of this.asked.values())
      question.fail(new JournalBusy(`the journal begins again: ${why}`));
  }

  private lose(count: number, why: string): void {
    this.fail(`entries are lost: ${why}`);
    if (count === 0) return;
    const { count: before = 0, since = this.parts.now() } = this.lostBefore ?? {};
    this.lostBefore = { count: before + count, since, why };
    this.parts.lost(count);
  }

  private fail(trouble: string): void {
    if (this.trouble === trouble) return;
    this.trouble = trouble;
    this.parts.told('journal', { finding: 'CB6002', why: trouble });
  }

  private recover(): void {
    this.trouble = undefined;
    this.parts.told('journal is written again', {});
  }
}

/** About the characters of its JSON. */
function sizeOf(entry: JournalEntry): number {
  const detail = 'detail' in entry ? entry.detail : undefined;
  const failure = 'failure' in entry ? entry.failure?.detail : undefined;
  const text = 'text' in entry ? entry.text : undefined;
  return 500 + (detail ?? failure ?? text ?? '').length;
}
