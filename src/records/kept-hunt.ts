import type { Failure } from '../model/failure';
import type { DecisionInputs } from '../policy/decision/inputs';
import type { AttemptRecord, DecisionRecord, HuntRecord } from './hunt-record';

/** What is kept of a hunt beside its pieces. */
export interface KeptHunt {
  /**
   * JSON of a `Piece` each, in the order in which they came: read when somebody asks, which few ever do of a hunt. Outside of V8's heap,
   * as what is kept of so many calls would be copied and looked through by each collection.
   */
  readonly pieces: Buffer[];
  fellBackAt?: number;
  endedAt?: number;
  leftOut?: HuntRecord['leftOut'];
}

export type HuntStart = Pick<
  HuntRecord,
  'id' | 'pbx' | 'leg' | 'number' | 'startedAt' | 'policyHash'
>;

/** One thing that is told of a hunt. */
export type Piece =
  | { readonly begun: HuntStart }
  | { readonly attempt: AttemptRecord }
  /** Mirrored SIP that came after the decision tells more of an attempt that was reported so. */
  | { readonly completed: AttemptRecord; readonly reported: Pick<Failure, 'sip' | 'class'> }
  | { readonly answered: HuntRecord['answered'] }
  | { readonly lateAnswer: string }
  | { readonly decision: DecisionRecord }
  /** Of the decision before it. */
  | { readonly inputs: DecisionInputs }
  | { readonly notTaken: string; readonly decidedAt: number }
  /** The last decision, unless it is known already why not. */
  | { readonly notCarriedOut: string };

const INPUTS = '{"inputs"';

/** The hunt as it was told so far; undefined if nothing of it was kept. */
export function readHunt({
  pieces,
  fellBackAt,
  endedAt,
  leftOut,
}: KeptHunt): HuntRecord | undefined {
  let record: HuntRecord | undefined;
  for (const piece of pieces) {
    const decision = record?.decisions.at(-1);
    // Inputs are the largest part of a hunt, and read for an explanation only.
    if (piece.toString('latin1', 0, INPUTS.length) === INPUTS) {
      if (decision)
        Object.defineProperty(decision, 'inputs', {
          get: () => (read(piece) as { readonly inputs: DecisionInputs }).inputs,
        });
      continue;
    }
    const told = read(piece);
    if ('begun' in told) record = { ...told.begun, attempts: [], decisions: [] };
    else if (record) tell(record, told);
  }
  return (
    record && {
      ...record,
      ...(fellBackAt !== undefined && { fellBackAt }),
      ...(endedAt !== undefined && { endedAt }),
      ...(leftOut && { leftOut }),
    }
  );
}

/** The number that the hunt is for, without reading the rest of it. */
export function numberOfHunt({ pieces: [first] }: Pick<KeptHunt, 'pieces'>): string | undefined {
  const told = first && read(first);
  return told && 'begun' in told ? told.begun.number : undefined;
}

function tell(record: HuntRecord, told: Piece): void {
  const { attempts, decisions } = record;
  if ('attempt' in told) attempts.push(told.attempt);
  else if ('completed' in told) {
    const { completed, reported } = told;
    const isOf = ({ trunk, sip, class: name }: AttemptRecord): boolean =>
      trunk === completed.trunk && sip === reported.sip && name === reported.class;
    const index = attempts.findLastIndex(isOf);
    const before = attempts[index];
    if (before) attempts[index] = { ...before, ...completed };
  } else if ('answered' in told) {
    if (told.answered) record.answered = told.answered;
  } else if ('lateAnswer' in told) {
    const attempt = attempts.findLast(({ trunk }) => trunk === told.lateAnswer);
    if (attempt) attempt.lateAnswer = true;
  } else if ('decision' in told) decisions.push(told.decision);
  else if ('notTaken' in told) {
    const decision = decisions.findLast(({ at }) => at === told.decidedAt);
    if (decision) decision.failed = told.notTaken;
  } else if ('notCarriedOut' in told) {
    const decision = decisions.at(-1);
    if (decision) decision.failed ??= told.notCarriedOut;
  }
}

function read(piece: Buffer): Piece {
  return JSON.parse(piece.toString('utf8')) as Piece;
}
