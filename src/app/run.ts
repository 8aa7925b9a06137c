import { named, type Named } from '../findings/named';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { showBuild } from '../records/build-metrics';
import { beginAtZero, createCallMetrics, showTracked } from '../records/call-metrics';
import { collectProcessMetrics } from '../records/process-metrics';
import { recordedStream } from './records';
import { PlanGeneration } from '../policy/plan/plan-generation';
import { CallPipeline } from '../calls/pipeline';
import { Travels } from '../calls/travels';
import { LearnedOffers } from '../codecs/learned';
import { PolicyWorker } from '../policy-file/watch/policy-worker';
import { createPolicyMetrics } from '../policy-file/policy-metrics';
import { problemLines } from '../policy-file/problems/problems';
import { readSettings, type SettingFlags, type Settings } from '../settings/settings';
import { renderSettingProblem } from '../settings/setting-problem';
import { Desk } from '../http/desk/desk';
import { LiveEvents } from '../http/live/live-events';
import { createHttpServer } from '../http/server';
import type { OperatorHolds } from '../state-file/operator-holds';
import { DecisionLines } from '../records/decision-lines';
import { Journal } from '../records/journal';
import { UnclassifiedResponses } from '../records/unclassified';
import { countLeftOut, showJournal } from '../records/journal-metrics';
import { createLogMetrics } from '../records/log-metrics';
import { createLogger } from '../records/logger';
import { modeOfTrunk, observedPart } from '../policy/mode';
import type { Policy } from '../policy/policy';
import { LastingJournal } from '../journal/thread/lasting-journal';
import { showing } from '../records/shown';
import { LimitsAndHealth } from '../trunks/limits-and-health';
import { ownReports, ownTrunks } from '../trunks/own-of-pbx';
import { ofPbx } from '../policy/of-pbx';
import { InProcessTrunks } from '../trunks/limits/trunk-limits';
import { EXIT } from '../cli/exit';
import { keptHolds } from './operator-holds';
import { printError } from '../cli/print';
import { buildFacts, version } from '../cli/version';
import { createAlertMetrics } from '../records/alert-metrics';
import { Alerts } from '../notify/alerts';
import { besideStateFile } from '../notify/kept';
import { secretsOf } from '../notify/secret-files';
import type { Factories } from './factories';
import { healthOf, showCallsInUse, showHealth } from './trunk-health';
import { mirrorWarnings, startMirror, tellSilence, type RunningMirror } from './mirror';
import { instanceName, machineName } from './fleet';
import { livePolicy } from './live-policy';
import {
  inNamesOfPbx,
  isOfPolicy,
  startLater,
  unknownPbxProblems,
  unusablePbxes,
} from './several-pbxes';
import { systemd } from './systemd';
import { startTracing } from './tracing';

/** An hour of a busy PBX. */
const JOURNAL_HUNTS = 10_000;
const DRAIN_MS = 2_000;
/** Mistakes of one kind in a policy: enough to see which. */
const MOST_TOLD = 10;
/** After our end, a library's open work delays the exit no longer than this. */
const LINGER_MS = 500;

/**
 * `crankback run`: the service, until SIGTERM or SIGINT. Ends with code 2 on a wrong setting.
 * @param factoriesFor loads what these settings need
 */
