import { huntName } from '../model/hunt-name';
import type {
  AttemptFailed,
  CallEvent,
  Decided,
  EvidenceCompleted,
  HuntBegun,
} from '../events/call-event';
import { classOfStatus } from '../model/classes';
import type { DecisionInputs } from '../policy/decision/inputs';
import type { PastAttempt } from '../policy/hunt';
import type { AttemptRecord, DecisionRecord, HuntRecord } from './hunt-record';
import { bytesOf, pack } from './keeping';
import { listField, otherLegsFields, reasonFields } from './log-fields';
import { unclassifiedField } from './unclassified-in';

export interface JournalLimits {
  /** Hunts that are kept at most. */
  readonly hunts: number;
  /** What they may occupy together, as estimated. Bytes. */
  readonly bytes?: number;
  /** The same for one hunt: what comes later of it is left out. Bytes. */
  readonly bytesOfHunt?: number;
}

/** What was not kept whole: a text or list that is too long, the inputs of a decision, an attempt or a decision. */
export type LeftOut = 'cut' | 'inputs' | 'entry';

const MOST_BYTES = 64 * 1024 * 1024;
const MOST_BYTES_OF_HUNT = 256 * 1024;
/** What a hunt takes beside its texts. Bytes. */
const HUNT_OVERHEAD = 600;
/** JSON that was read again takes this much more memory. */
const READ_FACTOR = 2;

interface KeptHunt {
  readonly record: HuntRecord;
  bytes: number;
}

/**
 * The latest hunts, newest first, made of call events; a full journal forgets the oldest. What others can make
 * long has a bound. Numbers are whole: who shows them masks them.
 */
export class Journal {
  /** By `huntName`. */
  private readonly hunts = new Map<string, KeptHunt>();
  /** One for all the time, see `BoundedMap`: a new one would look through the gaps of all that was forgotten. */
  private readonly oldestFirst = this.hunts.entries();
  private readonly pbxes = new Set<string>();
  private readonly limits: Required<JournalLimits>;
  private occupied = 0;

  /** @param leftOut told of all that is not kept whole */
  constructor(
    limits: JournalLimits,
    private readonly leftOut: (what: LeftOut) => void = () => undefined,
  ) {
    this.limits = { bytes: MOST_BYTES, bytesOfHunt: MOST_BYTES_OF_HUNT, ...limits };
  }

  /** Hunts that are kept. */
  get size(): number {
    return this.hunts.size;
  }

  /** What they occupy, as estimated. Bytes. */
  get bytes(): number {
    return this.occupied;
  }

  readonly record = (event: CallEvent): void => {
    switch (event.kind) {
      case 'hunt-begun':
        this.open(event);
        return;
      case 'attempt-recovered':
        this.addAttempt(huntName(event.pbx, event.hunt), recoveredRecord(event.attempt));
        return;
      case 'attempt-failed':
        this.addAttempt(huntName(event.pbx, event.hunt), attemptRecord(event));
        return;
      case 'evidence-completed':
        this.completeAttempt(event);
        return;
      case 'attempt-answered': {
        const { trunk, earlier } = event;
        const answered = { trunk, ...(earlier.length > 0 && { earlier }) };
        const kept = this.keep(huntName(event.pbx, event.hunt), answered);
        if (kept) kept.record.answered = kept.entry;
        return;
      }
      case 'late-answered': {
        const record =
          event.hunt === undefined ? undefined : this.named(huntName(event.pbx, event.hunt));
        const attempt = record?.attempts.findLast((one) => one.trunk === event.trunk);
        if (attempt) attempt.lateAnswer = true;
        return;
      }
      case 'decided':
        this.addDecision(event);
        return;
      case 'answer-not-taken': {
        const { decisions } = this.named(huntName(event.pbx, event.hunt)) ?? { decisions: [] };
        const decision = decisions.findLast(({ at }) => at === event.decidedAt);
        const kept = decision && this.keep(huntName(event.pbx, event.hunt), event.why);
        if (kept) decision.failed = kept.entry;
        return;
      }
      case 'fell-back': {
        const record = this.named(huntName(event.pbx, event.hunt));
        if (!record) return;
        record.fellBackAt = event.at;
        const decision = event.answered ? record.decisions.at(-1) : undefined;
        if (!decision || decision.failed !== undefined) return;
        const kept = this.keep(huntName(event.pbx, event.hunt), `not carried out: ${event.from}`);
        if (kept) decision.failed = kept.entry;
        return;
      }
      case 'hunt-ended': {
        const record = this.named(huntName(event.pbx, event.hunt));
        if (record) record.endedAt ??= event.at;
        return;
      }
      default:
    }
  };

  /** The latest of this id, if PBXes have given it to several. */
  find(id: string): HuntRecord | undefined {
    const all = [...this.pbxes].flatMap((pbx) => this.named(huntName(pbx, id)) ?? []);
    return all.reduce<HuntRecord | undefined>(
      (latest, one) => (latest && latest.startedAt > one.startedAt ? latest : one),
      undefined,
    );
  }

  private named(name: string): HuntRecord | undefined {
    return this.hunts.get(name)?.record;
  }

  /** Those that there are now. */
  newestFirst(): readonly HuntRecord[] {
    return [...this.hunts.values()].reverse().map(({ record }) => record);
  }

