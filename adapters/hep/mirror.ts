import type { Named } from '../../src/findings/named';
import { SipCollector } from './collector';
import type { PacketResult } from './packet-result';
import { HepListener } from './listener';
import type {
  AwaitedStatus,
  LegSip,
  LegSipTimes,
  SipEndpoint,
  SipMirror,
} from '../../src/calls/ports';

export interface MirrorParts {
  readonly hep: { readonly host: string; readonly port: number; readonly password?: string };
  /** Called once per datagram. */
  readonly counted: (result: PacketResult) => void;
  /** Called once, with one sentence, if mirrored SIP must have come and none of the PBX has. */
  readonly unheard: (finding: Named) => void;
  /** The socket broke; nothing arrives any more. */
  readonly broken: (error: Error) => void;
}

/** A collector with its own UDP socket, not open yet. */
export function createMirror({ hep, counted, unheard, broken }: MirrorParts): Mirror {
  const { host, port, password } = hep;
  const collector = new SipCollector({
    ...(password !== undefined && { password }),
    counted,
    unheard,
    // Never goes back, even if the machine's date does.
    now: () => performance.now(),
  });
  return new Mirror(collector, new HepListener({ host, port, collector, broken }));
}

class Mirror implements SipMirror {
  constructor(
    private readonly collector: SipCollector,
    private readonly listener: HepListener,
  ) {}

  start(): Promise<number> {
    return this.listener.start();
  }

  stop(): Promise<void> {
    return this.listener.stop();
  }

  size(): ReturnType<SipCollector['size']> {
    return this.collector.size();
  }

  findings(): readonly Named[] {
    return this.collector.findings();
  }

  sentFrom(pbx: string, endpoints: readonly SipEndpoint[]): void {
    this.collector.sentFrom(pbx, endpoints);
  }

  dialled(callId: string): void {
    this.collector.dialled(callId);
  }

  callIdOf(sdp: string): string | undefined {
    return this.collector.callIdOf(sdp);
  }

  leg(callId: string): LegSip | undefined {
    return this.collector.leg(callId);
  }

  timesOf(callId: string): LegSipTimes | undefined {
    return this.collector.timesOf(callId);
  }

  pingStatus(uri: string, withinMs: number): number | undefined {
    return this.collector.pingStatus(uri, withinMs);
  }

  awaitFinal(
    callId: string,
    wait: { withinMs: number; sip?: AwaitedStatus },
  ): Promise<LegSip | undefined> {
    return this.collector.awaitFinal(callId, wait);
  }
}
