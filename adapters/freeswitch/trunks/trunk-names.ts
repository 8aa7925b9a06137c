import type { HealthSettings } from '../../../src/policy/health-settings';
import { variable, type ChannelData } from '../esl/channel-data';

/** What the adapter needs to know of a trunk; times in milliseconds. */
export interface FreeswitchTrunk {
  readonly name: string;
  /** With `freeswitch` where it can be dialled here: `sofia/gateway/carrier-a/{number}`. */
  readonly dial: { readonly freeswitch?: string | undefined };
  readonly ringTimeout: number;
  /** `ping`: what FreeSWITCH's OPTIONS to it come to counts. */
  readonly health?: Pick<HealthSettings, 'ping'>;
}

/** Recognises the trunk of a leg that crankback's dialplan did not dial. */
export class TrunkNames {
  private readonly byFarEnd = new Map<string, string>();
  private readonly gateways = new Map<string, string>();
  private readonly names = new Set<string>();

  constructor(trunks: Iterable<FreeswitchTrunk>) {
    for (const {
      name,
      dial: { freeswitch },
    } of trunks) {
      if (freeswitch === undefined) continue;
      this.names.add(name);
      this.gateways.set(name, freeswitch.split('/')[2] ?? name);
      const farEnd = farEndOfDialString(freeswitch);
      // Of trunks that differ in nothing but their rules, a leg is the first one's.
      if (!this.byFarEnd.has(farEnd)) this.byFarEnd.set(farEnd, name);
    }
  }

  /** The gateway that a trunk dials; the trunk's own name where it is unknown. */
  gatewayOf(trunk: string): string {
    return this.gateways.get(trunk) ?? trunk;
  }

  /** The policy's trunk; undefined for a leg to anything else. */
  trunkOf(leg: ChannelData): string | undefined {
    // Our own dialplan names it: the leg of user/1001 shows neither gateway nor dial string.
    const own = variable(leg, 'crankback_ours') === '1' && variable(leg, 'crankback_trunk');
    return own && this.names.has(own) ? own : this.byFarEnd.get(farEndOf(leg));
  }

  /** The trunks in the dial string of a user's own bridge, in order. */
  trunksIn(dialString: string): readonly string[] {
    return dialString
      .split(/[,|]|:_:/)
      .flatMap(
        (one) => this.byFarEnd.get(farEndOfDialString(one.replace(/^[[{<].*[\]}>]/, ''))) ?? [],
      );
  }
}

/** Where a leg goes, by the PBX's own name of it. */
export function farEndOf(leg: ChannelData): string {
  const gateway = variable(leg, 'sip_gateway_name');
  return gateway === undefined
    ? farEndOfDialString(leg['Channel-Name'] ?? '')
    : farEndOfGateway(gateway);
}

/** `sofia/gateway/carrier-a/{number}` by its gateway, `sofia/external/{number}@host` by profile and host. */
function farEndOfDialString(dialString: string): string {
  const [technology = '', first = '', second = ''] = dialString.split('/');
  if (technology === 'sofia' && first === 'gateway') return farEndOfGateway(second);
  const at = second.lastIndexOf('@');
  // A leg's name has no parameters such as ;transport=tcp.
  const host = at < 0 ? '' : second.slice(at + 1).split(';', 1)[0];
  return `${technology}/${first}/${host}`;
}

/** The sofia gateway of a dial string, without its profile's name; undefined where it has none. */
export function gatewayIn(dialString: string): string | undefined {
  return /^sofia\/gateway\/(?:[^/:]+::)?([^/:\s]+)\//.exec(dialString)?.[1];
}

function farEndOfGateway(gateway: string): string {
  // `profile::gateway` and `gateway` name the same one.
  return `sofia/gateway/${gateway.slice(gateway.lastIndexOf(':') + 1)}`;
}
