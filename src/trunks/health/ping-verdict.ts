import { classOfStatus, type FailureClass } from '../../model/classes';
import type { PingSettings } from '../../policy/health-settings';

/** Result of one OPTIONS that the PBX itself sent. */
export interface PingResult {
  /** Whether the PBX saw an answer in time. */
  readonly answered: boolean;
  /** Final status of the answer; absent if the PBX does not report it. */
  readonly sip?: number;
}

export type PingVerdict =
  | { readonly kind: 'up' }
  | { readonly kind: 'down'; readonly class: FailureClass; readonly sip?: number }
  /** An answer with an unknown status: neither up nor down. */
  | { readonly kind: 'unclear' };

/** A call would have met these too. Any other status shows a server that takes requests (RFC 3261 11.2). */
const REFUSES_CALLS: ReadonlySet<FailureClass> = new Set([
  'trunk-congested',
  'trunk-failed',
  'trunk-timeout',
]);

/** Judges a trunk by one OPTIONS. */
export function judgePing({ answered, sip }: PingResult): PingVerdict {
  if (!answered) return { kind: 'down', class: 'trunk-timeout' };
  if (sip === undefined) return { kind: 'unclear' };
  const failureClass = sip < 300 ? undefined : classOfStatus(sip, { rang: false, ours: false });
  if (failureClass === undefined || !REFUSES_CALLS.has(failureClass)) return { kind: 'up' };
  return { kind: 'down', class: failureClass, sip };
}

/** OPTIONS in a row with the same verdict. */
export class PingRow {
  private kind: PingVerdict['kind'] = 'unclear';
  private length = 0;

  /** @returns the verdict of the row so far, on every call */
  add({ kind }: PingVerdict, settings: PingSettings): 'down' | 'up' | undefined {
    this.length = kind === this.kind ? this.length + 1 : 1;
    this.kind = kind;
    if (kind === 'unclear' || this.length < settings[kind]) return undefined;
    return kind;
  }

  /** A call got through, which proves more than any OPTIONS. */
  breakOff(): void {
    this.kind = 'unclear';
    this.length = 0;
  }
}
