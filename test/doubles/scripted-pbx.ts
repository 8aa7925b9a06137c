import { named, type Named } from '../../src/findings/named';
import type { ConfigurationDialect } from '../../src/codecs/dialect';
import type {
  AnswerDetails,
  FailedAttempt,
  Handover,
  HandoverEvent,
  PbxListener,
  PbxPort,
  PlannedSlot,
} from '../../src/calls/ports';
import { sipCode } from '../../src/model/registries/sip-codes';
import type { Decision, Outcome } from '../../src/policy/decision/decision';
import type { Hunt, PastAttempt } from '../../src/policy/hunt';
import { plannedFor, type Plan } from '../../src/policy/plan/plan';
import type { DialStrings } from '../../src/policy/policy-data';

/** A carrier's response to an attempt. */
export type Said = 'answer' | Refusal;

/** A final status other than 2xx, with its phrase as sent. */
export interface Refusal {
  readonly sip: number;
  readonly phrase: string;
  /** Whether a 180 came first. */
  readonly rang?: boolean;
}

interface Call {
  readonly huntId: string;
  readonly number: string;
  readonly startedAt: number;
  readonly attempts: PastAttempt[];
  /** The handover that waits for its answer. */
  waiting?: Handover;
  /** The plan of the attempt in progress, and the generation that it was made under. */
  plan?: { readonly made: Plan; readonly generation: string };
}

export interface ScriptedPbxOptions {
  /** Trunks of the policy in force. */
  readonly trunks: ReadonlyMap<string, { readonly dial: DialStrings }>;
  /** Responses of each trunk's carrier, attempt by attempt; the last one repeats. */
  readonly script: Readonly<Record<string, readonly Said[]>>;
  /** Unix time in milliseconds, of this PBX. */
  readonly now: () => number;
}

/**
 * A third PBX, as small as possible: it dials as told and reports its carriers' responses. It shows
 * everything that an adapter has to do (docs/adding-a-pbx.md); it translates and decides nothing.
 */
export class ScriptedPbx implements PbxPort {
  readonly dialect: ConfigurationDialect = {
    advise: (trunk, { kind }) => ({ line: `scripted: ${kind} for ${trunk}` }),
    mirror: () => 'scripted: nothing is mirrored',
  };
  readonly reasonsKnown = false;
  /** Every dial string that was dialled, in order. */
  readonly dialled: string[] = [];
  /** Final statuses of the callers: `200`, or the relayed status. */
  readonly callers: number[] = [];
  private readonly calls = new Map<string, Call>();
  private readonly taken = new Map<string, number>();
  private generation = '';
  private listener: PbxListener | undefined;

  constructor(private readonly options: ScriptedPbxOptions) {}

  misconfiguration(): Promise<Named | undefined> {
    const missing = [...this.options.trunks].find(([, { dial }]) => dial['scripted'] === undefined);
    return Promise.resolve(
      missing && named('CB1203', `trunks.${missing[0]}: no dial string for scripted`),
    );
  }

  start(listener: PbxListener): void {
    this.listener = listener;
    listener.connection({ connected: true });
  }

  /** A new call enters the dialplan, which hands it over. */
  call(huntId: string, number: string): void {
    const call = { huntId, number, startedAt: this.options.now(), attempts: [] };
    this.calls.set(huntId, call);
    this.handOver(call, this.handoverOf(call, { kind: 'route' }));
  }

  answer(handover: Handover, { outcome }: Decision, { plan }: AnswerDetails): Promise<void> {
    const call = this.calls.get(handover.huntId);
    // A late answer must not take the call away from its next step.
    if (call?.waiting !== handover)
      return Promise.reject(new Error(`${handover.huntId} does not wait for this answer`));
    delete call.waiting;
    if (plan) call.plan = { made: plan, generation: this.generation };
    // As on a real PBX, the answer is taken first and carried out later.
    queueMicrotask(() => this.carryOut(call, outcome));
    return Promise.resolve();
  }

  /** The call takes its static way, which this PBX does not have: it is over. */
  decline(handover: Handover): Promise<void> {
    const call = this.calls.get(handover.huntId);
    if (call?.waiting !== handover)
      return Promise.reject(new Error(`${handover.huntId} does not wait for this answer`));
    this.calls.delete(handover.huntId);
    this.listener?.observedCallOver({ id: handover.leg, answered: false });
    return Promise.resolve();
  }

  generationRaised(generation: string): Promise<void> {
    this.generation = generation;
    return Promise.resolve();
  }

  tracked(): Readonly<Record<string, number>> {
    return { calls: this.calls.size };
  }

  stop(): Promise<void> {
    this.listener?.connection({ connected: false, why: named('CB8008', 'stopped') });
    return Promise.resolve();
  }

  private carryOut(call: Call, outcome: Outcome): void {
    if (outcome.kind === 'dial') return this.attempt(call, outcome.trunk, outcome.number);
    if (outcome.kind === 'relay') this.callers.push(outcome.sip);
    this.over(call);
  }

  private attempt(call: Call, trunk: string, number: string): void {
    const dial = this.options.trunks.get(trunk)?.dial['scripted'] ?? '';
    this.dialled.push(dial.replace('{number}', number));
    const said = this.nextOf(trunk);
    if (said === 'answer') {
      this.callers.push(200);
      this.listener?.answered(call.huntId, trunk);
      return this.over(call);
    }
    const { sip, phrase, rang = false } = said;
    call.attempts.push({ trunk, sip, rang });
    const failed: FailedAttempt = {
      trunk,
      counted: false,
      evidence: [{ source: 'scripted', sip, phrase, rang, progress: rang, origin: 'far' }],
    };
    const handover = this.handoverOf(call, { kind: 'failed', attempts: [failed] });
    const step = this.plannedStep(call, said);
    if (!step) return this.handOver(call, handover);
    this.listener?.planned(handover, step.slot);
    this.carryOut(call, step.outcome);
  }

  /** The plan's step for this status, if the plan is still in force. A plan serves only one attempt. */
  private plannedStep(
    call: Call,
    { sip, phrase, rang = false }: Refusal,
  ): { readonly outcome: Outcome; readonly slot: PlannedSlot } | undefined {
    const { plan } = call;
    delete call.plan;
    if (plan?.generation !== this.generation) return undefined;
    const { attempts, until } = plan.made;
    if (attempts !== call.attempts.length || this.options.now() > until) return undefined;
    // A carrier's own phrase may mean something else.
    if (phrase !== sipCode(sip)?.phrase) return undefined;
    const decision = plannedFor(plan.made, sip, rang);
    return decision && { outcome: decision.outcome, slot: { sip, afterProgress: rang } };
  }

  private nextOf(trunk: string): Said {
    const script = this.options.script[trunk] ?? [];
    const index = this.taken.get(trunk) ?? 0;
    this.taken.set(trunk, index + 1);
    const said = script[Math.min(index, script.length - 1)];
    if (said === undefined) throw new Error(`the script says nothing of ${trunk}`);
    return said;
  }

  private handOver(call: Call, handover: Handover): void {
    call.waiting = handover;
    this.listener?.handover(handover);
  }

  private over(call: Call): void {
    this.calls.delete(call.huntId);
    this.listener?.callerGone(call.huntId);
  }

  private handoverOf(call: Call, event: HandoverEvent): Handover {
    const { huntId, number, startedAt, attempts } = call;
    const hunt: Hunt = { number, startedAt, attempts: [...attempts], mailboxMissing: false };
    const leg = `scripted/${huntId}`;
    const at = this.options.now();
    return { huntId, leg, at, exactRelay: true, exactDetails: true, event, hunt };
  }
}
