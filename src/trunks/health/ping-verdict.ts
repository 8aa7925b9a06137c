import { classOfStatus, type FailureClass } from '../../model/classes';
import type { PingSettings } from '../../policy/health-settings';

/** What one OPTIONS of the PBX's own came to. */
export interface PingResult {
  /** Whether anything came back in time, as far as the PBX is concerned. */
  readonly answered: boolean;
  /** Final status of the answer; absent where the PBX does not tell it. */
  readonly sip?: number;
}

export type PingVerdict =
  | { readonly kind: 'up' }
  | { readonly kind: 'down'; readonly class: FailureClass; readonly sip?: number }
  /** An unknown answer came: neither up nor down. */
  | { readonly kind: 'unclear' };

/** What a call would have met as well; any other status shows a server that takes requests (RFC 3261 11.2). */
const REFUSES_CALLS: ReadonlySet<FailureClass> = new Set([
  'trunk-congested',
  'trunk-failed',
  'trunk-timeout',
]);

/** What an OPTIONS says about its trunk. */
export function judgePing({ answered, sip }: PingResult): PingVerdict {
  if (!answered) return { kind: 'down', class: 'trunk-timeout' };
  if (sip === undefined) return { kind: 'unclear' };
  const failureClass = sip < 300 ? undefined : classOfStatus(sip, { rang: false, ours: false });
  if (failureClass === undefined || !REFUSES_CALLS.has(failureClass)) return { kind: 'up' };
  return { kind: 'down', class: failureClass, sip };
}

/** OPTIONS in a row that said the same. */
export class PingRow {
  private kind: PingVerdict['kind'] = 'unclear';
  private length = 0;

  /** @returns what the row says by now, each time anew */
  add({ kind }: PingVerdict, settings: PingSettings): 'down' | 'up' | undefined {
    this.length = kind === this.kind ? this.length + 1 : 1;
    this.kind = kind;
    if (kind === 'unclear' || this.length < settings[kind]) return undefined;
    return kind;
  }

  /** A call got through, which says more than any OPTIONS. */
  breakOff(): void {
    this.kind = 'unclear';
    this.length = 0;
  }
}
