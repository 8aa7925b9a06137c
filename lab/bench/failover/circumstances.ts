import { cpus, release, type } from 'node:os';
import type { Bench } from './bench';

/** The circumstances of a run's figures: machine, versions, command, day. One line each. */
export async function circumstances(bench: Bench, command: string): Promise<string[]> {
  const { pbx } = bench;
  const [pbxVersion, node, sipp] = await Promise.all([
    bench.firstLine(pbx.name, pbx.version),
    bench.firstLine('crankback', ['node', '--version']),
    bench.firstLine('caller', ['sh', '-c', 'sipp -v | grep -o "SIPp v[^ ,-]*" || true']),
  ]);
  const cores = cpus();
  return [
    `command: ${command}`,
    `date: ${new Date().toISOString().slice(0, 10)}`,
    `machine: ${cores.length} cores, ${cores[0]?.model ?? 'unknown'}`,
    `kernel: ${type()} ${release()}`,
    `PBX: ${pbxVersion}`,
    `crankback on Node ${node}`,
    `carriers and caller: ${sipp}`,
  ];
}
