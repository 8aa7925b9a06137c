import { named, type Named } from '../findings/named';
import { isIP } from 'node:net';
import type { Registry } from 'prom-client';
import type { Logger } from 'winston';
import { createForwardMetrics } from '../records/forward-metrics';
import type { DecisionLine } from '../records/decision-lines';
import { createMirrorMetrics, type MirrorSize } from '../records/mirror-metrics';
import type { SipMirror } from '../calls/ports';
import { silenceOnFreeswitch } from '../explain/pbx/freeswitch-silence';
import type { Policy } from '../policy/policy';
import type { Settings } from '../settings/settings';

/** Another collector, as it is now. */
export interface CollectorState {
  readonly collector: string;
  /** Why it takes nothing; absent while it does. */
  readonly why?: string;
  readonly waitingBytes: number;
}

/** A collector with its socket. */
export interface RunningMirror extends SipMirror {
  size(): MirrorSize;
  /** What is wrong with the mirrored packets, one sentence each; calls are decided nevertheless. */
  findings(): readonly Named[];
  /** The other collectors that its packets are passed on to. */
  collectors(): readonly CollectorState[];
  /** Tells the other collectors of a decision. Returns at once. */
  tell(line: DecisionLine): void;
  /** Resolves to the port in use; rejects if the address is not available. */
  start(): Promise<number>;
  stop(): Promise<void>;
}

/** Creates the collector of mirrored SIP. */
export type MirrorFactory = (parts: {
  readonly hep: NonNullable<Settings['hep']>;
  readonly forwarding: {
    readonly sent: (collector: string) => void;
    readonly dropped: (collector: string, reason: string) => void;
    readonly changed: (collector: string, why?: string) => void;
  };
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
  let isBroken = false;
  const mirror = create({
    hep,
    forwarding: {
      sent: (collector) => forwarded?.packets.inc({ collector }),
      dropped: (collector, reason) => forwarded?.dropped.inc({ collector, reason }),
      changed: (collector, why) =>
        why === undefined
          ? log.info('HEP collector takes packets', { collector })
          : log.warn('HEP collector is away', { finding: 'CB7013', collector, why }),
    },
    counted: (result) => {
      metrics.packets.inc({ result });
      if (result === 'joined') metrics.lastSeconds.setToCurrentTime();
    },
    unheard: (finding) => log.warn(finding, { host, port: hep.port }),
    broken: (error) => {
      isBroken = true;
      log.error('mirrored SIP is not received any more', {
        finding: 'CB7006',
        why: error.message,
      });
    },
  });
  const metrics = createMirrorMetrics(registry, {
    size: () => mirror.size(),
    isUp: () => !isBroken && mirror.findings().length === 0,
  });
  const { forward } = hep;
  const names = forward?.to.map(({ name }) => name) ?? [];
  const forwarded = forward && createForwardMetrics(registry, names, () => mirror.collectors());
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

/** For the readiness report. */
export function mirrorWarnings(
  mirror: Pick<RunningMirror, 'findings' | 'collectors'>,
): readonly Named[] {
  const away = mirror
    .collectors()
    .flatMap(({ collector, why }) =>
      why === undefined
        ? []
        : [named('CB7013', `CRANKBACK_HEP_FORWARD: ${collector} gets no packets: ${why}`)],
    );
  return [...mirror.findings(), ...away];
}

/** Says once what FreeSWITCH does about `first_response`, if one is served. */
export function tellSilence(
  { pbxes, hep }: Pick<Settings, 'pbxes' | 'hep'>,
  { trunks }: Pick<Policy, 'trunks'>,
  log: Pick<Logger, 'info'>,
): void {
  const why = silenceOnFreeswitch(trunks.values(), hep !== undefined);
  if (why === undefined) return;
  for (const { name, kind } of pbxes)
    if (kind === 'freeswitch') log.info('first_response', { pbx: name, why });
}

function isLoopback(host: string): boolean {
  return isIP(host) === 0 ? host === 'localhost' : host === '::1' || host.startsWith('127.');
}
