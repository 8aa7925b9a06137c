import type { Named } from '../findings/named';
import { isIP } from 'node:net';
import type { Registry } from 'prom-client';
import type { Logger } from 'winston';
import { createMirrorMetrics, type MirrorSize } from '../records/mirror-metrics';
import type { SipMirror } from '../calls/ports';
import { silenceOnFreeswitch } from '../explain/pbx/freeswitch-silence';
import type { Policy } from '../policy/policy';
import type { Settings } from '../settings/settings';

/** A collector with its socket. */
export interface RunningMirror extends SipMirror {
  size(): MirrorSize;
  /** What is wrong with the mirrored packets, one sentence each; calls are decided nevertheless. */
  findings(): readonly Named[];
  /** Resolves to the port in use; rejects if the address is not available. */
  start(): Promise<number>;
  stop(): Promise<void>;
}

/** Creates the collector of mirrored SIP. */
export type MirrorFactory = (parts: {
  readonly hep: NonNullable<Settings['hep']>;
  readonly counted: (result: string) => void;
  readonly unheard: (finding: Named) => void;
  readonly broken: (error: Error) => void;
}) => RunningMirror;

/** Opens the collector according to the settings; undefined if they have none. Rejects like `start`. */
export async function startMirror(
  { hep }: Settings,
  create: MirrorFactory,
  registry: Registry,
  log: Logger,
): Promise<RunningMirror | undefined> {
  if (!hep) return undefined;
  const { host } = hep;
  const mirror = create({
    hep,
    counted: (result) => metrics.packets.inc({ result }),
    unheard: (finding) => log.warn(finding, { host, port: hep.port }),
    broken: (error) =>
      log.error('mirrored SIP is not received any more', {
        finding: 'CB7006',
        why: error.message,
      }),
  });
  const metrics = createMirrorMetrics(registry, () => mirror.size());
  const port = await mirror.start();
  log.info('mirrored SIP is received', { host, port, password: hep.password !== undefined });
  if (hep.password === undefined && !isLoopback(host)) {
    log.warn('anybody who reaches this port can forge what carriers said', {
      finding: 'CB7005',
      host,
      port,
      expected: 'CRANKBACK_HEP_PASSWORD, or a loopback address',
    });
  }
  return mirror;
}

/** Says once what FreeSWITCH does about `first_response`, if one is served. */
export function tellSilence(
  { esl, hep }: Pick<Settings, 'esl' | 'hep'>,
  { trunks }: Pick<Policy, 'trunks'>,
  log: Pick<Logger, 'info'>,
): void {
  const why = esl && silenceOnFreeswitch(trunks.values(), hep !== undefined);
  if (why !== undefined) log.info('first_response', { pbx: 'freeswitch', why });
}

function isLoopback(host: string): boolean {
  return isIP(host) === 0 ? host === 'localhost' : host === '::1' || host.startsWith('127.');
}
