import { Gauge, type Registry } from 'prom-client';
import type { BuildFacts } from '../cli/version';

const NOT_BUILT: BuildFacts = { version: 'not built', commit: 'unknown', contracts: {} };

/** `crankback_build_info`: what runs, with the version of each dialplan's contract. */
export function showBuild(
  registry: Registry,
  { version, commit, contracts }: BuildFacts = NOT_BUILT,
): void {
  const ofContracts = Object.fromEntries(
    Object.entries(contracts).map(([pbx, contract]) => [`${pbx}_contract`, contract]),
  );
  const labels = { version, commit, ...ofContracts };
  new Gauge({
    name: 'crankback_build_info',
    help: '1; its labels say which program runs and which version of the contract each dialplan must have',
    labelNames: Object.keys(labels),
    registers: [registry],
  }).set(labels, 1);
}