  private open({ hunt, pbx, leg, number, startedAt, policyHash }: HuntBegun): void {
    const name = huntName(pbx, hunt);
    if (this.hunts.has(name)) return;
    this.pbxes.add(pbx);
    const { json, cut } = pack({ id: hunt, pbx, leg, number, startedAt, policyHash });
    const start = JSON.parse(json) as Omit<HuntRecord, 'attempts' | 'decisions'>;
    const record = { ...start, attempts: [], decisions: [] };
    this.hunts.set(name, { record, bytes: 0 });
    this.occupy(name, HUNT_OVERHEAD + bytesOf(json));
    this.count(record, cut, 'cut');
  }

  private addAttempt(hunt: string, attempt: AttemptRecord): void {
    const kept = this.keep(hunt, attempt);
    kept?.record.attempts.push(kept.entry);
  }

  /** Mirrored SIP that came after the decision tells more of the same attempt. */
  private completeAttempt({ pbx, hunt, trunk, reported, failure }: EvidenceCompleted): void {
    const name = huntName(pbx, hunt);
    const attempts = this.named(name)?.attempts;
    const index = attempts?.findLastIndex(
      (one) => one.trunk === trunk && one.sip === reported.sip && one.class === reported.class,
    );
    const before = index === undefined ? undefined : attempts?.[index];
    if (!attempts || index === undefined || !before) return;
    const kept = this.keep(name, { ...before, ...attemptRecord({ trunk, failure }) });
    if (kept) attempts[index] = kept.entry;
  }

  private addDecision(event: Decided): void {
    const kept = this.keep(huntName(event.pbx, event.hunt), decisionRecord(event));
    if (!kept) return;
    const { record, entry } = kept;
    record.decisions.push(entry);
    if (event.inputs) this.addInputs(huntName(event.pbx, event.hunt), record, entry, event.inputs);
  }

  /** As JSON until somebody asks for an explanation: they are the largest part of a hunt. */
  private addInputs(
    hunt: string,
    record: HuntRecord,
    decision: DecisionRecord,
    inputs: DecisionInputs,
  ): void {
    const { json, cut } = pack(inputs);
    if (!this.occupy(hunt, bytesOf(json))) {
      this.count(record, 1, 'inputs');
      return;
    }
    this.count(record, cut, 'cut');
    Object.defineProperty(decision, 'inputs', { get: () => JSON.parse(json) as DecisionInputs });
  }

  /** A copy of an entry that may be added to a hunt; undefined where there is no such hunt, or no room in it. */
  private keep<T>(
    hunt: string,
    value: T,
  ): { readonly record: HuntRecord; readonly entry: T } | undefined {
    const record = this.named(hunt);
    if (!record) return undefined;
    const { json, cut } = pack(value);
    if (!this.occupy(hunt, READ_FACTOR * bytesOf(json))) {
      this.count(record, 1, 'entry');
      return undefined;
    }
    this.count(record, cut, 'cut');
    return { record, entry: JSON.parse(json) as T };
  }

  /** @returns whether the hunt may have so many bytes more; the oldest hunts make room for it */
  private occupy(hunt: string, bytes: number): boolean {
    const kept = this.hunts.get(hunt);
    if (!kept || kept.bytes + bytes > this.limits.bytesOfHunt) return false;
    kept.bytes += bytes;
    this.occupied += bytes;
    while (this.hunts.size > this.limits.hunts || this.occupied > this.limits.bytes) {
      const oldest = this.oldestFirst.next();
      if (oldest.done === true) break;
      const [id, { bytes: freed }] = oldest.value;
      this.hunts.delete(id);
      this.occupied -= freed;
    }
    return true;
  }

  private count(record: HuntRecord, times: number, what: LeftOut): void {
    if (times === 0) return;
    record.leftOut = { ...record.leftOut, [what]: (record.leftOut?.[what] ?? 0) + times };
    for (let time = 0; time < times; time++) this.leftOut(what);
  }
}

function decisionRecord(event: Decided): DecisionRecord {
  const { decision, at, failure, planned, degraded, passedOver } = event;
  return {
    ...decision,
    ...(passedOver.length > 0 && { passedOver }),
    at,
    ...(failure && { class: failure.class }),
    ...(planned && { planned }),
    ...(degraded && { degraded: 'relay-degraded' }),
  };
}

function attemptRecord({
  trunk,
  failure,
}: Pick<AttemptFailed, 'trunk' | 'failure'>): AttemptRecord {
  return {
    trunk,
    class: failure.class,
    rang: failure.rang,
    ...(failure.sip !== undefined && { sip: failure.sip }),
    ...(failure.phrase !== undefined && { phrase: failure.phrase }),
    ...(failure.q850 !== undefined && { q850: failure.q850 }),
    ...(failure.location !== undefined && { location: failure.location }),
    ...listField(failure),
    ...reasonFields(failure),
    ...otherLegsFields(failure),
    ...unclassifiedField(failure),
    ...failure.redress,
  };
}

/** Where the call's own state has no class, it follows from status and ringing. */
function recoveredRecord({ trunk, sip, rang, class: name }: PastAttempt): AttemptRecord {
  if (sip === undefined)
    return { trunk, class: name ?? (rang ? 'no-answer' : 'unknown'), rang, recovered: true };
  const failureClass = name ?? classOfStatus(sip, { rang, ours: false });
  return { trunk, class: failureClass, rang, recovered: true, sip };
}
