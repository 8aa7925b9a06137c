import type { LegTimes } from '../model/leg-times';
import type { FailedNote, TraceNote } from './note';

/** One attempt of a call, as its notes tell of it. Times are Unix time in milliseconds. */
export interface TracedAttempt {
  readonly trunk: string;
  readonly known: boolean;
  /** When it was decided; absent: by another process, or by the user's own dialplan. */
  readonly decidedAt?: number;
  readonly recovered: boolean;
  failure?: Pick<FailedNote, 'class' | 'fault' | 'rang'> & Partial<FailedNote>;
  failedAt?: number;
  answeredAt?: number;
  /** The callee of a call that had failed before. */
  retry?: boolean;
  lateAt?: number;
  /** By the PBX's id of the leg: an attempt may ring several phones. */
  readonly legs: Map<string, LegTimes>;
}

/** An INVITE is on its way a moment before or after its decision is told. Milliseconds. */
const SLACK_MS = 1_000;

/** The attempts of a call in their order. */
export function attemptsIn(notes: readonly TraceNote[]): readonly TracedAttempt[] {
  const attempts: TracedAttempt[] = [];
  const add = (
    of: Pick<TracedAttempt, 'trunk' | 'known'>,
    more: Partial<TracedAttempt> = {},
  ): TracedAttempt => {
    const attempt = {
      trunk: of.trunk,
      known: of.known,
      recovered: false,
      legs: new Map(),
      ...more,
    };
    attempts.push(attempt);
    return attempt;
  };
  const open = (trunk: string) =>
    attempts.findLast((one) => one.trunk === trunk && !one.failure && !one.recovered);
  for (const note of notes) {
    switch (note.kind) {
      case 'recovered':
        add(note, { recovered: true });
        break;
      case 'decided':
        if (note.trunk !== undefined) add({ ...note, trunk: note.trunk }, { decidedAt: note.at });
        break;
      case 'failed': {
        const before = note.completes
          ? attempts.findLast((one) => one.trunk === note.trunk && one.failure)
          : undefined;
        const attempt = before ?? open(note.trunk) ?? add(note);
        attempt.failure = note;
        attempt.failedAt ??= note.at;
        break;
      }
      case 'answered': {
        const attempt = open(note.trunk) ?? add(note);
        attempt.answeredAt = note.at;
        attempt.retry = note.retry;
        break;
      }
      case 'late': {
        const attempt = attempts.findLast((one) => one.trunk === note.trunk);
        if (attempt) attempt.lateAt = note.at;
        break;
      }
      default:
    }
  }
  // Last: times may come before what they belong to.
  for (const note of notes) if (note.kind === 'timed') attach(attempts, note.trunk, note.times);
  return attempts;
}

function attach(attempts: readonly TracedAttempt[], trunk: string, times: LegTimes): void {
  const own = attempts.filter((one) => one.trunk === trunk && !one.recovered);
  const begun = own.filter(({ decidedAt = 0 }) => decidedAt <= times.invitedAt + SLACK_MS);
  (begun.at(-1) ?? own[0])?.legs.set(times.id, times);
}
