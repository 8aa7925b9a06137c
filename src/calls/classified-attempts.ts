import type { Failure } from '../model/failure';
import { failureOfLegs } from '../normalize/fork';
import { failureOf } from '../policy/failure-of';
import type { PastAttempt } from '../policy/hunt';
import type { Policy } from '../policy/policy';
import type { JudgedAttempt } from './hunts-in-progress';
import type { FailedAttempt, Handover, LegEvidence } from './ports';

/** One failed attempt of a handover, classified. */
export interface ClassifiedAttempt extends Pick<FailedAttempt, 'trunk' | 'counted'> {
  readonly failure: Failure;
  /** Its legs, of which `failure` is the best answer; never empty. */
  readonly legs: readonly LegEvidence[];
  /** Mirrored SIP of a leg is still on its way. */
  readonly late: boolean;
}

/** The failed attempts of a handover; empty before the first attempt. */
export function classifiedAttempts(
  { event }: Handover,
  policy: Policy,
): readonly ClassifiedAttempt[] {
  if (event.kind !== 'failed') return [];
  return event.attempts.map((attempt) =>
    classified(attempt, [attempt, ...(attempt.otherLegs ?? [])], policy),
  );
}

/** The failure of an attempt with these legs. */
export function failureOfAttempt(
  { trunk, evidence, otherLegs = [] }: Pick<FailedAttempt, 'trunk' | 'evidence' | 'otherLegs'>,
  policy: Policy,
): Failure {
  const first = failureOf(evidence, policy, trunk);
  const others = otherLegs.map((leg) => failureOf(leg.evidence, policy, trunk));
  return failureOfLegs([first, ...others]) ?? first;
}

function classified(
  { trunk, counted }: Pick<FailedAttempt, 'trunk' | 'counted'>,
  legs: readonly LegEvidence[],
  policy: Policy,
): ClassifiedAttempt {
  const [{ evidence } = { evidence: [] }, ...otherLegs] = legs;
  return {
    trunk,
    counted,
    legs,
    failure: failureOfAttempt({ trunk, evidence, otherLegs }, policy),
    late: legs.some(({ late }) => late !== undefined),
  };
}

/** Waits for the legs' mirrored SIP and classifies the attempt again with it; never rejects. */
export async function completed(
  attempt: ClassifiedAttempt,
  policy: Policy,
): Promise<ClassifiedAttempt> {
  if (!attempt.late) return attempt;
  const legs = attempt.legs.map(async ({ evidence, late }): Promise<LegEvidence> => {
    return late ? { evidence: [...evidence, ...(await late)] } : { evidence };
  });
  return classified(attempt, await Promise.all(legs), policy);
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
    const now = failed[index - first];
    const earlier = remembered[index];
    if (now) return judged(past, now);
    const known = earlier?.trunk === past.trunk ? earlier.class : undefined;
    return known === undefined ? past : { ...past, class: known };
  });
  return { ...handover, hunt: { ...hunt, attempts } };
}

/** The PBX may have told the status of another leg than the one whose answer counts. */
function judged(past: PastAttempt, { failure, legs }: ClassifiedAttempt): PastAttempt {
  const { class: name, sip, rang } = failure;
  if (legs.length === 1) return { ...past, class: name };
  const { trunk, reoffered } = past;
  return {
    trunk,
    rang,
    class: name,
    ...(sip !== undefined && { sip }),
    ...(reoffered && { reoffered }),
  };
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
