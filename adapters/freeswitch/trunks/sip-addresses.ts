import { parseStringPromise } from 'xml2js';
import * as z from 'zod';
import type { SipEndpoint, SipMirror } from '../../../src/calls/ports';
import type { InboundConnection } from '../esl/inbound-connection';

const Profiles = z.object({
  profile: z.array(z.object({ name: z.array(z.string()), type: z.array(z.string()) })),
});
const bindUrl = z.array(z.string()).optional();
const ProfileView = z.object({
  'profile-info': z.array(
    z.object({
      'sip-ip': z.array(z.string()),
      'bind-url': bindUrl,
      'tls-bind-url': bindUrl,
      'ws-bind-url': bindUrl,
      'wss-bind-url': bindUrl,
    }),
  ),
});

/** A profile may be started or moved at any time. Milliseconds. */
const AGAIN_MS = 60_000;

export interface SipAddressesParts {
  readonly observer: Pick<InboundConnection, 'ask'>;
  readonly mirror: Pick<SipMirror, 'sentFrom'>;
  /** Name of the PBX. */
  readonly pbx: string;
}

/**
 * Reports the sockets of all sofia profiles to the mirror. Sofia mirrors them as its own end, also for TCP. Its
 * Call-IDs are made of a clock, so an outsider could guess one, and the first INVITE with it would prove nothing.
 */
export class SipAddresses {
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: SipAddressesParts) {}

  /** Asks now and once a minute. Never rejects; while FreeSWITCH is away, nothing changes. */
  async follow(): Promise<void> {
    this.stop();
    this.timer = setInterval(() => void this.learn(), AGAIN_MS).unref();
    await this.learn();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async learn(): Promise<void> {
    const endpoints = await readSipAddresses(this.parts.observer);
    if (endpoints.length > 0) this.parts.mirror.sentFrom(this.parts.pbx, endpoints);
  }
}

/** Address and ports of each profile; empty if FreeSWITCH cannot be asked. */
export async function readSipAddresses(
  observer: SipAddressesParts['observer'],
): Promise<readonly SipEndpoint[]> {
  const ask = (args: string): Promise<unknown> => observer.ask('sofia', args).then(read);
  const list = Profiles.safeParse(await ask('xmlstatus')).data;
  const names = (list?.profile ?? []).flatMap(({ name, type }) =>
    // An alias has the sockets of its profile; a name of several words could not be asked for.
    type[0] === 'profile' ? name.filter((one) => /^\S+$/.test(one)) : [],
  );
  const shown = await Promise.all(names.map((name) => ask(`xmlstatus profile ${name}`)));
  return shown.flatMap(endpointsOf);
}

function endpointsOf(shown: unknown): SipEndpoint[] {
  const [profile] = ProfileView.safeParse(shown).data?.['profile-info'] ?? [];
  const [address] = profile?.['sip-ip'] ?? [];
  if (!profile || address === undefined) return [];
  const urls = [
    profile['bind-url'],
    profile['tls-bind-url'],
    profile['ws-bind-url'],
    profile['wss-bind-url'],
  ];
  const ports = urls.flatMap((url) => (url?.[0] === undefined ? [] : portOf(url[0])));
  return [...new Set(ports)].map((port) => ({ address, port }));
}

/** `sip:mod_sofia@192.0.2.1:5060;maddr=10.0.0.1;transport=udp,tcp`; without one it is the scheme's. */
function portOf(url: string): number {
  const [, secure, port] =
    /^sip(s?):(?:[^@]*@)?(?:\[[^\]]*\]|[^:;]*)(?::(\d{1,5}))?/i.exec(url) ?? [];
  return port === undefined ? (secure ? 5061 : 5060) : Number(port);
}

function read(text: string | undefined): Promise<unknown> {
  return text === undefined
    ? Promise.resolve(undefined)
    : parseStringPromise(text, { explicitRoot: false, explicitArray: true }).catch(() => undefined);
}
