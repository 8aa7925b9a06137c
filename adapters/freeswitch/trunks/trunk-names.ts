import type { HealthSettings } from '../../../src/policy/health-settings';
import { legsOf } from './dial-string-legs';
import { groupOf, phonesIn, rings, userOf, type DialledPhones, type PhonesTrunk } from './phones';
import { variable, type ChannelData } from '../esl/channel-data';

/** The part of a trunk that the adapter needs; times in milliseconds. */
export interface FreeswitchTrunk {
  readonly name: string;
  /** Has `freeswitch` if the trunk can be dialled here: `sofia/gateway/carrier-a/{number}`. */
  readonly dial: { readonly freeswitch?: string | undefined };
  readonly progressTimeout?: number;
  readonly ringTimeout: number;
  /** Of an INVITE, with mirrored SIP. */
  readonly firstResponse?: number;
  /** With `ping`, the results of FreeSWITCH's OPTIONS count. */
  readonly health?: Pick<HealthSettings, 'ping'>;
}

/** Recognises the trunk of a leg that crankback's dialplan did not dial. */
export class TrunkNames {
  private readonly byFarEnd = new Map<string, string>();
  private readonly gateways = new Map<string, string>();
  private readonly names = new Set<string>();
  private readonly phones: { readonly name: string; readonly phones: PhonesTrunk }[] = [];

  constructor(trunks: Iterable<FreeswitchTrunk>) {
    for (const {
      name,
      dial: { freeswitch },
    } of trunks) {
      if (freeswitch === undefined) continue;
      this.names.add(name);
      this.gateways.set(name, freeswitch.split('/')[2] ?? name);
      const phones = phonesIn(freeswitch);
      if (phones) this.phones.push({ name, phones });
      const farEnd = farEndOfDialString(freeswitch);
      // Of trunks that differ only in their rules, a leg belongs to the first one.
      if (!this.byFarEnd.has(farEnd)) this.byFarEnd.set(farEnd, name);
    }
  }

  /** The gateway that a trunk dials; the trunk's own name if unknown. */
  gatewayOf(trunk: string): string {
    return this.gateways.get(trunk) ?? trunk;
  }

  /** The policy's trunk; undefined for any other leg. */
  trunkOf(leg: ChannelData): string | undefined {
    // Our own dialplan names it: the leg of user/1001 shows neither gateway nor dial string.
    const own = variable(leg, 'crankback_ours') === '1' && variable(leg, 'crankback_trunk');
    if (own && this.names.has(own)) return own;
    // A user's call may leave by a gateway, which then is the trunk; a phone's address may be anybody's.
    const user = variable(leg, 'sip_gateway_name') === undefined ? userOf(leg) : undefined;
    return this.ringing(user) ?? this.byFarEnd.get(farEndOf(leg));
  }

  /**
   * The trunk of the group that a leg of the user's own bridge belongs to; undefined for any other leg. Only leg A
   * names the group, and keeps it after the bridge: so a leg of a gateway or of a user is none of it.
   */
  groupTrunkOf(leg: ChannelData, legA: ChannelData): string | undefined {
    const named = variable(leg, 'sip_gateway_name') ?? variable(leg, 'dialed_user');
    return named === undefined ? this.ringing(groupOf(legA)) : undefined;
  }

  /** Whether one attempt on a trunk may ring several phones at once. */
  mayFork(trunk: string): boolean {
    return this.phones.some(({ name }) => name === trunk);
  }

  private ringing(dialled: DialledPhones | undefined): string | undefined {
    return dialled && this.phones.find(({ phones }) => rings(phones, dialled))?.name;
  }

  /** The trunks in the dial string of a user's own bridge, in order. */
  trunksIn(dialString: string): readonly string[] {
    return legsOf(dialString).flatMap(
      (leg) => this.byFarEnd.get(farEndOfDialString(leg)) ?? this.ringing(dialledIn(leg)) ?? [],
    );
  }
}

/** The user or group of a dial string of the user's own. */
function dialledIn(dialString: string): DialledPhones | undefined {
  const phones = phonesIn(dialString);
  return phones && { ...phones, name: phones.before, domain: phones.domain ?? '' };
}

/** Destination of a leg, as the PBX names it. */
export function farEndOf(leg: ChannelData): string {
  const gateway = variable(leg, 'sip_gateway_name');
  return gateway === undefined
    ? farEndOfDialString(leg['Channel-Name'] ?? '')
    : farEndOfGateway(gateway);
}

/** The gateway of `sofia/gateway/carrier-a/{number}`, profile and host of `sofia/external/{number}@host`. */
function farEndOfDialString(dialString: string): string {
  const [technology = '', first = '', second = ''] = dialString.split('/');
  if (technology === 'sofia' && first === 'gateway') return farEndOfGateway(second);
  const at = second.lastIndexOf('@');
  // A leg's name has no parameters such as ;transport=tcp.
  const host = at < 0 ? '' : second.slice(at + 1).split(';', 1)[0];
  return `${technology}/${first}/${host}`;
}

/** The sofia gateway of a dial string, without its profile's name; undefined if it has none. */
export function gatewayIn(dialString: string): string | undefined {
  return /^sofia\/gateway\/(?:[^/:]+::)?([^/:\s]+)\//.exec(dialString)?.[1];
}

function farEndOfGateway(gateway: string): string {
  // `profile::gateway` and `gateway` name the same gateway.
  return `sofia/gateway/${gateway.slice(gateway.lastIndexOf(':') + 1)}`;
}
