import type { Failure, Reason, SubAttempt } from '../model/failure';
import type { LogFields } from './log-field-names';
import { bodyRefusal } from '../normalize/body-type';

/** A failure as fields of a log line. */
export function failureFields(failure: Failure): LogFields {
  const earlier = failure.evidence.find(({ subAttempts }) => subAttempts)?.subAttempts;
  return {
    sip: failure.sip,
    phrase: failure.phrase,
    q850: failure.q850,
    ...(failure.location !== undefined && { location: failure.location }),
    class: failure.class,
    fault: failure.fault,
    ...listField(failure),
    rang: failure.rang,
    ...reasonFields(failure),
    ...failure.redress,
    ...otherLegsFields(failure),
    ...(earlier && { earlier: earlier.map(inviteText) }),
  };
}

/** Phones of one attempt that are shown at most. */
const MOST_LEGS = 12;
/** Of what one said. Characters. */
const LONGEST_LEG = 200;

/** The other phones' answers, `503 Service Unavailable (trunk-congested)`; absent for a single leg. */
export function otherLegsFields({ otherLegs }: Failure): {
  readonly otherLegs?: readonly string[];
} {
  if (!otherLegs || otherLegs.length === 0) return {};
  return {
    otherLegs: otherLegs
      .slice(0, MOST_LEGS)
      .map((leg) => `${responseText(leg).slice(0, LONGEST_LEG)} (${leg.class})`),
  };
}

/** Whose list of phrases and statuses gave the class; absent where none did. */
export function listField({ decidedBy }: Failure): { readonly list?: string } {
  return decidedBy?.list === undefined ? {} : { list: decidedBy.list };
}

/** Values that are shown at most. */
const MOST_REASONS = 8;
/** Of one value. Characters. */
const LONGEST_REASON = 200;

/** Every Reason value that came, of any protocol, as sent; absent where none came. */
export function reasonFields({ evidence }: Failure): { readonly reasons?: readonly string[] } {
  const values = new Set<string>();
  for (const { reasons = [], provisional = [] } of evidence) {
    for (const reason of reasons) values.add(reasonText(reason));
    for (const response of provisional)
      for (const reason of response.reasons ?? [])
        values.add(`${response.sip}: ${reasonText(reason)}`);
  }
  return values.size === 0 ? {} : { reasons: [...values].slice(0, MOST_REASONS) };
}

/** `Q.850;cause=17;location=LN;text="User busy"` */
export function reasonText({ protocol, cause, location, text }: Reason): string {
  return [
    protocol,
    cause === undefined ? '' : `cause=${cause}`,
    location === undefined ? '' : `location=${location}`,
    text === undefined ? '' : `text=${JSON.stringify(text)}`,
  ]
    .filter(Boolean)
    .join(';')
    .slice(0, LONGEST_REASON);
}

/** `503 Service Unavailable at 192.0.2.1:5060`; without the place where it is not known. */
export function inviteText({ sip, phrase = '', farEnd }: SubAttempt): string {
  const said = sip === undefined ? 'nothing' : `${sip} ${phrase}`.trim();
  return farEnd === undefined ? said : `${said} at ${farEnd}`;
}

/** `503 Service Unavailable`, or `nothing` if no response came. */
export function responseText(failure: Pick<Failure, 'sip' | 'phrase'>): string {
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
