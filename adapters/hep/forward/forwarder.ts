import type { HepCollector } from '../../../src/settings/hep-collectors';
import { Lookups } from './lookups';
import { StreamWay } from './stream-way';
import { UdpWay } from './udp-way';
import { WaitingPackets } from './waiting-packets';
import type { Way, WayReports } from './way';

/** What may wait for one collector: some seconds of a busy PBX. Bytes. */
const MOST_WAITING = 4 * 1024 * 1024;
/** So many are sent before calls have their turn again. */
const AT_ONCE = 32;

export interface ForwarderParts {
  readonly to: readonly HepCollector[];
  /** Certificates to trust with `tls://`, PEM; absent: those that Node trusts. */
  readonly ca?: string;
  readonly reports: ForwardReports;
  /** A clock that never goes back. Milliseconds. */
  readonly now: () => number;
  /** What may wait for one collector. Bytes. */
  readonly most?: number;
}

/** Told of each packet for each collector, and of collectors that go and come. */
export interface ForwardReports {
  readonly sent: (collector: string) => void;
  /** `full`: too much waited for it; `lost`: it could not be sent, or its connection broke before it was. */
  readonly dropped: (collector: string, reason: 'full' | 'lost') => void;
  /** @param why absent: it is there now */
  readonly changed: (collector: string, why?: string) => void;
}

export interface CollectorState {
  readonly collector: string;
  /** Why it is not there; absent while it is. */
  readonly why?: string;
  readonly waitingBytes: number;
}

/** Passes mirrored packets on to other collectors. Whatever these do, nobody waits for them. */
export class Forwarder {
  private readonly collectors: readonly Forwarded[];

  constructor({ to, ca, reports, now, most = MOST_WAITING }: ForwarderParts) {
    const lookups = new Lookups();
    this.collectors = to.map((one) => {
      const { host, port, protocol } = one;
      const way = (ways: WayReports): Way =>
        protocol === 'udp'
          ? new UdpWay({ host, port, lookups, now, reports: ways })
          : new StreamWay({
              ...{ host, port, lookups, reports: ways },
              ...(protocol === 'tls' && { tls: ca === undefined ? {} : { ca } }),
            });
      return new Forwarded(one.name, way, reports, new WaitingPackets(most));
    });
  }

  start(): void {
    for (const one of this.collectors) one.start();
  }

  /** Takes a packet and returns at once. */
  pass(packet: Buffer): void {
    for (const one of this.collectors) one.pass(packet);
  }

  states(): readonly CollectorState[] {
    return this.collectors.map((one) => one.state());
  }

  stop(): void {
    for (const one of this.collectors) one.stop();
  }
}

/** One collector with what waits for it. */
class Forwarded {
  private readonly way: Way;
  private why: string | undefined = 'not connected yet';
  private later: NodeJS.Immediate | undefined;

  constructor(
    private readonly name: string,
    way: (reports: WayReports) => Way,
    private readonly reports: ForwardReports,
    private readonly waiting: WaitingPackets,
  ) {
    this.way = way({
      ready: () => this.schedule(),
      sent: () => reports.sent(name),
      lost: () => reports.dropped(name, 'lost'),
      up: () => this.change(undefined),
      down: (why) => this.change(why),
    });
  }

  start(): void {
    this.way.start();
  }

  pass(packet: Buffer): void {
    if (!this.waiting.offer(packet)) this.reports.dropped(this.name, 'full');
    else if (this.way.isOpen) this.schedule();
  }

  state(): CollectorState {
    const { name: collector, why } = this;
    return { collector, waitingBytes: this.waiting.bytes, ...(why !== undefined && { why }) };
  }

  stop(): void {
    clearImmediate(this.later);
    this.way.stop();
  }

  private schedule(): void {
    if (!this.waiting.isEmpty) this.later ??= setImmediate(this.sendSome);
  }

  private readonly sendSome = (): void => {
    this.later = undefined;
    for (let sent = 0; sent < AT_ONCE && this.way.isOpen; sent++) {
      const packet = this.waiting.take();
      if (packet === undefined) return;
      this.way.send(packet);
    }
    if (this.way.isOpen) this.schedule();
  };

  /** Told where something has changed, and not with each reason. */
  private change(why: string | undefined): void {
    const before = this.why;
    this.why = why;
    if ((before === undefined) !== (why === undefined) || before === 'not connected yet')
      this.reports.changed(this.name, why);
  }
}
