import type { CallEvent } from '../../src/events/call-event';
import { openJournal } from '../../src/journal/database';
import { entryOf } from '../../src/journal/entries';
import type { JournalEntry } from '../../src/journal/entry';
import { callOf, policyOf as policyText } from '../../src/journal/read/call';
import { callsOf } from '../../src/journal/read/calls';
import { changesOf } from '../../src/journal/read/changes';
import { figuresOf } from '../../src/journal/read/figures';
import { membersOf } from '../../src/journal/read/members';
import { observedCall, observedOf } from '../../src/journal/read/observed';
import { policiesOf } from '../../src/journal/read/policies';
import { reportOf } from '../../src/journal/read/report';
import { rulesOf } from '../../src/journal/read/rules';
import { seriesOf } from '../../src/journal/read/series';
import type { AskJournal } from '../../src/http/desk/job';
import { decisionsOf, trunkOutcomes } from '../../src/journal/read/decisions';
import { habitsOf } from '../../src/journal/read/habits';
import { JournalWriter } from '../../src/journal/writer';
import type { Evidence, Failure } from '../../src/model/failure';
import type { LegTimes } from '../../src/model/leg-times';
import { createHttpServer } from '../../src/http/server';
import { policyFromText } from '../../src/policy-file/policy-file';
import { decide } from '../../src/policy/decide';
import { failureOf as classified } from '../../src/policy/failure-of';
import type { Hunt } from '../../src/policy/hunt';
import type { WholePolicy } from '../../src/policy/policy';
import { route } from '../../src/policy/routes/route';
import type { TrunkSnapshot } from '../../src/policy/trunk-snapshot';
import { Journal } from '../../src/records/journal';
import { showing } from '../../src/records/shown';
import { NoAnswer } from '../../src/cli/service-client';
import { frozen } from '../../src/policy/trunk-snapshot';
import { Registry } from 'prom-client';
import { START } from './policies';

/** What a trunk does with an attempt, and how long it takes. Milliseconds. */
export interface Reaction {
  readonly ms: number;
  /** Final status; absent: nothing came, or it was answered. */
  readonly sip?: number;
  readonly phrase?: string;
  readonly answers?: true;
  /** Since the INVITE. */
  readonly firstResponseMs?: number;
  readonly rangMs?: number;
  /** Of a recorded attempt; absent: made of the above. */
  readonly evidence?: readonly Evidence[];
}

interface Call {
  readonly number: string;
  readonly from?: string;
  /** SIP Call-ID of leg A. */
  readonly callerCallId?: string;
  readonly reactions: Readonly<Record<string, Reaction>>;
  /** After START. Milliseconds. */
  readonly at?: number;
}

const FREE: TrunkSnapshot = { obstacles: {}, turn: 0 };

/** A journal of calls that this policy decides, and a service that tells of it. */
export class RecordedCalls {
  private readonly database = openJournal(':memory:', START).database;
  private readonly writer: JournalWriter;
  private readonly shown: ReturnType<typeof showing>;
  private calls = 0;
  private policy: WholePolicy;

  constructor(text: string, options: { readonly maskNumbers: boolean } = { maskNumbers: false }) {
    this.shown = showing(options);
    this.writer = new JournalWriter(this.database);
    this.policy = policyIn(text);
    this.load(text);
  }

  /** Another file comes into force. */
  load(text: string): void {
    const before = this.policy.hash;
    this.policy = policyIn(text);
    const { hash } = this.policy;
    const of = { file: FILE, hash, before, text: Buffer.from(text) };
    this.write([{ kind: 'policy-changed', at: START, ...of }]);
  }

