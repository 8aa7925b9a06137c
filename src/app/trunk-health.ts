import type { Registry } from 'prom-client';
import type { Logger } from 'winston';
import type { Settings } from '../settings/settings';
import type { Policy } from '../policy/policy';
import { ReadGauge } from '../records/sliced-metrics';
import type { Trunk } from '../policy/policy-data';
import type { InstanceHealthParts } from '../trunks/health/instance-health';
import type { HealthSettings } from '../policy/health-settings';
import type { HealthStore } from '../trunks/health/health-store';
import type { InProcessTrunks } from '../trunks/limits/trunk-limits';

/** Creates the store of trunk health according to the settings: for this process alone, or shared. */
export type HealthFactory = (
  parts: InstanceHealthParts & {
    readonly settings: Settings;
    readonly registry: Registry;
    readonly log: Logger;
  },
) => HealthStore;

/** Health settings of each trunk of a policy, in its order. */
export function healthOf({ trunks }: Policy): ReadonlyMap<string, HealthSettings> {
  return new Map([...trunks].map(([name, { health }]) => [name, health]));
}

const PHASES = ['closed', 'half-open', 'held'] as const;

/** `crankback_trunk_phase{trunk,phase}`: 1 for the present phase of each trunk of the policy in force, read at each scrape. */
export function showHealth(
  registry: Registry,
  policy: () => Pick<Policy, 'trunks'>,
  health: Pick<HealthStore, 'read'>,
): void {
  new ReadGauge(
    'crankback_trunk_phase',
    '1 for the phase of health that a trunk is in',
    ['trunk', 'phase'],
    function* () {
      for (const trunk of policy().trunks.keys()) {
        const { phase } = health.read(trunk);
        for (const one of PHASES)
          yield { labels: { trunk, phase: one }, value: one === phase ? 1 : 0 };
      }
    },
  ).registerIn(registry);
}

/** Calls at once on each trunk of the policy in force, and how many it allows; read at each scrape. */
export function showCallsInUse(
  registry: Registry,
  policy: () => Pick<Policy, 'trunks'>,
  inUse: Pick<InProcessTrunks, 'inUseOn' | 'limitsOf'>,
): void {
  const gauge = (name: string, help: string, of: (trunk: Trunk) => number | undefined): void => {
    new ReadGauge(name, help, ['trunk'], function* () {
      for (const trunk of policy().trunks.values()) {
        const value = of(trunk);
        yield value === undefined ? undefined : { labels: { trunk: trunk.name }, value };
      }
    }).registerIn(registry);
  };
  gauge(
    'crankback_trunk_calls',
    'Calls at once on a trunk as its limits count them: from the decision to dial to the next decision or the end',
    ({ name }) => inUse.inUseOn(name),
  );
  gauge(
    'crankback_trunk_calls_limit',
    'Calls at once that this instance may have on a trunk: concurrent_calls, or its share of them; absent without',
    (trunk) => {
      const calls = inUse.limitsOf(trunk, 0).find(({ counts }) => counts === 'concurrent_calls');
      return calls?.share ?? calls?.limit;
    },
  );
}
