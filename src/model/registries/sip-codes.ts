import registry from './sip-codes.json';

/** One entry of the IANA registry of SIP response codes. */
export interface SipCode {
  /** 100–699. */
  readonly code: number;
  /** The registered reason phrase; a response may carry any other. */
  readonly phrase: string;
  /** `RFC3261`. */
  readonly reference: string;
  /** Section of the reference, if the registry names one. */
  readonly section?: string;
  readonly deprecated?: boolean;
  readonly notes?: string;
}

export const SIP_CODES: readonly SipCode[] = registry.responses;

const BY_CODE = new Map(SIP_CODES.map((entry) => [entry.code, entry]));

/** The registered entry of a status; undefined for an unregistered status, also for 499. */
export function sipCode(code: number): SipCode | undefined {
  return BY_CODE.get(code);
}

/** Statuses that carriers send though no RFC in force registers them. */
export const UNREGISTERED_BUT_SEEN: readonly {
  readonly code: number;
  readonly phrase: string;
  readonly note: string;
}[] = registry.unregistered_but_seen;

/** Statuses that may carry Retry-After, by whether it concerns the server or the callee (RFC 3261 20.33). */
export const RETRY_AFTER = {
  server: [500, 503],
  callee: [404, 413, 480, 486, 600, 603],
} as const;