export async function run(
  flags: SettingFlags,
  factoriesFor: (settings: Settings) => Promise<Factories>,
): Promise<void> {
  const read = readSettings(process.env, flags, (path) => readFileSync(path, 'utf8'));
  for (const warning of read.warnings) printError(`warning: ${renderSettingProblem(warning)}`);
  if (!read.ok) return refuse(read.problems.map(renderSettingProblem));
  const { settings } = read;
  const source = new PolicyWorker(settings.policyFile);
  // A thread reads the policy meanwhile.
  const [loaded, factories] = await Promise.all([
    source.look({ atOnce: true }),
    factoriesFor(settings),
  ]);
  const { createPbxes, createMirror, createHealth, createFleet, createSharedLimits } = factories;
  if (loaded.kind !== 'loaded') {
    if (loaded.kind === 'refused') refuse(problemLines(loaded));
    return leave(source.stop());
  }
  const { policy } = loaded;

  const { maskNumbers } = settings;
  const registry = new Registry();
  collectProcessMetrics(registry);
  showBuild(registry, buildFacts());
  const { dropped } = createLogMetrics(registry);
  const log = createLogger({ ...settings.log, maskNumbers }, { dropped });
  const metrics = createCallMetrics(registry);
  const now = () => Date.now();
  let mirror: RunningMirror | undefined;
  try {
    mirror = await startMirror(settings, createMirror, registry, log);
  } catch (error) {
    const text = `CRANKBACK_HEP_HOST, CRANKBACK_HEP_PORT: cannot listen there: ${why(error)}`;
    return refuse([named('CB7001', text)]);
  }
  const pbxes = createPbxes({
    settings,
    policy,
    log,
    now,
    dropped: (pbx, reason) => metrics.eventsDropped.inc({ pbx, reason }),
    ...(mirror && { mirror }),
  });
  beginAtZero(
    metrics,
    pbxes.map(({ pbx }) => pbx),
  );
  showTracked(registry, pbxes);
  const travels: Travels[] = [];
  const generation = new PlanGeneration(now(), (current) => {
    for (const { pbx, port } of pbxes) {
      port.generationRaised?.(current).catch((error: unknown) => {
        // The PBX gets the generation when it connects; until then its calls follow their plans, or ask.
        log.warn('plans could not be made void', { finding: 'CB8009', pbx, error });
      });
    }
    for (const one of travels) one.changed();
  });
  generation.raise();
  const stopPbxes = () => Promise.all(pbxes.map(({ port }) => port.stop()));
  const unusable = await unusablePbxes(pbxes, settings.pbxes);
  const unknown = unknownPbxProblems(policy, settings.pbxes);
  // One of several may be out of order without the others noticing; the policy is the same for all.
  const wrong = [...unusable.values()].filter(
    (text) => unusable.size === pbxes.length || isOfPolicy(text),
  );
  if (wrong.length > 0 || unknown.length > 0) {
    await stopPbxes();
    await mirror?.stop();
    return refuse([...wrong, ...unknown]);
  }

  const journal = new Journal({ hunts: JOURNAL_HUNTS }, countLeftOut(registry));
  showJournal(registry, journal);
  const name = instanceName(settings);
  const lasting: LastingJournal = new LastingJournal({
    ...(settings.journal.file !== undefined && { file: settings.journal.file }),
    retention: { days: settings.journal.days, bytes: settings.journal.megabytes * 1_000_000 },
    shown: maskNumbers ? showing({ maskNumbers }) : (value) => value,
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
  lasting.policyInForce({ hash: policy.hash, file: settings.policyFile });
  // Asked for anew each time: an adapter of another mode has a dialect of its own.
  const ports = new Map(pbxes.map(({ pbx, port }) => [pbx, port]));
  const dialects = { get: (pbx: string) => ports.get(pbx)?.dialect };
  const kept: { holds?: OperatorHolds } = {};
  const unclassified = new UnclassifiedResponses(() => live.current());
  const liveEvents = new LiveEvents(showing({ maskNumbers }), now().toString(36));
  const desk = new Desk({
    maskNumbers,
    connect: () => lasting.connect(),
    failed: (why) => log.error('HTTP could not answer', { finding: 'CB8005', why }),
  });
  const alerts = new Alerts({
    settings: () => live.current().alerts,
    isTrunk: (trunk) => live.current().trunks.has(trunk),
    dialects,
    state: () => ({
      gone: new Map(
        services.flatMap(({ pbx, calls }) => {
          const state = calls.connectionState();
          return state.connected ? [] : [[pbx, state.why] as const];
        }),
      ),
      policyFile: settings.policyFile,
      warnings: warnings(),
    }),
    figures: async (since, until) => {
      const own = name === undefined ? {} : { instance: name };
      const asked = { since, until, now: now(), by: 'trunk', ...own } as const;
      return (await lasting.ask('figures', asked)).groups;
    },
    ...(settings.stateFile !== undefined && { file: besideStateFile(settings.stateFile) }),
    instance: name ?? machineName(),
    secretOf: secretsOf(process.env),
    shown: showing({ maskNumbers }),
    ...{ log, metrics: createAlertMetrics(registry), now, random: Math.random },
  });
  const tracing = startTracing(settings, {
    ...{ registry, log, version: version(), instance: name ?? machineName() },
    isTrunk: (trunk) => live.current().trunks.has(trunk),
  });
  const listening = mirror;
  const decisionLines =
    listening && settings.hep?.forward?.decisions
      ? new DecisionLines(showing({ maskNumbers }), (line) => listening.tell(line))
      : undefined;
  const events = recordedStream({
    log,
    alerts,
    ...(tracing && { tracing }),
    ...(decisionLines && { decisionLines }),
    live: liveEvents,
    metrics,
    journal,
    lasting,
    dialects,
    unclassified,
    isTrunk: (name) => live.current().trunks.has(name),
  });
  // Never goes back, even if the machine's date does.
  const steadyNow = () => performance.timeOrigin + performance.now();
  const health = createHealth({
    settings,
    registry,
    log,
    trunks: healthOf(policy),
    now: steadyNow,
    random: Math.random,
    instance: randomUUID(),
    changed: (change) => {
      kept.holds?.changed();
      if (change.from !== change.to.phase) generation.raise();
      events.emit({ kind: 'trunk-changed', at: now(), change });
    },
  });
  showHealth(registry, () => live.current(), health);
  const sharedLimits = createSharedLimits({ settings, registry, log, now });
  sharedLimits?.configure(policy.trunks.values());
  const live = livePolicy({
    file: settings.policyFile,
    source,
    policy,
    publish: async (next) => {
      health.configure(healthOf(next));
      sharedLimits?.configure(next.trunks.values());
      kept.holds?.changed();
      for (const why of unknownPbxProblems(next, settings.pbxes).slice(0, MOST_TOLD))
        log.warn('trunk is for a PBX that is not there', { finding: 'CB1218', why });
      const told = await Promise.allSettled(
        pbxes.map(async ({ pbx, port }) => port.policyChanged?.(ofPbx(next, pbx))),
      );
      // Last: until this has settled, the earlier policy makes plans.
      generation.raise();
      const failed = told.find((one) => one.status === 'rejected');
      if (failed) throw failed.reason;
    },
    changed: (change) => events.emit({ kind: 'policy-changed', at: now(), ...change }),
    log,
    metrics: createPolicyMetrics(registry),
  });
  // A sick carrier is sick for every PBX.
  const offers = new LearnedOffers();
  const inUse = new InProcessTrunks(offers, sharedLimits?.shares);
  showCallsInUse(registry, live.current, inUse);
  const trunks = new LimitsAndHealth(inUse, health);
  const services = pbxes.map(({ pbx, port }) => ({
    pbx,
    calls: new CallPipeline({
      pbx,
      port,
      policy: () => ofPbx(live.current(), pbx),
      trunks: ownTrunks(pbx, trunks),
      health: ownReports(pbx, health),
      raiseGeneration: () => generation.raise(),
      emit: (event) => events.emit(event),
      now,
    }),
  }));
  for (const { pbx, port } of pbxes)
    travels.push(
      new Travels({
        policy: () => ofPbx(live.current(), pbx),
        trunks: ownTrunks(pbx, trunks),
        port,
        generation: () => generation.current,
        failed: (error) =>
          log.warn('what travels could not be told', { finding: 'CB8009', pbx, error }),
        now,
      }),
    );
  const warnings = () => [
    ...live.warnings(),
    ...unknownPbxProblems(live.current(), settings.pbxes),
    ...(mirror ? mirrorWarnings(mirror) : []),
    ...health.warnings(),
    ...lasting.warnings(),
    ...(fleet?.warnings() ?? []),
    ...(sharedLimits?.warnings() ?? []),
    ...(kept.holds?.warnings() ?? []),
    ...(tracing?.warnings() ?? []),
  ];
  let draining = false;
  const running = buildFacts();
  const server = createHttpServer({
    registry,
    journal,
    lasting,
    modeOf: (trunk) => modeOfTrunk(live.current(), trunk),
    limitsOf: (name) => {
      const trunk = live.current().trunks.get(name);
      return trunk ? inUse.limitsOf(trunk, now()) : [];
    },
    limitOf: (trunk) => live.current().trunks.get(trunk)?.limits.concurrentCalls,
    now,
    readiness: () => [
      ...(draining ? [named('CB8003', 'draining')] : []),
      ...services.flatMap(({ pbx, calls }) => {
        const state = calls.connectionState();
        const why = unusable.get(pbx) ?? (state.connected ? undefined : state.why);
        if (why === undefined) return [];
        return [`${pbx}: ${inNamesOfPbx(pbx, settings.pbxes, why)}` as Named];
      }),
    ],
    warnings: () => [
      ...[observedPart(live.current())].flatMap((one) =>
        one === undefined ? [] : [named('CB1402', one)],
      ),
      ...warnings(),
      ...alerts.warnings(),
    ],
    ...(running && { running }),
    maskNumbers,
    trunks: health,
    unclassified,
    offers: {
      of: (trunk) => offers.of(trunk, now()),
      forget: (trunk) => {
        if (offers.refused(trunk)) generation.raise();
      },
    },
    // A masked Call-ID would find nothing, and a whole one may have a number in it.
    ...(settings.homerUrl !== undefined && !maskNumbers && { homerUrl: settings.homerUrl }),
    ...(settings.traces && { traced: true }),
    v1: {
      desk,
      live: liveEvents,
      policy: { file: settings.policyFile, current: live.current, warnings: live.warnings },
      limits: () => callsAtOnce(live.current()),
      alerts,
      operated: (what) => void log.info('operator', { ...what }),
    },
    tokens: {
      ...(settings.httpToken !== undefined && { operate: settings.httpToken }),
      ...(settings.httpReadToken !== undefined && { read: settings.httpReadToken }),
    },
    own: { host: settings.http.host, names: settings.httpNames },
  });
  try {
    await server.listen(settings.http);
  } catch (error) {
    void live.stop();
    await stopPbxes();
    await mirror?.stop();
    const text = `CRANKBACK_HTTP_HOST, CRANKBACK_HTTP_PORT: cannot listen there: ${why(error)}`;
    return refuse([named('CB8007', text)]);
  }
  // Behind the port: a second instance that finds it taken has not touched the file of the first.
  const { stateFile } = settings;
  const holds = await keptHolds({ file: stateFile, health, log, registry, now: steadyNow });
  if (holds) kept.holds = holds;
  log.info('crankback runs', {
    version: version(),
    policy: settings.policyFile,
    hash: policy.hash,
    http: settings.http,
  });
  tellSilence(settings, policy, log);
  health.start();
  fleet?.start();
  sharedLimits?.start(inUse);
  for (const { pbx, calls } of services) if (!unusable.has(pbx)) calls.start();
  const later = startLater({
    ...{ unusable, pbxes, settings: settings.pbxes, log },
    start: (pbx) => services.find((one) => one.pbx === pbx)?.calls.start(),
  });
  for (const one of travels) one.changed();
  void alerts.start();
  // Not when the PBX is connected: one that is away must not make systemd start us again and again.
  const supervisor = systemd(process.env, process.pid);
  supervisor.ready();

  const shutDown = async (signal: string) => {
    if (draining) return;
    draining = true;
    log.info('draining', { signal });
    supervisor.stopping();
    later.stop();
    const policyEnds = live.stop();
    await Promise.all(travels.map((one) => one.stop(DRAIN_MS)));
    await Promise.all(services.map(({ calls }) => calls.drain(DRAIN_MS)));
    await kept.holds?.stop();
    await Promise.all([health.stop(), sharedLimits?.stop()]);
    await mirror?.stop();
    liveEvents.stop();
    await alerts.stop();
    await server.close();
    await desk.stop();
    events.flush();
    await Promise.all([lasting.stop(), tracing?.stop()]);
    await fleet?.stop();
    log.info('stopped');
    await leave(policyEnds);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => void shutDown(signal));
  // For file systems that report no changes (network), and for users who expect the signal.
  process.on('SIGHUP', () => live.reload());
}

/** By trunk; a trunk without a limit is left out. */
function callsAtOnce({ trunks }: Policy): Readonly<Record<string, number>> {
  return Object.fromEntries(
    [...trunks].flatMap(([name, { limits }]) =>
      limits.concurrentCalls === undefined ? [] : [[name, limits.concurrentCalls]],
    ),
  );
}

/** Ends the process; a library that still waits for something does not put that off. */
async function leave(policyEnds: Promise<void>): Promise<void> {
  // A thread that the kernel holds ends with the file system, and every other way out waits for it.
  const kill = setTimeout(() => process.kill(process.pid, 'SIGKILL'), LINGER_MS);
  await policyEnds;
  clearTimeout(kill);
  setTimeout(() => process.exit(), LINGER_MS).unref();
}

function why(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function refuse(problems: readonly string[]): void {
  for (const problem of problems) printError(problem);
  process.exitCode = EXIT.usage;
}
