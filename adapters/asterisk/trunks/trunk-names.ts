import type { PolicyMode } from '../../../src/policy/policy-data';

/** The part of a trunk that the adapter needs; times in milliseconds. */
export interface AsteriskTrunk {
  readonly name: string;
  /** `observe`: only calls that we have begun elsewhere are given up on it. Absent: the policy's. */
  readonly mode?: PolicyMode;
  /** Has `asterisk` if the trunk can be dialled here: `PJSIP/{number}@carrier-a`. */
  readonly dial: { readonly asterisk?: string | undefined };
  readonly firstResponse: number;
  readonly progressTimeout?: number;
  readonly ringTimeout: number;
  /** The caller it presents instead of one that it does not accept. */
  readonly callerId?: { readonly otherwise: string };
  /** With `ping`, the results of Asterisk's OPTIONS are reported. */
  readonly health?: { readonly ping?: object };
}

/** Recognises the trunk of a leg by its channel name, `PJSIP/carrier-a-0000001f`. */
export class TrunkNames {
  private readonly byDevice = new Map<string, string>();
  private readonly endpointByTrunk = new Map<string, string>();

  constructor(trunks: Iterable<AsteriskTrunk>) {
    for (const {
      name,
      dial: { asterisk },
    } of trunks) {
      if (asterisk === undefined) continue;
      const device = deviceOf(asterisk);
      this.byDevice.set(device, name);
      this.endpointByTrunk.set(name, device.slice(device.indexOf('/') + 1));
    }
  }

  /** All PJSIP endpoints that trunks dial. */
  endpoints(): readonly string[] {
    return [...this.byDevice.keys()].flatMap((device) =>
      device.startsWith('PJSIP/') ? [device.slice('PJSIP/'.length)] : [],
    );
  }

  /** The PJSIP endpoint that a trunk dials; the trunk's own name if unknown. */
  endpointOf(trunk: string): string {
    return this.endpointByTrunk.get(trunk) ?? trunk;
  }

  /** The trunk of a channel name in a call's state, where `~` stands for `/`. */
  trunkOfStateLeg(leg: string): string | undefined {
    return this.trunkOf(leg.replaceAll('~', '/'));
  }

  /** The policy's trunk; undefined for any other leg. */
  trunkOf(channelName: string): string | undefined {
    return this.byDevice.get(deviceOfChannel(channelName));
  }
}

/** `PJSIP/{number}@carrier-a` and `PJSIP/carrier-a/sip:{number}@host` both go out on PJSIP/carrier-a. */
export function deviceOf(dialString: string): string {
  const [technology = '', first = '', ...rest] = dialString.split('/');
  const endpoint =
    rest.length === 0 && first.includes('@') ? first.slice(first.lastIndexOf('@') + 1) : first;
  return `${technology}/${endpoint}`;
}

/** Asterisk appends a serial number to the device: `-` and eight hex digits. */
export function deviceOfChannel(channelName: string): string {
  return channelName.replace(/-[0-9a-f]{8}$/, '');
}
