/** The thread that has the journal's file. Entry point of `LastingJournal`. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { Database } from 'node-sqlite3-wasm';
import { isDamage, NewerJournal, openJournal } from '../database';
import { markClosed, markOpen, type Gap } from '../closing';
import type { JournalEntry } from '../entry';
import { FleetMember } from '../fleet/member';
import type { Numbered } from '../fleet/outbox';
import { callOf, policyOf } from '../read/call';
import { callsOf } from '../read/calls';
import { changesOf } from '../read/changes';
import { habitsOf } from '../read/habits';
import { membersOf } from '../read/members';
import { observedCall, observedOf } from '../read/observed';
import { policiesOf } from '../read/policies';
import { reportOf } from '../read/report';
import { rulesOf } from '../read/rules';
import { seriesOf } from '../read/series';
import { settle } from '../figures/settle';
import { decisionsOf, trunkOutcomes } from '../read/decisions';
import { figuresOf } from '../read/figures';
import { retain, retentionInMemory, type Retention } from '../retention';
import { JournalWriter } from '../writer';
import { comeSecond } from './come-second';
import { own, touch } from './owner';
import type {
  Answering,
  Asking,
  FleetName,
  FromJournal,
  JournalThreadData,
  Question,
  ToJournal,
} from './protocol';

const RETAIN_EVERY_MS = 60_000;
const SETTLE_EVERY_MS = 15_000;
/** Minutes, a tenth of a second each at a hundred calls a second: no write waits for longer. */
const SETTLED_AT_ONCE = 2;
/** Between two steps of a clean-up: entries are written and questions answered meanwhile. */
const STEP_PAUSE_MS = 50;
const MEMORY = ':memory:';

class JournalThread {
  private database: Database;
  private writer: JournalWriter;
  private file = MEMORY;
  private member: FleetMember | undefined;

  constructor(
    private readonly retention: Retention,
    private readonly fleet: FleetName | undefined,
    private readonly say: (message: FromJournal) => void,
  ) {
    ({ database: this.database, writer: this.writer } = begin(MEMORY));
  }

  /** Without the file, the journal is kept in memory: the same questions can be asked until the end. */
  async open(file: string): Promise<void> {
    if (file === MEMORY) return this.say({ kind: 'open', file });
    try {
      const owned = await own(file);
      if (owned) return this.use(file, owned.aliveAt);
      this.say({
        kind: 'open',
        file: MEMORY,
        why: `${file} belongs to another crankback that runs`,
      });
    } catch (error) {
      const why =
        error instanceof NewerJournal
          ? error.message
          : `${file} cannot be used (${reasonOf(error)}). Expected a file in a folder that this user may write to, or CRANKBACK_JOURNAL_FILE=off`;
      this.say({ kind: 'open', file: MEMORY, why });
    }
  }

  write(entries: readonly JournalEntry[], until?: number): void {
    let numbered: Numbered | undefined;
    try {
      numbered = this.writeNumbered(entries, until);
    } catch (error) {
      if (!isDamage(error) || this.file === MEMORY) throw error;
      // Damaged while it was open; what was written before is in the file that is put aside.
      this.close();
      this.use(this.file);
      numbered = this.writeNumbered(entries, until);
    }
    this.say({ kind: 'written' });
    const member = this.joined();
    if (member && numbered) this.say({ kind: 'publish', items: member.pack(numbered) });
  }

  /** Numbers first: what cannot be written is missing in the others' order as well. */
  private writeNumbered(entries: readonly JournalEntry[], until?: number): Numbered | undefined {
    const numbered = this.joined()?.number(entries);
    this.writer.write(entries, until);
    return numbered;
  }

  answer(question: Question): unknown {
    switch (question.name) {
      case 'calls':
        return callsOf(this.database, question.asked);
      case 'call':
        return callOf(this.database, question.asked);
      case 'decisions':
        return decisionsOf(this.database, question.asked);
      case 'outcomes':
        return trunkOutcomes(this.database, question.asked);
      case 'report':
        return reportOf(this.database, question.asked);
      case 'figures':
        return figuresOf(this.database, question.asked);
      case 'series':
        return seriesOf(this.database, question.asked);
      case 'changes':
        return changesOf(this.database, question.asked);
      case 'rules':
        return rulesOf(this.database, question.asked);
      case 'members':
        return membersOf(this.database);
      case 'habits':
        return habitsOf(this.database, question.asked);
      case 'observed':
        return observedOf(this.database, question.asked);
      case 'observed-call':
        return observedCall(this.database, question.asked);
      case 'fleet':
        return this.joined()?.take(question.asked, Date.now());
      case 'policies':
        return policiesOf(this.database);
      case 'policy':
        return policyOf(this.database, question.asked);
    }
  }

