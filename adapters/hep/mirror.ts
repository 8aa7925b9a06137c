import type { Named } from '../../src/findings/named';
import type { HepCollector } from '../../src/settings/hep-collectors';
import { SipCollector } from './collector';
import { Forwarder, type CollectorState, type ForwardReports } from './forward/forwarder';
import { logPacket, type LogEntry } from './forward/log-packet';
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
  readonly hep: {
    readonly host: string;
    readonly port: number;
    readonly password?: string;
    readonly forward?: { readonly to: readonly HepCollector[]; readonly ca?: string };
  };
  /** Told of what is passed on to other collectors; default: nobody is. */
  readonly forwarding?: ForwardReports;
  /** Called once per datagram. */
  readonly counted: (result: PacketResult) => void;
  /** Called once, with one sentence, if mirrored SIP must have come and none of the PBX has. */
  readonly unheard: (finding: Named) => void;
  /** The socket broke; nothing arrives any more. */
  readonly broken: (error: Error) => void;
}

const UNTOLD: ForwardReports = {
  sent: () => undefined,
  dropped: () => undefined,
  changed: () => undefined,
};

/** A collector with its own UDP socket, not open yet. */
export function createMirror({
  hep,
  forwarding = UNTOLD,
  counted,
  unheard,
  broken,
}: MirrorParts): Mirror {
  const { host, port, password, forward } = hep;
  // Never goes back, even if the machine's date does.
  const now = () => performance.now();
  const forwarder = forward && new Forwarder({ ...forward, reports: forwarding, now });
  const collector = new SipCollector({
    ...(password !== undefined && { password }),
    counted,
    ...(forwarder && { pass: (packet: Buffer) => forwarder.pass(packet) }),
    unheard,
    now,
  });
  return new Mirror(
    collector,
    new HepListener({ host, port, collector, broken }),
    forwarder,
    password,
  );
}

class Mirror implements SipMirror {
  constructor(
    private readonly collector: SipCollector,
    private readonly listener: HepListener,
    private readonly forwarder: Forwarder | undefined,
    private readonly password: string | undefined,
  ) {}

  async start(): Promise<number> {
    const port = await this.listener.start();
    this.forwarder?.start();
    return port;
  }

  async stop(): Promise<void> {
    await this.listener.stop();
    this.forwarder?.stop();
  }

  /** Passes a line of our own to the other collectors. Returns at once. */
  tell(entry: LogEntry): void {
    this.forwarder?.pass(logPacket(entry, this.password));
  }

  collectors(): readonly CollectorState[] {
    return this.forwarder?.states() ?? [];
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
