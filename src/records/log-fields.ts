import type { Failure, SubAttempt } from '../model/failure';
import { bodyRefusal } from '../normalize/body-type';

/** A failure as fields of a log line. */
export function failureFields(failure: Failure): Record<string, unknown> {
  const earlier = failure.evidence.find(({ subAttempts }) => subAttempts)?.subAttempts;
  return {
    sip: failure.sip,
    phrase: failure.phrase,
    q850: failure.q850,
    class: failure.class,
    fault: failure.fault,
    rang: failure.rang,
    ...(earlier && { earlier: earlier.map(inviteText) }),
  };
}

/** `503 Service Unavailable at 192.0.2.1:5060` */
export function inviteText({ sip, phrase = '', farEnd }: SubAttempt): string {
  return `${sip === undefined ? 'nothing' : `${sip} ${phrase}`.trim()} at ${farEnd}`;
}

/** `503 Service Unavailable`, or `nothing` if no response came. */
export function responseText(failure: Failure): string {
  return failure.sip === undefined ? 'nothing' : `${failure.sip} ${failure.phrase ?? ''}`.trim();
}

/** Whether the far side refused the type or the encoding of our body. */
export function isOfBody({ evidence }: Failure): boolean {
  return evidence.some((source) => bodyRefusal(source) !== undefined);
}

/** Whether the far side refused our media. */
export function isOfMedia({ class: name }: Failure): boolean {
  return name === 'codec-mismatch' || name === 'media-address';
}