  /** Counts a few minutes. @returns whether there are more */
  settle(): boolean {
    return settle(this.database, SETTLED_AT_ONCE);
  }

  /** @returns whether there is more to delete */
  retain(): boolean {
    const { retention, file } = this;
    const kept = file === MEMORY ? retentionInMemory(retention) : retention;
    return retain(this.database, kept, Date.now());
  }

  /** Nothing waits to be written. */
  idle(at: number): void {
    if (this.file !== MEMORY) touch(this.file, at);
  }

  /** Nothing more will be written. */
  end(): void {
    try {
      markClosed(this.database);
    } catch {
      // A full disk: the next start tells of a gap.
    }
    this.close();
  }

  private close(): void {
    this.writer.close();
    this.database.close();
  }

  /** A journal that is begun anew, after damage too, has an id of its own for the others. */
  private joined(): FleetMember | undefined {
    this.member ??= this.fleet && new FleetMember(this.database, this.fleet);
    return this.member;
  }

  private use(file: string, aliveAt?: number): void {
    const begun = begin(file);
    this.database = begun.database;
    this.writer = begun.writer;
    this.file = file;
    this.member = undefined;
    const aside = begun.setAside === undefined ? {} : { setAside: begun.setAside };
    this.say({ kind: 'open', file, ...aside, ...gapOf(begun.database, aliveAt) });
  }
}

/** A disk that is full at the start may have room later. */
function gapOf(database: Database, aliveAt: number | undefined): { readonly gap?: Gap } {
  try {
    const gap = markOpen(database, Date.now(), aliveAt);
    return gap ? { gap } : {};
  } catch {
    return {};
  }
}

function begin(file: string) {
  const { database, ...aside } = openJournal(file, Date.now());
  return { database, writer: new JournalWriter(database), ...aside };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function answered(thread: JournalThread, { id, question }: Asking): Answering {
  try {
    return { kind: 'answer', id, answer: thread.answer(question) };
  } catch (error) {
    return { kind: 'no-answer', id, why: reasonOf(error) };
  }
}

async function serve(
  port: MessagePort,
  { file, retention, fleet }: JournalThreadData,
): Promise<void> {
  comeSecond();
  const say = (message: FromJournal): void => port.postMessage(message);
  const thread = new JournalThread(retention, fleet, say);
  await thread.open(file);
  const cleanUp = (): void => {
    let more = false;
    try {
      more = thread.retain();
    } catch (error) {
      say({ kind: 'not-cleaned', why: reasonOf(error) });
    }
    setTimeout(cleanUp, more ? STEP_PAUSE_MS : RETAIN_EVERY_MS);
  };
  setTimeout(cleanUp, RETAIN_EVERY_MS);
  const count = (): void => {
    let more = false;
    try {
      more = thread.settle();
    } catch (error) {
      say({ kind: 'not-counted', why: reasonOf(error) });
    }
    setTimeout(count, more ? STEP_PAUSE_MS : SETTLE_EVERY_MS);
  };
  setTimeout(count, SETTLE_EVERY_MS);
  port.on('message', (message: ToJournal) => {
    switch (message.kind) {
      case 'write':
        try {
          thread.write(message.entries, message.until);
        } catch (error) {
          say({ kind: 'not-written', why: reasonOf(error) });
        }
        return;
      case 'idle':
        thread.idle(message.at);
        return;
      case 'ask':
        say(answered(thread, message));
        return;
      case 'connect':
        message.port.on('message', (asked: Asking) =>
          message.port.postMessage(answered(thread, asked)),
        );
        return;
      case 'close':
        thread.end();
        say({ kind: 'closed' });
        process.exit();
    }
  });
}

// `workerData` is what `LastingJournal` gave.
if (parentPort) void serve(parentPort, workerData as JournalThreadData);
