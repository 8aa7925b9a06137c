import type { Worker } from 'node:worker_threads';
import { version } from '../cli/version';
import { CallPipeline } from '../calls/pipeline';
import { Travels } from '../calls/travels';
import { named, type Named } from '../findings/named';
import { createPolicyMetrics } from '../policy-file/policy-metrics';
import { ofPbx } from '../policy/of-pbx';
import { PlanGeneration } from '../policy/plan/plan-generation';
import type { Policy } from '../policy/policy';
import { beginAtZero, showTracked } from '../records/call-metrics';
import type { SettingFlags, Settings } from '../settings/settings';
import type { OperatorHolds } from '../state-file/operator-holds';
import { ownReports, ownTrunks } from '../trunks/own-of-pbx';
import { readAtStart } from './at-start';
import { leave, refuse, why } from './ending';
import type { Factories } from './factories';
import { createInstruments } from './instruments';
import { livePolicy } from './live-policy';
import { mirrorWarnings, startMirror, tellSilence, type RunningMirror } from './mirror';
import { keptHolds } from './operator-holds';
import { createOperatorsServer } from './operators-server';
import { createRecording } from './recording';
import {
  inNamesOfPbx,
  isOfPolicy,
  startLater,
  unknownPbxProblems,
  unusablePbxes,
} from './several-pbxes';
import { systemd } from './systemd';
import { createTrunks } from './trunks';

const DRAIN_MS = 2_000;
/** Mistakes of one kind in a policy: enough to see which. */
const MOST_TOLD = 10;

/**
 * `crankback run`: the service, until SIGTERM or SIGINT. Ends with code 2 on a wrong setting.
 * @param factoriesFor loads what these settings need
 * @param thread reads the policy, see `policyThread`
 */
