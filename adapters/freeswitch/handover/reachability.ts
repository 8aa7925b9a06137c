import { named, type Named } from '../../../src/findings/named';
import { randomUUID } from 'node:crypto';
import { variable, type ChannelData } from '../esl/channel-data';
import type { InboundConnection } from '../esl/inbound-connection';
import { withTimeout } from '../../shared/time-limit';

export interface ReachabilityParts {
  readonly observer: Pick<InboundConnection, 'ask' | 'setGlobal' | 'subscribe' | 'isConnected'>;
  /** How often FreeSWITCH tries the way of its handovers, and how long one try may take. Milliseconds. */
  readonly everyMs: number;
  readonly timeoutMs: number;
  /** A sentence that says why handovers do not arrive; undefined: they do. Called on each change. */
  readonly changed: (why: Named | undefined) => void;
}

/** Calls of this variable are no calls: FreeSWITCH connects for them as it does for a handover. */
const PROBE = 'crankback_probe';
/** While it is 1 the dialplan does not ask. */
const SKIP_VARIABLE = 'crankback_skip';
/** FreeSWITCH has read its configuration again: `crankback_socket` may have come with it. */
export const CONFIGURATION_READ_EVENT = 'RELOADXML';
const SOCKET = /^[\w.:[\]-]{1,255}$/;

/**
 * Whether FreeSWITCH's handovers arrive, tried from its own side: a channel that leads nowhere (`null/`) connects
 * to `crankback_socket`. Where packets to that address are dropped, each call would wait for the kernel's
 * connect to give up; so as long as no try arrives, calls do not ask.
 */
export class Reachability {
  private timer: NodeJS.Timeout | undefined;
  private trying = false;
  private wanted = false;
  private token: string | undefined;
  private arrived: (() => void) | undefined;
  private last: Named | undefined;

  constructor(private readonly parts: ReachabilityParts) {}

  /** Why handovers do not arrive, by the last try. */
  get why(): Named | undefined {
    return this.last;
  }

  /** Tries now, and from now on again and again. */
  start(): void {
    this.stop();
    void this.parts.observer.subscribe(CONFIGURATION_READ_EVENT);
    this.again();
    this.timer = setInterval(() => this.again(), this.parts.everyMs).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Tries without waiting for the next turn, and not beside a try under way but after it. */
  again(): void {
    void this.try();
  }

  /** @returns whether a connection was a try of ours: nothing is to be decided */
  takes(data: ChannelData): boolean {
    if (this.token === undefined || variable(data, PROBE) !== this.token) return false;
    this.arrived?.();
    return true;
  }

  private async try(): Promise<void> {
    this.wanted = true;
    if (this.trying) return;
    this.trying = true;
    try {
      while (this.wanted) {
        this.wanted = false;
        await this.tryOnce();
      }
    } finally {
      this.trying = false;
    }
  }

  private async tryOnce(): Promise<void> {
    const { observer, timeoutMs } = this.parts;
    if (!observer.isConnected) return;
    const socket = (await observer.ask('global_getvar', 'crankback_socket'))?.trim() ?? '';
    if (!SOCKET.test(socket)) {
      this.tell(
        named('CB4005', 'crankback_socket is not set in vars.xml: handovers have nowhere to go'),
      );
      return;
    }
    this.token = randomUUID();
    const arrival = new Promise<void>((resolve) => (this.arrived = resolve));
    const target = `{process_cdr=false,${PROBE}=${this.token}}null/crankback`;
    const said = await observer.ask('originate', `${target} &socket(${socket} async full)`);
    // Without mod_loopback, or while FreeSWITCH is paused, it cannot be tried.
    const tried = said?.startsWith('+OK') === true;
    const reached = tried && (await withTimeout(timeoutMs, 'handover', arrival).then(yes, no));
    this.token = undefined;
    const why = named('CB4007', `FreeSWITCH does not reach crankback at ${socket}`);
    if (tried) this.tell(reached ? undefined : why);
  }

  private tell(why: Named | undefined): void {
    const before = this.last;
    this.last = why;
    const skip = why === undefined ? '0' : '1';
    if (why !== undefined || before !== undefined) {
      this.parts.observer.setGlobal(SKIP_VARIABLE, skip).catch(() => undefined);
    }
    if (why !== before) this.parts.changed(why);
  }
}

const yes = () => true;
const no = () => false;