  play({ number, from, callerCallId, reactions, at = 1_000 * this.calls }: Call): string {
    const of = { pbx: 'asterisk', hunt: `call-${this.calls++}` };
    let now = START + at;
    const begun = { ...of, number, startedAt: now, policyHash: this.policy.hash, leg: 'leg-a' };
    const ids = callerCallId === undefined ? {} : { callerCallId };
    const events: CallEvent[] = [{ kind: 'hunt-begun', at: now, ...begun, ...ids }];
    let hunt: Hunt = {
      ...{ number, startedAt: now, attempts: [], mailboxMissing: false },
      ...(from !== undefined && { from }),
    };
    let failure: Failure | undefined;
    for (;;) {
      const decision = failure
        ? decide(this.policy, hunt, failure, frozen(FREE), now)
        : route(this.policy, hunt, frozen(FREE), now);
      const inputs = { policyHash: this.policy.hash, hunt, trunks: FREE, now };
      events.push({
        ...{ kind: 'decided', at: now, ...of, on: failure ? 'failed' : 'route', number },
        ...{ decision, passedOver: [], planned: false, degraded: false, repeated: false },
        inputs: failure ? { ...inputs, failure } : inputs,
      });
      const { outcome } = decision;
      if (outcome.kind !== 'dial') break;
      const { trunk } = outcome;
      const reaction = reactions[trunk] ?? { ms: 10_000, answers: true };
      const times = timesOf(reaction, now, `${of.hunt}-${hunt.attempts.length}`);
      now += reaction.ms;
      events.push({ kind: 'attempt-timed', at: now, ...of, trunk, times });
      if (reaction.answers) {
        events.push({ kind: 'attempt-answered', at: now, ...of, trunk, retry: false, earlier: [] });
        break;
      }
      failure = this.failureOf(reaction, trunk);
      const told = { observed: false, complete: true };
      events.push({ kind: 'attempt-failed', at: now, ...of, number, trunk, failure, ...told });
      const { sip, rang, class: name } = failure;
      const past = { trunk, rang, class: name, ...(sip !== undefined && { sip }) };
      hunt = { ...hunt, attempts: [...hunt.attempts, past] };
    }
    events.push({ kind: 'hunt-ended', at: now, ...of });
    this.write(events);
    return of.hunt;
  }

  /** Answers as the journal's thread does. */
  readonly ask: AskJournal = (name, asked) => {
    const questions: Readonly<Record<string, (asked: never) => unknown>> = {
      calls: (filter) => callsOf(this.database, filter),
      call: (wanted) => callOf(this.database, wanted),
      figures: (filter) => figuresOf(this.database, filter),
      series: (filter) => seriesOf(this.database, filter),
      changes: (asked) => changesOf(this.database, asked),
      rules: (asked) => rulesOf(this.database, asked),
      members: () => membersOf(this.database),
      report: (asked) => reportOf(this.database, asked),
      habits: (period) => habitsOf(this.database, period),
      decisions: (filter) => decisionsOf(this.database, filter),
      outcomes: (period) => trunkOutcomes(this.database, period),
      observed: (period) => observedOf(this.database, period),
      'observed-call': (wanted) => observedCall(this.database, wanted),
      policies: () => policiesOf(this.database),
      policy: (hash) => policyText(this.database, hash),
    };
    return Promise.resolve(questions[name]?.(asked as never) as never);
  };

  /** Answers as the service does, over its own routes. */
  service(): (path: string) => Promise<unknown> {
    const server = createHttpServer({
      ...{ registry: new Registry(), journal: new Journal({ hunts: 1 }), maskNumbers: false },
      ...{ readiness: () => [], warnings: () => [] },
      lasting: { ask: this.ask },
    });
    return async (url) => {
      const { statusCode, body } = await server.inject({ method: 'GET', url });
      if (statusCode !== 200) throw new NoAnswer(2, [body], statusCode);
      return JSON.parse(body) as unknown;
    };
  }

  private failureOf({ sip, phrase, rangMs, evidence }: Reaction, trunk: string): Failure {
    if (evidence) return classified(evidence, this.policy, trunk);
    const heard = { rang: rangMs !== undefined, progress: rangMs !== undefined };
    const said =
      sip === undefined ? { origin: 'no-response' as const } : { origin: 'far' as const, sip };
    const text = phrase === undefined ? {} : { phrase };
    return classified([{ source: 'test', ...heard, ...said, ...text }], this.policy, trunk);
  }

  /** What happens beside calls. */
  write(events: readonly CallEvent[]): void {
    const entries = events.map((event) => entryOf(event, this.shown));
    this.writer.write(entries.filter((entry): entry is JournalEntry => entry !== undefined));
  }
}

/** As crankback read it. */
export const FILE = '/etc/crankback/policy.yaml';

function policyIn(text: string): WholePolicy {
  const loaded = policyFromText(text, FILE);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems.map(({ message }) => message)));
  return loaded.policy;
}

function timesOf(
  { ms, answers, firstResponseMs, rangMs }: Reaction,
  at: number,
  id: string,
): LegTimes {
  return {
    ...{ id, invitedAt: at },
    ...(firstResponseMs !== undefined && { firstResponseAt: at + firstResponseMs }),
    ...(rangMs !== undefined && { rangAt: at + rangMs }),
    ...(answers && { answeredAt: at + ms }),
  };
}