export async function run(
  flags: SettingFlags,
  factoriesFor: (settings: Settings) => Promise<Factories>,
  thread: Worker,
): Promise<void> {
  const atStart = await readAtStart(flags, factoriesFor, thread);
  if (!atStart) return;
  const { settings, policy, policyText, source, factories } = atStart;
  const instruments = createInstruments(settings);
  const { registry, log, metrics, now } = instruments;
  let mirror: RunningMirror | undefined;
  try {
    mirror = await startMirror(settings, factories.createMirror, registry, log);
  } catch (error) {
    const text = `CRANKBACK_HEP_HOST, CRANKBACK_HEP_PORT: cannot listen there: ${why(error)}`;
    return refuse([named('CB7001', text)]);
  }
  const pbxes = factories.createPbxes({
    ...{ settings, policy, log, now },
    dropped: (pbx, reason) => metrics.eventsDropped.inc({ pbx, reason }),
    ...(mirror && { mirror }),
  });
  beginAtZero(
    metrics,
    pbxes.map(({ pbx }) => pbx),
  );
  showTracked(registry, pbxes);
  const travels = new Map<string, Travels>();
  const generation = new PlanGeneration(now(), (current) => {
    for (const { pbx, port } of pbxes) {
      port.generationRaised?.(current).catch((error: unknown) => {
        // The PBX gets the generation when it connects; until then its calls follow their plans, or ask.
        log.warn('plans could not be made void', { finding: 'CB8009', pbx, error });
      });
    }
    for (const one of travels.values()) one.changed();
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

  // Asked for anew each time: an adapter of another mode has a dialect of its own.
  const ports = new Map(pbxes.map(({ pbx, port }) => [pbx, port]));
  const kept: { holds?: OperatorHolds } = {};
  const current = (): Policy => live.current();
  const recording = createRecording(
    {
      ...{ settings, mirror, policy, policyText, current },
      createFleet: factories.createFleet,
      dialects: { get: (pbx) => ports.get(pbx)?.dialect },
      gone: () => new Map(away().map(({ pbx, text }) => [pbx, text])),
      warnings: () => warnings(),
    },
    instruments,
  );
  const { events } = recording;
  const trunks = createTrunks(
    {
      ...{ settings, factories, policy, current },
      changed: (change) => {
        kept.holds?.changed();
        if (change.from !== change.to.phase) generation.raise();
        events.emit({ kind: 'trunk-changed', at: now(), change });
      },
    },
    instruments,
  );
  const live = livePolicy({
    ...{ file: settings.policyFile, source, policy, log },
    publish: async (next) => {
      trunks.configure(next);
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
    metrics: createPolicyMetrics(registry),
  });
  const services = pbxes.map(({ pbx, port }) => ({
    pbx,
    calls: new CallPipeline({
      ...{ pbx, port, now },
      policy: () => ofPbx(current(), pbx),
      trunks: ownTrunks(pbx, trunks.trunks),
      health: ownReports(pbx, trunks.health),
      raiseGeneration: () => generation.raise(),
      emit: (event) => events.emit(event),
    }),
  }));
  for (const { pbx, port } of pbxes)
    travels.set(
      pbx,
      new Travels({
        ...{ port, now },
        policy: () => ofPbx(current(), pbx),
        trunks: ownTrunks(pbx, trunks.trunks),
        generation: () => generation.current,
        failed: (error) =>
          log.warn('what travels could not be told', { finding: 'CB8009', pbx, error }),
      }),
    );
  const away = () =>
    services.flatMap(({ pbx, calls }) => {
      const state = calls.connectionState();
      return state.connected ? [] : [{ pbx, text: state.why }];
    });
  const warnings = () => [
    ...live.warnings(),
    ...unknownPbxProblems(current(), settings.pbxes),
    ...(mirror ? mirrorWarnings(mirror) : []),
    ...trunks.warnings(),
    ...recording.warnings(),
    ...(kept.holds?.warnings() ?? []),
  ];
  let draining = false;
  const server = createOperatorsServer(
    {
      ...{ settings, live, recording, trunks, warnings },
      readiness: () => [
        ...(draining ? [named('CB8003', 'draining')] : []),
        ...services.flatMap(({ pbx, calls }) => {
          const state = calls.connectionState();
          const why = unusable.get(pbx) ?? (state.connected ? undefined : state.why);
          if (why === undefined) return [];
          return [`${pbx}: ${inNamesOfPbx(pbx, settings.pbxes, why)}` as Named];
        }),
      ],
      travels: () =>
        Object.fromEntries(
          services.flatMap(({ pbx, calls }) => {
            const told = travels.get(pbx)?.toldLast;
            // One that is away is told when it is back.
            return told && calls.connectionState().connected ? [[pbx, told]] : [];
          }),
        ),
      raiseGeneration: () => generation.raise(),
    },
    instruments,
  );
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
  const holds = await keptHolds({
    ...{ log, registry, health: trunks.health, now: trunks.steadyNow },
    file: settings.stateFile,
  });
  if (holds) kept.holds = holds;
  log.info('crankback runs', {
    version: version(),
    policy: settings.policyFile,
    hash: policy.hash,
    http: settings.http,
  });
  tellSilence(settings, policy, log);
  trunks.start();
  for (const { pbx, calls } of services) if (!unusable.has(pbx)) calls.start();
  const later = startLater({
    ...{ unusable, pbxes, settings: settings.pbxes, log },
    start: (pbx) => services.find((one) => one.pbx === pbx)?.calls.start(),
  });
  for (const one of travels.values()) one.changed();
  recording.start();
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
    await Promise.all([...travels.values()].map((one) => one.stop(DRAIN_MS)));
    await Promise.all(services.map(({ calls }) => calls.drain(DRAIN_MS)));
    await kept.holds?.stop();
    await trunks.stop();
    await mirror?.stop();
    await recording.hangUp();
    await server.close();
    await recording.stop();
    log.info('stopped');
    await leave(policyEnds);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => void shutDown(signal));
  // For file systems that report no changes (network), and for users who expect the signal.
  process.on('SIGHUP', () => live.reload());
}
