import type { Failure } from '../model/failure';
import { failureOf } from '../policy/failure-of';
import type { PastAttempt } from '../policy/hunt';
import type { Policy } from '../policy/policy';
import type { JudgedAttempt } from './hunts-in-progress';
import type { FailedAttempt, Handover } from './ports';

/** One failed attempt of a handover, classified. */
export interface ClassifiedAttempt extends Omit<FailedAttempt, 'evidence'> {
  readonly failure: Failure;
}

/** The failed attempts of a handover; empty before the first attempt. */
export function classifiedAttempts(
  { event }: Handover,
  policy: Policy,
): readonly ClassifiedAttempt[] {
  if (event.kind !== 'failed') return [];
  return event.attempts.map(({ evidence, ...attempt }) => ({
    ...attempt,
    failure: failureOf(evidence, policy, attempt.trunk),
  }));
}

/** Waits for the leg's mirrored SIP and classifies the attempt again with it; never rejects. */
export async function completed(
  { late, ...attempt }: ClassifiedAttempt,
  policy: Policy,
): Promise<ClassifiedAttempt> {
  if (!late) return attempt;
  const evidence = [...attempt.failure.evidence, ...(await late)];
  return { ...attempt, failure: failureOf(evidence, policy, attempt.trunk) };
}

/**
 * Adds to the hunt what each attempt was: the ones just reported, and earlier ones as this process remembers
 * them. Otherwise the call's own state has it.
 */
export function withClasses(
  handover: Handover,
  failed: readonly ClassifiedAttempt[],
  remembered: readonly (JudgedAttempt | undefined)[] = [],
): Handover {
  const { hunt } = handover;
  const first = hunt.attempts.length - failed.length;
  const attempts = hunt.attempts.map((past, index): PastAttempt => {
    const now = failed[index - first]?.failure.class;
    const earlier = remembered[index];
    const known = now ?? (earlier?.trunk === past.trunk ? earlier.class : undefined);
    return known === undefined ? past : { ...past, class: known };
  });
  return { ...handover, hunt: { ...hunt, attempts } };
}

/** Moves the decisive attempt to the end of the hunt, so that the rules of its trunk apply. */
export function withDecisiveAttemptLast(
  handover: Handover,
  failed: readonly ClassifiedAttempt[],
  decisive: number,
): Handover {
  const { hunt } = handover;
  return { ...handover, hunt: { ...hunt, attempts: inOrder(hunt.attempts, failed, decisive) } };
}

function inOrder(
  attempts: readonly PastAttempt[],
  failed: readonly ClassifiedAttempt[],
  decisive: number,
): readonly PastAttempt[] {
  const first = attempts.length - failed.length;
  const last = attempts[first + decisive];
  if (first < 0 || !last) return attempts;
  return [...attempts.filter((attempt) => attempt !== last), last];
}

/** Adds the Contacts of a 3xx seen in mirrored SIP: with hosts, best first. */
export function withContacts(handover: Handover, failed: readonly ClassifiedAttempt[]): Handover {
  const contacts = failed
    .flatMap(({ failure }) => failure.evidence)
    .find((evidence) => evidence.contacts !== undefined)?.contacts;
  return contacts ? { ...handover, hunt: { ...handover.hunt, contacts } } : handover;
}
