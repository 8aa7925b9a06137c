import { sipCode } from '../../../src/model/registries/sip-codes';

/** Q.850 cause that we give a leg from which nothing came; recognised when Dial() reports it. */
export const GIVEN_UP_CAUSE = 38;

/** Q.850 23, redirection to new destination: what Asterisk makes of a 3xx. */
export const REDIRECTED_CAUSE = 23;

/** A Q.850 cause as Asterisk keeps it, or undefined where it carries none (0, or its own above 127). */
export function q850Of(cause: number): number | undefined {
  return cause >= 1 && cause <= 127 ? cause : undefined;
}

/**
 * Causes that chan_pjsip computes from a status and that mean something else in Q.850. It never
 * reads a Reason header, so on a SIP leg a cause is nothing but the status in a coarser form
 * (res_pjsip.c, hangup_sip2cause; measured with every status).
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
 * The cause of a SIP leg of which the status is not known (before 22.7 the events do not have it),
 * as Q.850 means it.
 */
export function causeOfSipLeg(cause: number, rang: boolean): number | undefined {
  if (cause === 19 && rang) return cause;
  return q850Of(MEANT_BY[cause] ?? cause);
}

/** Whether a channel is of one of the SIP drivers, whose causes are made from statuses. */
export function isSipChannel(name: string): boolean {
  return /^(PJSIP|SIP)\//.test(name);
}

/**
 * How long PJSIP waits for any response before it makes up a 408: Timer B, 64 × T1 of 500 ms
 * (RFC 3261 17.1.1.2), less what a busy machine may lose. Milliseconds.
 */
export const TIMER_B_MS = 31_500;

/** A status with its standard phrase as Asterisk tells it, `SIP 503 Service Unavailable`. */
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
