import type { HuntRecord } from '../journal/journal';
import { classOfStatus } from '../model/classes';
import type { Failure } from '../model/failure';
import type { PhraseBook } from '../model/phrases';
import { normalize } from '../normalize/normalize';
import type { PastAttempt } from '../policy/hunt';
import type { FailedAttempt, Handover } from './ports';

/** One failed attempt of a handover, classified. */
export interface Failed extends Omit<FailedAttempt, 'evidence'> {
  readonly failure: Failure;
}

/** The failure alone. */
export const of = ({ failure }: Failed): Failure => failure;

/** Calls back at once, or when what the leg's own SIP says has come. */
export function whenWhole(
  { failure, late }: Failed,
  phrases: PhraseBook | undefined,
  then: (failure: Failure) => void,
): void {
  if (late) void late.then((more) => then(normalize([...failure.evidence, ...more], phrases)));
  else then(failure);
}

/** What a handover says has failed; empty before the first attempt. */
export function failuresOf({ event }: Handover, phrases: PhraseBook | undefined): Failed[] {
  if (event.kind !== 'failed') return [];
  return event.attempts.map(({ evidence, ...attempt }) => ({
    ...attempt,
    failure: normalize(evidence, phrases),
  }));
}

/** The attempts of a hunt with the one that decides as the last: its trunk's rules apply. */
export function inOrderOfWeight(
  attempts: readonly PastAttempt[],
  failed: readonly Failed[],
  best: number,
): readonly PastAttempt[] {
  const first = attempts.length - failed.length;
  const decisive = attempts[first + best];
  if (first < 0 || !decisive) return attempts;
  return [...attempts.filter((attempt) => attempt !== decisive), decisive];
}

/** After a restart the call's own state tells of attempts that this process has not seen. */
export function recoverAttempts(record: HuntRecord, { hunt }: Handover, failed: number): void {
  const reported = hunt.mailboxMissing ? 0 : failed;
  const earlier = hunt.attempts.slice(record.attempts.length, hunt.attempts.length - reported);
  for (const { trunk, sip, rang } of earlier) {
    const failureClass =
      sip === undefined ? 'trunk-timeout' : classOfStatus(sip, { rang, ours: false });
    record.attempts.push({
      trunk,
      class: sip === undefined && rang ? 'no-answer' : failureClass,
      rang,
      recovered: true,
      ...(sip !== undefined && { sip }),
    });
  }
}
