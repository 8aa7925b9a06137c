import { Registry } from 'prom-client';
import { createFleetMetrics, createRedisMetrics } from '../../adapters/redis/metrics';
import { showCallsInUse, showHealth } from '../../src/app/trunk-health';
import { createPolicyMetrics } from '../../src/policy-file/policy-metrics';
import { createAlertMetrics } from '../../src/records/alert-metrics';
import { showBuild } from '../../src/records/build-metrics';
import { createCallMetrics, showTracked } from '../../src/records/call-metrics';
import { countLeftOut, showJournal } from '../../src/records/journal-metrics';
import { createForwardMetrics } from '../../src/records/forward-metrics';
import { createLogMetrics } from '../../src/records/log-metrics';
import { createMirrorMetrics } from '../../src/records/mirror-metrics';
import { createStateFileMetrics } from '../../src/records/state-file-metrics';
import { createTracingMetrics } from '../../src/records/tracing-metrics';
import { SingleInstanceStore } from '../../src/trunks/health/single-instance-store';

/** Every metric of crankback's own that a service with every adapter and setting has; nothing is counted. */
export function allMetrics(): Registry {
  const registry = new Registry();
  const contracts = { asterisk: '1', freeswitch: '1' };
  showBuild(registry, { version: '0.0.0', commit: '0000000', contracts });
  createCallMetrics(registry);
  showTracked(registry, []);
  createPolicyMetrics(registry);
  showHealth(registry, () => ({ trunks: new Map() }), noHealth());
  showCallsInUse(registry, () => ({ trunks: new Map() }), { inUseOn: () => 0, limitsOf: () => [] });
  const size = () => ({ legs: 0, messages: 0, bytes: 0 });
  createMirrorMetrics(registry, { size, isUp: () => true });
  createForwardMetrics(registry, [], () => []);
  showJournal(registry, { size: 0, bytes: 0 });
  countLeftOut(registry);
  createStateFileMetrics(registry);
  createLogMetrics(registry);
  createAlertMetrics(registry).showOpen(() => []);
  createTracingMetrics(registry);
  createRedisMetrics(registry);
  createFleetMetrics(registry);
  return registry;
}

function noHealth(): SingleInstanceStore {
  return new SingleInstanceStore({
    trunks: new Map(),
    now: () => 0,
    random: () => 0,
    instance: 'none',
    changed: () => undefined,
  });
}
