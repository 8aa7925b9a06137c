import type { TrunkPing } from '../../../src/calls/ports';
import {
  FollowedPings,
  mirroredStatus,
  type FollowedPingsParts,
} from '../../shared/followed-pings';
import { integer, type ChannelData } from '../esl/channel-data';
import { readGateway, wasGood, type GatewayState } from './gateway-state';
import type { InboundConnection } from '../esl/inbound-connection';
import { gatewayIn, type FreeswitchTrunk } from './trunk-names';

/** Sent for each OPTIONS of a gateway with `ping-monitoring`, for any other only on changes. */
export const GATEWAY_EVENT = 'sofia::gateway_state';

export interface OptionsPingsParts extends FollowedPingsParts {
  readonly observer: Pick<InboundConnection, 'ask' | 'subscribe'>;
}

interface Gateway {
  readonly name: string;
  readonly trunks: string[];
  state: GatewayState;
  /** Final status from an event, of an OPTIONS not reported yet. */
  told?: number;
  isUnclear?: true;
}

/** An event comes up to 15 ms after its count is visible. Milliseconds. */
const EVENT_LAG_MS = 250;
/** sofia's locally generated statuses for an OPTIONS without an answer or not sent. */
const LOCALLY_GENERATED = { noResponse: 408, unreachable: 503 };

/**
 * Reports the results of FreeSWITCH's OPTIONS to a trunk. A ping counts as finished when the next is due.
 * Its result comes from an event with its status, from mirrored SIP, or from a counter that takes anything
 * but 408 and 503 for good.
 */
export class OptionsPings {
  /** Followed gateways, by name. */
  private readonly gateways = new Map<string, Gateway>();
  private followed: FollowedPings | undefined;

  constructor(private readonly parts: OptionsPingsParts) {}

  /** Follows these trunks' gateways instead of the earlier ones, if the policy asks for it. */
  async follow(trunks: Iterable<FreeswitchTrunk>): Promise<void> {
    this.stop();
    const followed = new FollowedPings(this.parts.log);
    this.followed = followed;
    const byGateway = new Map<string, string[]>();
    for (const {
      name,
      health,
      dial: { freeswitch = '' },
    } of trunks) {
      if (health?.ping === undefined) continue;
      const gateway = gatewayIn(freeswitch);
      if (gateway === undefined)
        followed.complain(name, 'CB1312', 'only sofia gateways are pinged');
      else byGateway.set(gateway, [...(byGateway.get(gateway) ?? []), name]);
    }
    if (byGateway.size === 0) return;
    // Without events, polling still works.
    await this.parts.observer.subscribe(`CUSTOM ${GATEWAY_EVENT}`);
    const all = [...byGateway].map(([gateway, names]) => this.begin(gateway, names, followed));
    await Promise.all(all);
  }

  stop(): void {
    this.followed?.stop();
    this.gateways.clear();
  }

  /** Takes a `sofia::gateway_state`; registrations send it too, the last one without a status. */
  event({ Gateway: name = '', Status: status }: ChannelData): void {
    const gateway = this.gateways.get(name);
    if (!gateway || !this.followed) return;
    const told = integer(status);
    if (told === undefined) delete gateway.told;
    else gateway.told = told;
    void this.look(gateway, this.followed);
  }

  private async begin(name: string, trunks: string[], followed: FollowedPings): Promise<void> {
    const state = await this.ask(name);
    if (followed.isOver || state === 'nobody to ask') return;
    if (state === undefined || state.every === 0) {
      const why = state
        ? `FreeSWITCH sends no OPTIONS: ping is not set for gateway ${name}`
        : `FreeSWITCH has no gateway ${name}`;
      for (const trunk of trunks) followed.complain(trunk, 'CB4403', why);
      return;
    }
    const gateway = { name, trunks, state };
    this.gateways.set(name, gateway);
    this.parts.mirror?.pingStatus(state.uri, 0);
    followed.every(state.every * 1000, () => void this.look(gateway, followed));
  }

  /** Reports the OPTIONS that was answered or given up since the last look, if any. */
  private async look(gateway: Gateway, followed: FollowedPings): Promise<void> {
    const state = await this.ask(gateway.name);
    if (followed.isOver || typeof state !== 'object') return;
    const before = gateway.state;
    if (state.due === before.due) return;
    gateway.state = state;
    if (gateway.told === undefined) await pause(EVENT_LAG_MS);
    if (followed.isOver) return;
    const { told } = gateway;
    delete gateway.told;
    if (told === undefined && state.isNew) return;
    const result = told === undefined ? this.counted(before, state) : this.toldBy(told, state);
    for (const trunk of gateway.trunks) this.parts.pinged({ trunk, ...result });
    if (result.answered && result.sip === undefined) complainOnce(gateway, followed);
  }

  private toldBy(sip: number, state: GatewayState): Omit<TrunkPing, 'trunk'> {
    const { mirror } = this.parts;
    if (sip === LOCALLY_GENERATED.noResponse) return { answered: false };
    const made = sip === LOCALLY_GENERATED.unreachable && mirror && this.mirrored(state) !== sip;
    return made ? { answered: false } : { answered: true, sip };
  }

  private counted(before: GatewayState, state: GatewayState): Omit<TrunkPing, 'trunk'> {
    const sip = this.mirrored(state);
    const good = wasGood(before, state);
    // If this OPTIONS has no answer, the mirrored one may be an earlier OPTIONS's.
    const isBad = sip !== undefined && Object.values(LOCALLY_GENERATED).includes(sip);
    const ofThisOne = sip !== undefined && isBad !== good;
    return { answered: good || ofThisOne, ...(ofThisOne && { sip }) };
  }

  private mirrored({ uri, every }: GatewayState): number | undefined {
    return mirroredStatus(this.parts.mirror, uri, every * 1000);
  }

  private async ask(gateway: string): Promise<GatewayState | undefined | 'nobody to ask'> {
    const text = await this.parts.observer.ask('sofia', `xmlstatus gateway ${gateway}`);
    return text === undefined ? 'nobody to ask' : readGateway(text);
  }
}

function complainOnce(gateway: Gateway, followed: FollowedPings): void {
  if (gateway.isUnclear) return;
  gateway.isUnclear = true;
  const mended = `ping-monitoring=true at gateway ${gateway.name}`;
  const why = `answers cannot be told apart without mirrored SIP or ${mended}`;
  for (const trunk of gateway.trunks) followed.complain(trunk, 'CB4403', why);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
