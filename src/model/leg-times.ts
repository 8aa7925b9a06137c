/** When what happened on one leg B, as far as it is known. Times are Unix time in milliseconds, by our own clock. */
export interface LegTimes {
  /** The PBX's own, unique id of the leg. */
  readonly id: string;
  /** SIP Call-ID of the leg, untrusted only in so far as the PBX takes it from others. */
  readonly callId?: string;
  /** The first INVITE; without mirrored SIP, when the PBX began to dial. */
  readonly invitedAt: number;
  /** The first response of any status, 100 included: only mirrored SIP has it. */
  readonly firstResponseAt?: number;
  /** The first response that the caller can hear or be told of: 180 to 189. */
  readonly rangAt?: number;
  readonly answeredAt?: number;
  /** The end of a leg that was answered, or the failure. */
  readonly endedAt?: number;
  /** Both ends of the SIP, `192.0.2.1:5060`: only mirrored SIP has them. */
  readonly local?: string;
  readonly far?: string;
  /** Names of the codecs in the answer, in its order: only mirrored SIP has them. */
  readonly codecs?: readonly string[];
}

/**
 * Post-dial delay (RFC 6076 4.3.1): from the INVITE until something could be heard. Milliseconds.
 * @returns undefined where nothing could be heard, and at the end of a call, whose setup was told before
 */
export function postDialDelay({
  invitedAt,
  rangAt,
  answeredAt,
  endedAt,
}: LegTimes): number | undefined {
  const heardAt = rangAt ?? answeredAt;
  if (heardAt === undefined || (answeredAt !== undefined && endedAt !== undefined))
    return undefined;
  return Math.max(heardAt - invitedAt, 0);
}

/** How long an answered call lasted that has ended. Milliseconds; undefined for any other. */
export function talkTime({ answeredAt, endedAt }: LegTimes): number | undefined {
  if (answeredAt === undefined || endedAt === undefined) return undefined;
  return Math.max(endedAt - answeredAt, 0);
}
