import type { Logger } from 'winston';
import type { SipMirror, TrunkPing } from '../../../src/calls/ports';
import { integer, type ChannelData } from '../esl/channel-data';
import { readGateway, wasGood, type GatewayState } from './gateway-state';
import type { Observer } from '../esl/inbound-connection';
import { gatewayIn, type FreeswitchTrunk } from './trunk-names';

/** Of each OPTIONS of a gateway with `ping-monitoring`, of changes only for any other. */
export const GATEWAY_EVENT = 'sofia::gateway_state';

export interface GatewayPingsParts {
  readonly observer: Pick<Observer, 'ask' | 'subscribe'>;
  readonly mirror?: Pick<SipMirror, 'pingStatus'>;
  readonly log: Logger;
  readonly pinged: (ping: TrunkPing) => void;
}

interface Followed {
  readonly gateway: string;
  readonly trunks: string[];
  state: GatewayState;
  /** Final status that an event has told of an OPTIONS that was not reported yet. */
  told?: number;
  isUnclear?: true;
}

/** An event comes up to 15 ms later than its count can be seen. Milliseconds. */
const EVENT_LAG_MS = 250;
/** What sofia makes up for an OPTIONS that nobody has answered, or that cannot be sent. */
const MADE_UP = { silence: 408, unreachable: 503 };

/**
 * Tells what FreeSWITCH's OPTIONS to a trunk have come to. When the next one is due tells that one is
 * over; how it went is told by an event with its status, by mirrored SIP, or by a counter that takes
 * anything but 408 and 503 for good.
 */
export class GatewayPings {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly followed = new Map<string, Followed>();
  private generation = 0;

  constructor(private readonly parts: GatewayPingsParts) {}

  /** Follows these trunks' gateways instead of those before, where the policy asks for it. */
  async follow(trunks: Iterable<FreeswitchTrunk>): Promise<void> {
    this.stop();
    const generation = this.generation;
    const byGateway = new Map<string, string[]>();
    for (const { name, health, freeswitch = '' } of trunks) {
      if (health?.ping === undefined) continue;
      const gateway = gatewayIn(freeswitch);
      if (gateway === undefined) this.complain(name, 'only sofia gateways are pinged');
      else byGateway.set(gateway, [...(byGateway.get(gateway) ?? []), name]);
    }
    if (byGateway.size === 0) return;
    // Without events, what was asked for is still there.
    await this.parts.observer.subscribe(`CUSTOM ${GATEWAY_EVENT}`);
    const all = [...byGateway].map(([gateway, names]) => this.begin(gateway, names, generation));
    await Promise.all(all);
  }

  stop(): void {
    this.generation += 1;
    for (const timer of this.timers) clearInterval(timer);
    this.timers.clear();
    this.followed.clear();
  }

  /** Takes a `sofia::gateway_state`; registrations have it too, the last of which has no status. */
  event({ Gateway: gateway = '', Status: status }: ChannelData): void {
    const followed = this.followed.get(gateway);
    if (!followed) return;
    const told = integer(status);
    if (told === undefined) delete followed.told;
    else followed.told = told;
    void this.look(followed);
  }

  private async begin(gateway: string, trunks: string[], generation: number): Promise<void> {
    const state = await this.ask(gateway);
    if (generation !== this.generation || state === 'nobody to ask') return;
    if (state === undefined || state.every === 0) {
      const why = state
        ? `FreeSWITCH sends no OPTIONS: ping is not set for gateway ${gateway}`
        : `FreeSWITCH has no gateway ${gateway}`;
      for (const trunk of trunks) this.complain(trunk, why);
      return;
    }
    const followed = { gateway, trunks, state };
    this.followed.set(gateway, followed);
    this.parts.mirror?.pingStatus(state.uri, 0);
    this.timers.add(setInterval(() => void this.look(followed), state.every * 1000).unref());
  }

  /** Reports the OPTIONS that was answered or given up since the last look, if one was. */
  private async look(followed: Followed): Promise<void> {
    const generation = this.generation;
    const state = await this.ask(followed.gateway);
    if (generation !== this.generation || typeof state !== 'object') return;
    const before = followed.state;
    if (state.due === before.due) return;
    followed.state = state;
    if (followed.told === undefined) await pause(EVENT_LAG_MS);
    if (generation !== this.generation) return;
    const { told } = followed;
    delete followed.told;
    if (told === undefined && state.isNew) return;
    const result = told === undefined ? this.counted(before, state) : this.toldBy(told, state);
    for (const trunk of followed.trunks) this.parts.pinged({ trunk, ...result });
    if (result.answered && result.sip === undefined) this.complainOnce(followed);
  }

  private toldBy(sip: number, state: GatewayState): Omit<TrunkPing, 'trunk'> {
    const { mirror } = this.parts;
    if (sip === MADE_UP.silence) return { answered: false };
    const made = sip === MADE_UP.unreachable && mirror && this.mirrored(state) !== sip;
    return made ? { answered: false } : { answered: true, sip };
  }

  private counted(before: GatewayState, state: GatewayState): Omit<TrunkPing, 'trunk'> {
    const sip = this.mirrored(state);
    const good = wasGood(before, state);
    // An answer that is mirrored may be an earlier one's, where this one has none.
    const isBad = sip !== undefined && Object.values(MADE_UP).includes(sip);
    const ofThisOne = sip !== undefined && isBad !== good;
    return { answered: good || ofThisOne, ...(ofThisOne && { sip }) };
  }

  private mirrored({ uri, every }: GatewayState): number | undefined {
    return this.parts.mirror?.pingStatus(uri, 2 * every * 1000);
  }

  private async ask(gateway: string): Promise<GatewayState | undefined | 'nobody to ask'> {
    const text = await this.parts.observer.ask('sofia', `xmlstatus gateway ${gateway}`);
    return text === undefined ? 'nobody to ask' : readGateway(text);
  }

  private complainOnce(followed: Followed): void {
    if (followed.isUnclear) return;
    followed.isUnclear = true;
    const mended = `ping-monitoring=true at gateway ${followed.gateway}`;
    const why = `answers cannot be told apart without mirrored SIP or ${mended}`;
    for (const trunk of followed.trunks) this.complain(trunk, why);
  }

  private complain(trunk: string, why: string): void {
    this.parts.log.warn('options_ping', { trunk, why });
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
