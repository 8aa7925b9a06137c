import { SipCollector, type PacketResult } from './collector';
import { HepListener } from './listener';
import type { LegSip, SipMirror } from '../../src/calls/ports';

export interface MirrorParts {
  readonly hep: { readonly host: string; readonly port: number; readonly password?: string };
  /** Called once per datagram. */
  readonly counted: (result: PacketResult) => void;
  /** The socket broke; nothing arrives any more. */
  readonly broken: (error: Error) => void;
}

/** A collector with its own UDP socket, not open yet. */
export function createMirror({ hep, counted, broken }: MirrorParts): Mirror {
  const { host, port, password } = hep;
  const collector = new SipCollector({
    ...(password !== undefined && { password }),
    counted,
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

  leg(callId: string): LegSip | undefined {
    return this.collector.leg(callId);
  }

  pingStatus(uri: string, withinMs: number): number | undefined {
    return this.collector.pingStatus(uri, withinMs);
  }

  awaitFinal(
    callId: string,
    wait: { withinMs: number; sip?: number },
  ): Promise<LegSip | undefined> {
    return this.collector.awaitFinal(callId, wait);
  }
}
