import type * as z from 'zod';
import type { HepCollector } from './hep-collectors';
import { isLoopback } from './loopback';
import type { settingsSchema } from './settings-schema';

/** Where the PBX sends its mirrored SIP (HEPv3 over UDP), and who else gets it. */
export interface HepSettings {
  readonly host: string;
  readonly port: number;
  /** Required in every packet. */
  readonly password?: string;
  /** How long a decision that needs mirrored SIP waits for it. Milliseconds. */
  readonly waitMs: number;
  /** Other collectors that every packet is passed on to. */
  readonly forward?: {
    readonly to: readonly HepCollector[];
    /** Certificates to trust with `tls://`, PEM; absent: those that Node trusts. */
    readonly ca?: string;
    /** They are told of our own decisions, too. */
    readonly decisions: boolean;
  };
}

type Data = z.output<typeof settingsSchema>;

/** undefined where the PBX does not mirror. */
export function hepOf(data: Data): HepSettings | undefined {
  const port = data.CRANKBACK_HEP_PORT;
  if (port === undefined) return undefined;
  const password = data.CRANKBACK_HEP_PASSWORD;
  const to = data.CRANKBACK_HEP_FORWARD;
  const ca = data.CRANKBACK_HEP_FORWARD_CA;
  return {
    ...{ host: data.CRANKBACK_HEP_HOST, port, waitMs: data.CRANKBACK_HEP_WAIT_MS },
    ...(password !== undefined && { password }),
    ...(to && {
      forward: {
        ...{ to, decisions: data.CRANKBACK_HEP_FORWARD_DECISIONS },
        ...(ca !== undefined && { ca }),
      },
    }),
  };
}

/** Variables that forwarding needs beside its own, with what is expected. */
export function missingOfHep(
  given: ReadonlyMap<string, string | undefined>,
): readonly (readonly [name: string, expected: string])[] {
  const isWanted = given.get('CRANKBACK_HEP_FORWARD') !== undefined;
  if (!isWanted && given.get('CRANKBACK_HEP_FORWARD_DECISIONS') === 'true')
    return [
      [
        'CRANKBACK_HEP_FORWARD',
        'Expected the collectors that decisions go to, or no CRANKBACK_HEP_FORWARD_DECISIONS',
      ],
    ];
  if (!isWanted || given.get('CRANKBACK_HEP_PORT') !== undefined) return [];
  return [
    [
      'CRANKBACK_HEP_PORT',
      'Expected the port that the PBX mirrors its SIP to, or no CRANKBACK_HEP_FORWARD',
    ],
  ];
}

/** The collector that is crankback's own port: each packet would go round for ever. */
export function ownCollector({ host, port, forward }: HepSettings): HepCollector | undefined {
  const isOwn = (other: string): boolean =>
    other === host || isLoopback(other) || other === '0.0.0.0' || other === '::';
  return forward?.to.find(
    (one) => one.protocol === 'udp' && one.port === port && isOwn(one.host.toLowerCase()),
  );
}
