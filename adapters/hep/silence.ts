import { named, type Named } from '../../src/findings/named';
import type { PacketResult } from './packet-result';

export interface SilenceParts {
  /** A clock that never goes back. Milliseconds. */
  readonly now: () => number;
  /** Called once, with the first finding. */
  readonly unheard?: (finding: Named) => void;
}

/** Mirrored SIP comes within milliseconds of the PBX's own event; this leaves room. Milliseconds. */
const LATE_MS = 5_000;
/** By another clock a timer may run a little early. Milliseconds. */
const ROUNDING_MS = 50;

/**
 * Notices that the PBX has sent SIP and mirrored none of it. A PBX without calls mirrors nothing either, so
 * mirrored SIP is expected only after the PBX itself has reported a response.
 */
export class Silence {
  private packets = 0;
  private withWrongPassword = 0;
  private ours = 0;
  private expectedAt: number | undefined;

  constructor(private readonly parts: SilenceParts) {}

  saw(result: PacketResult): void {
    this.packets += 1;
    if (result === 'wrong-password') this.withWrongPassword += 1;
    if (result === 'joined') this.ours += 1;
  }

  /** The PBX has received a response, so its request should be here or come soon. */
  expected(): void {
    if (this.expectedAt !== undefined || this.ours > 0) return;
    this.expectedAt = this.parts.now();
    setTimeout(() => this.tell(), LATE_MS + ROUNDING_MS).unref();
  }

  private tell(): void {
    for (const finding of this.findings()) this.parts.unheard?.(finding);
  }

  findings(): readonly Named[] {
    const { expectedAt, ours } = this;
    if (expectedAt === undefined || ours > 0) return [];
    return this.parts.now() - expectedAt < LATE_MS ? [] : [this.finding()];
  }

  private finding(): Named {
    if (this.packets === 0) {
      return named(
        'CB7002',
        'CRANKBACK_HEP_PORT: the PBX has sent SIP, but not one packet of it has come: check capture_address in hep.conf (Asterisk), capture-server and sip-capture (FreeSWITCH)',
      );
    }
    if (this.withWrongPassword === this.packets) {
      return named(
        'CB7003',
        'CRANKBACK_HEP_PASSWORD: every packet has had another password or none: check capture_password in hep.conf; FreeSWITCH sends none',
      );
    }
    return named(
      'CB7004',
      'CRANKBACK_HEP_PORT: packets come, but none of them is known to have left the PBX: mirrored SIP says nothing (docs/hep.md)',
    );
  }
}
