import type { ConfigurationDialect } from '../codecs/dialect';
import { version } from '../cli/version';
import type { CallEventStream } from '../events/stream';
import type { Named } from '../findings/named';
import { Desk } from '../http/desk/desk';
import { LiveEvents } from '../http/live/live-events';
import { LastingJournal } from '../journal/thread/lasting-journal';
import { Alerts } from '../notify/alerts';
import { besideStateFile } from '../notify/kept';
import { secretsOf } from '../notify/secret-files';
import type { Policy } from '../policy/policy';
import { createAlertMetrics } from '../records/alert-metrics';
import { DecisionLines } from '../records/decision-lines';
import { Journal } from '../records/journal';
import { countLeftOut, showJournal } from '../records/journal-metrics';
import { showing } from '../records/shown';
import { UnclassifiedResponses } from '../records/unclassified';
import type { Settings } from '../settings/settings';
import type { Factories } from './factories';
import { instanceName, machineName } from './fleet';
import type { Instruments } from './instruments';
import type { RunningMirror } from './mirror';
import { recordedStream } from './records';
import { startTracing } from './tracing';

/** An hour of a busy PBX. */
const JOURNAL_HUNTS = 10_000;

export interface RecordingParts {
  readonly settings: Settings;
  readonly createFleet: Factories['createFleet'];
  readonly mirror: RunningMirror | undefined;
  /** By the name of a PBX. */
  readonly dialects: Pick<ReadonlyMap<string, ConfigurationDialect>, 'get'>;
  /** At the start. */
  readonly policy: Policy;
  /** The file of that policy as it was read, UTF-8. */
  readonly policyText: Uint8Array;
  /** The policy in force. */
  readonly current: () => Policy;
  /** The PBXes that are away, and why. */
  readonly gone: () => ReadonlyMap<string, Named>;
  /** What alerts tell of the service itself. */
  readonly warnings: () => readonly Named[];
}

/** Where what happens to calls is kept, and who is told of it. */
export interface Recording {
  /** All of the others are made of what goes in here. */
  readonly events: CallEventStream;
  readonly journal: Journal;
  readonly lasting: LastingJournal;
  readonly live: LiveEvents;
  readonly desk: Desk;
  readonly alerts: Alerts;
  readonly unclassified: UnclassifiedResponses;
  start(): void;
  /** For the readiness report. */
  warnings(): readonly Named[];
  /** Nobody is told any more; what has been recorded is still kept. */
  hangUp(): Promise<void>;
  /** Writes and sends what is left, for a bounded time. */
  stop(): Promise<void>;
}

export function createRecording(
  {
    settings,
    createFleet,
    mirror,
    dialects,
    policy,
    policyText,
    current,
    gone,
    warnings,
  }: RecordingParts,
  { registry, log, metrics, now }: Instruments,
): Recording {
  const { maskNumbers, policyFile } = settings;
  const shown = showing({ maskNumbers });
  const isTrunk = (name: string) => current().trunks.has(name);
  const journal = new Journal({ hunts: JOURNAL_HUNTS }, countLeftOut(registry));
  showJournal(registry, journal);
  const name = instanceName(settings);
  const lasting: LastingJournal = new LastingJournal({
    ...(settings.journal.file !== undefined && { file: settings.journal.file }),
    retention: { days: settings.journal.days, bytes: settings.journal.megabytes * 1_000_000 },
    shown: maskNumbers ? shown : (value) => value,
    told: (message, fields) => void log.warn(message, fields),
    lost: (count) => metrics.recordsLost.inc({ consumer: 'lasting journal' }, count),
    ...(name !== undefined && {
      fleet: { name, maskNumbers, publish: (items) => fleet?.publish(items) },
    }),
    now,
  });
  const fleet = createFleet({
    ...{ settings, registry, log },
    take: (read) => lasting.ask('fleet', read),
  });
  lasting.policyInForce({ hash: policy.hash, file: policyFile, text: policyText });
  const unclassified = new UnclassifiedResponses(current);
  const live = new LiveEvents(shown, now().toString(36));
  const desk = new Desk({
    maskNumbers,
    connect: () => lasting.connect(),
    failed: (why) => log.error('HTTP could not answer', { finding: 'CB8005', why }),
  });
  const instance = name ?? machineName();
  const alerts = new Alerts({
    settings: () => current().alerts,
    isTrunk,
    dialects,
    state: () => ({ gone: gone(), policyFile, warnings: warnings() }),
    figures: async (since, until) => {
      const own = name === undefined ? {} : { instance: name };
      const asked = { since, until, now: now(), by: 'trunk', ...own } as const;
      return (await lasting.ask('figures', asked)).groups;
    },
    ...(settings.stateFile !== undefined && { file: besideStateFile(settings.stateFile) }),
    ...{ instance, secretOf: secretsOf(process.env), shown },
    ...{ log, metrics: createAlertMetrics(registry), now, random: Math.random },
  });
  const tracing = startTracing(settings, {
    ...{ registry, log, version: version(), instance, isTrunk },
  });
  const decisionLines =
    mirror && settings.hep?.forward?.decisions
      ? new DecisionLines(shown, (line) => mirror.tell(line))
      : undefined;
  const events = recordedStream({
    ...{ log, metrics, journal, lasting, live, alerts, dialects, unclassified, isTrunk },
    ...(tracing && { tracing }),
    ...(decisionLines && { decisionLines }),
  });
  return {
    ...{ events, journal, lasting, live, desk, alerts, unclassified },
    start: () => {
      fleet?.start();
      void alerts.start();
    },
    warnings: () => [
      ...lasting.warnings(),
      ...(fleet?.warnings() ?? []),
      ...(tracing?.warnings() ?? []),
    ],
    hangUp: async () => {
      live.stop();
      await alerts.stop();
    },
    stop: async () => {
      await desk.stop();
      events.flush();
      await Promise.all([lasting.stop(), tracing?.stop()]);
      await fleet?.stop();
    },
  };
}
