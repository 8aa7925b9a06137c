import { huntName } from '../model/hunt-name';
import type { AttemptFailed, CallEvent, Decided, HuntBegun } from '../events/call-event';
import { classOfStatus } from '../model/classes';
import type { PastAttempt } from '../policy/hunt';
import type { AttemptRecord, DecisionRecord, HuntRecord } from './hunt-record';
import { pack } from './keeping';
import { numberOfHunt, readHunt, type KeptHunt, type Piece } from './kept-hunt';
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
/** What a piece of a hunt takes beside its JSON. Bytes. */
const PIECE_OVERHEAD = 128;

type OfHunt = Pick<HuntBegun, 'pbx' | 'hunt'>;

interface Kept extends KeptHunt {
  bytes: number;
}

/**
 * The latest hunts, newest first, made of call events; a full journal forgets the oldest. What others can make
 * long has a bound. Numbers are whole: who shows them masks them.
 */
export class Journal {
  /** By `huntName`. */
  private readonly hunts = new Map<string, Kept>();
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
        this.keep(event, { attempt: recoveredRecord(event.attempt) });
        return;
      case 'attempt-failed':
        this.keep(event, { attempt: attemptRecord(event) });
        return;
      case 'evidence-completed': {
        const { sip, class: name } = event.reported;
        const reported = { class: name, ...(sip !== undefined && { sip }) };
        this.keep(event, { completed: attemptRecord(event), reported });
        return;
      }
      case 'attempt-answered': {
        const { trunk, earlier } = event;
        this.keep(event, { answered: { trunk, ...(earlier.length > 0 && { earlier }) } });
        return;
      }
      case 'late-answered': {
        const { pbx, hunt, trunk } = event;
        if (hunt !== undefined) this.keep({ pbx, hunt }, { lateAnswer: trunk });
        return;
      }
      case 'decided': {
        const isKept = this.keep(event, { decision: decisionRecord(event) });
        const { inputs } = event;
        if (isKept && inputs) this.keep(event, { inputs }, 'inputs');
        return;
      }
      case 'answer-not-taken':
        this.keep(event, { notTaken: event.why, decidedAt: event.decidedAt });
        return;
      case 'fell-back': {
        const kept = this.hunts.get(huntName(event.pbx, event.hunt));
        if (!kept) return;
        kept.fellBackAt = event.at;
        if (event.answered) this.keep(event, { notCarriedOut: `not carried out: ${event.from}` });
        return;
      }
      case 'hunt-ended': {
        const kept = this.hunts.get(huntName(event.pbx, event.hunt));
        if (kept) kept.endedAt ??= event.at;
        return;
      }
      default:
    }
  };

  /** The latest of this id, if PBXes have given it to several. */
  find(id: string): HuntRecord | undefined {
    const all = [...this.pbxes].flatMap((pbx) => {
      const kept = this.hunts.get(huntName(pbx, id));
      return (kept && readHunt(kept)) ?? [];
    });
    return all.reduce<HuntRecord | undefined>(
      (latest, one) => (latest && latest.startedAt > one.startedAt ? latest : one),
      undefined,
    );
  }

  /**
   * Those that there are now, each as it is when its turn comes.
   * @param isWanted by its number; `undefined` comes in the place of others, as looking takes time as well
   */
  *newestFirst(isWanted?: (number: string) => boolean): Generator<HuntRecord | undefined> {
    for (const kept of [...this.hunts.values()].reverse())
      yield !isWanted || isWanted(numberOfHunt(kept) ?? '') ? readHunt(kept) : undefined;
  }

  private open({ hunt, pbx, leg, number, startedAt, policyHash }: HuntBegun): void {
    const name = huntName(pbx, hunt);
    if (this.hunts.has(name)) return;
    this.pbxes.add(pbx);
    this.hunts.set(name, { pieces: [], bytes: 0 });
    this.occupy(name, HUNT_OVERHEAD);
    const begun = { id: hunt, pbx, leg, number, startedAt, policyHash };
    this.keep({ pbx, hunt }, { begun });
  }

  /**
   * @param what it is where there is no room for it
   * @returns whether there is such a hunt, and room in it
   */
  private keep({ pbx, hunt }: OfHunt, told: Piece, what: LeftOut = 'entry'): boolean {
    const name = huntName(pbx, hunt);
    const kept = this.hunts.get(name);
    if (!kept) return false;
    const { json, cut } = pack(told);
    const piece = Buffer.from(json);
    const hasRoom = this.occupy(name, PIECE_OVERHEAD + piece.length);
    if (hasRoom) kept.pieces.push(piece);
    this.count(kept, hasRoom ? cut : 1, hasRoom ? 'cut' : what);
    return hasRoom;
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

  private count(kept: KeptHunt, times: number, what: LeftOut): void {
    if (times === 0) return;
    kept.leftOut = { ...kept.leftOut, [what]: (kept.leftOut?.[what] ?? 0) + times };
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
