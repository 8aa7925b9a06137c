import type { Evidence } from '../../../src/model/failure';
import { sipCode } from '../../../src/model/registries/sip-codes';

/** Q.850 cause that we give a leg without a response; recognised when Dial() reports it. */
export const GIVEN_UP_CAUSE = 38;

/** Asterisk's cause as a Q.850 cause; undefined if it is none (0, or Asterisk's own above 127). */
export function q850Of(cause: number): number | undefined {
  return cause >= 1 && cause <= 127 ? cause : undefined;
}

/**
 * Causes that chan_pjsip computes from a status and that mean something else in Q.850. It never reads a
 * Reason header, so on a SIP leg a cause is only a coarser form of the status (res_pjsip.c,
 * hangup_sip2cause; measured with every status).
 */
const MEANT_BY: Readonly<Record<number, number>> = {
  /** 420 Bad Extension, not "no route": invalid message. */
  3: 95,
  /** 480 and 483, with or without ringing: subscriber absent. */
  19: 20,
  /** 502 Bad Gateway, not the callee's line: network out of order (RFC 3398). */
  27: 38,
  /** 488 and 606, not "no bearer just now": bearer capability not implemented (RFC 3398). */
  58: 65,
};

/**
 * The cause of a SIP leg, as Q.850 means it, if its status is unknown (events have it only from
 * 20.17, 22.7 and 23.1 on).
 */
export function causeOfSipLeg(cause: number, rang: boolean): number | undefined {
  if (cause === 19 && rang) return cause;
  return q850Of(MEANT_BY[cause] ?? cause);
}

/** Whether a channel belongs to a SIP driver, whose causes are computed from statuses. */
export function isSipChannel(name: string): boolean {
  return /^(PJSIP|SIP)\//.test(name);
}

/**
 * A leg's cause as evidence. ISDN, SS7 and IAX2 carry it on the wire. On a SIP leg Asterisk computes it from the
 * status, on every version, and on a Local one it comes from whatever is behind it.
 */
export function causeEvidence(
  name: string,
  cause: number,
  rang: boolean,
): Pick<Evidence, 'q850' | 'pbxCause'> {
  const computed = isSipChannel(name) || name.startsWith('Local/');
  const value = isSipChannel(name) ? causeOfSipLeg(cause, rang) : q850Of(cause);
  if (value === undefined) return {};
  return computed ? { pbxCause: value } : { q850: value };
}

/**
 * How long PJSIP waits for any response before it generates a 408 locally: Timer B, 64 × T1 of 500 ms (RFC
 * 3261 17.1.1.2), less what a busy machine may lose. Milliseconds.
 */
export const TIMER_B_MS = 31_500;

/** A status with its standard phrase as Asterisk reports it, `SIP 503 Service Unavailable`. */
export function techOf(sip: number): string {
  return `SIP ${sip} ${sipCode(sip)?.phrase ?? ''}`;
}

const TECH = /^SIP (\d{3}) ?(.*)$/s;

/** `SIP 503 Service Unavailable` → status and phrase; undefined for anything else. */
export function readTech(tech: string): { status: number; phrase: string } | undefined {
  const match = TECH.exec(tech);
  return match?.[1] === undefined
    ? undefined
    : { status: Number(match[1]), phrase: match[2] ?? '' };
}
