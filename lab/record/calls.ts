import { NOTHING_LISTENING } from '../runner/layout';

/** One call of a recording, and what its carrier does. */
export interface RecordedCall {
  readonly name: string;
  /** `uas-<carrier>.xml` at carrier-a, or nothing-listening. */
  readonly carrier: string;
  /** The trunk that is dialled; carrier-a without it. */
  readonly trunk?: string;
  /** `uac-<caller>.xml`. */
  readonly caller?: string;
  /** What carrier-b does, as `carrier`; it stays silent without it. */
  readonly next?: string;
  /** Dialled by the lab's own dialplan; crankback only follows it. */
  readonly observed?: true;
  /** The leg is given up by ARI after this time. Milliseconds. */
  readonly givenUpAfter?: number;
}

/** Seconds that an attempt may ring, and for `carrier-a-patience` before it: `Dial()`'s second time-out. */
const RING = '2';

/** Trunks of the recordings: dial string and time-outs as crankback publishes them. */
export const RECORDED_TRUNKS: Readonly<Record<string, { dial: string; timeouts: string }>> = {
  'carrier-a': { dial: 'PJSIP/${CB_TO}@carrier-a', timeouts: RING },
  'carrier-a-patience': { dial: 'PJSIP/${CB_TO}@carrier-a', timeouts: `3^1` },
  'carrier-a-account': { dial: 'PJSIP/${CB_TO}@carrier-a-account', timeouts: RING },
  nobody: { dial: 'PJSIP/${CB_TO}@nobody', timeouts: RING },
  nowhere: { dial: 'PJSIP/carrier-a/sip:${CB_TO}@no.such.host.invalid', timeouts: RING },
};

const STATUSES = ['404', '480', '486', '488', '500', '502', '503', '603'];

/** What is recorded of each version: see the recordings' README. */
export const RECORDED_CALLS: readonly RecordedCall[] = [
  ...STATUSES.map((carrier) => ({ name: carrier, carrier })),
  { name: '302', carrier: '302' },
  { name: '407-silent', carrier: '407-silent', trunk: 'carrier-a-account' },
  { name: '407-503', carrier: '407-503', trunk: 'carrier-a-account' },
  { name: 'ring-503', carrier: 'ring-503' },
  { name: 'ring-timeout', carrier: 'ring' },
  { name: 'trying-timeout', carrier: 'trying' },
  { name: 'trying-second-timeout', carrier: 'trying', trunk: 'carrier-a-patience' },
  { name: 'ring-second-timeout', carrier: 'ring', trunk: 'carrier-a-patience' },
  { name: 'silent-timeout', carrier: 'silent' },
  { name: 'closed-port', carrier: NOTHING_LISTENING },
  { name: 'given-up', carrier: 'silent', givenUpAfter: 1000 },
  { name: 'unknown-endpoint', carrier: 'silent', trunk: 'nobody' },
  { name: 'no-dns', carrier: 'silent', trunk: 'nowhere' },
  { name: 'cancel', carrier: 'ring', caller: 'cancel' },
  { name: 'answer', carrier: 'answer' },
  ...STATUSES.map((carrier): RecordedCall => ({
    name: `observed-${carrier}`,
    carrier,
    observed: true,
  })),
  { name: 'observed-302', carrier: '302', observed: true },
  { name: 'observed-ring-503', carrier: 'ring-503', observed: true },
  { name: 'observed-cancel', carrier: 'ring', caller: 'cancel', observed: true },
  { name: 'observed-answer', carrier: 'answer', observed: true },
];

/** Calls that do not ask, as what the policy says of them has travelled. */
export const TRAVELLED_CALLS: readonly RecordedCall[] = [
  { name: 'answer', carrier: 'answer' },
  { name: '503', carrier: '503', next: 'answer' },
];
