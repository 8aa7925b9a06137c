import type { HuntRecord } from '../records/journal';
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

/** With what the leg's own SIP says, once that has come; never rejects. */
export async function whole(
  { late, ...one }: Failed,
  phrases: PhraseBook | undefined,
): Promise<Failed> {
  if (!late) return one;
  const evidence = [...one.failure.evidence, ...(await late)];
  return { ...one, failure: normalize(evidence, phrases) };
}

/** Calls back at once, or when what the leg's own SIP says has come. */
export function whenWhole(
  one: Failed,
  phrases: PhraseBook | undefined,
  then: (failure: Failure) => void,
): void {
  if (one.late) void whole(one, phrases).then(({ failure }) => then(failure));
  else then(one.failure);
}

/** What a handover says has failed; empty before the first attempt. */
export function failuresOf({ event }: Handover, phrases: PhraseBook | undefined): Failed[] {
  if (event.kind !== 'failed') return [];
  return event.attempts.map(({ evidence, ...attempt }) => ({
    ...attempt,
    failure: normalize(evidence, phrases),
  }));
}

/** The handover with the attempt that decides as the hunt's last: its trunk's rules apply. */
export function weighed(handover: Handover, failed: readonly Failed[], best: number): Handover {
  const { hunt } = handover;
  return { ...handover, hunt: { ...hunt, attempts: inOrder(hunt.attempts, failed, best) } };
}

function inOrder(
  attempts: readonly PastAttempt[],
  failed: readonly Failed[],
  best: number,
): readonly PastAttempt[] {
  const first = attempts.length - failed.length;
  const decisive = attempts[first + best];
  if (first < 0 || !decisive) return attempts;
  return [...attempts.filter((attempt) => attempt !== decisive), decisive];
}

/** The handover of which the legs' own SIP has told where a 3xx points to: with hosts, best first. */
export function withContacts(handover: Handover, failed: readonly Failed[]): Handover {
  const contacts = failed
    .flatMap(({ failure }) => failure.evidence)
    .find((evidence) => evidence.contacts !== undefined)?.contacts;
  return contacts ? { ...handover, hunt: { ...handover.hunt, contacts } } : handover;
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
