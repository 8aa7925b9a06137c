import { readFile } from 'node:fs/promises';
import type { Containers, Service } from '../../runner/containers';

/** A process in the kernel's accounting. */
export interface ProcessUsage {
  /** CPU time since its start, in user and kernel mode. Milliseconds, in steps of 10. */
  readonly cpuMs: number;
  /** Megabytes (10^6 bytes). */
  readonly residentMb: number;
}

/** USER_HZ and the page size; the same on every Linux that runs docker here. */
const MS_PER_TICK = 10;
const PAGE = 4096;

/** Usage of the process with one of these names in a container. */
export async function usageOf(
  containers: Containers,
  service: Service,
  names: readonly string[],
): Promise<ProcessUsage> {
  // A process in the shell's list may end before it is read.
  const script = 'cat /proc/[0-9]*/stat 2>/dev/null || true';
  const found = readStat(await containers.ask(service, script), names);
  if (!found) throw new Error(`${service} has no process called ${names.join(' or ')}`);
  return found;
}

/** The first process with one of these names in lines of /proc/<pid>/stat. */
export function readStat(lines: string, names: readonly string[]): ProcessUsage | undefined {
  for (const line of lines.split('\n')) {
    // A name may contain blanks and parentheses, so it ends at the last one.
    const end = line.lastIndexOf(')');
    if (!names.includes(line.slice(line.indexOf('(') + 1, end))) continue;
    // proc(5) counts the pid as field 1; the text after the name begins with field 3.
    const field = (number: number) => Number(line.slice(end + 2).split(' ')[number - 3]);
    return {
      cpuMs: (field(14) + field(15)) * MS_PER_TICK,
      residentMb: (field(24) * PAGE) / 1e6,
    };
  }
  return undefined;
}

/** CPU time of the whole machine since its start, in ticks. */
export async function machineTicks(): Promise<{ busy: number; all: number }> {
  const [first = ''] = (await readFile('/proc/stat', 'utf8')).split('\n');
  const ticks = first.split(/ +/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, each) => sum + each, 0);
  const idle = (ticks[3] ?? 0) + (ticks[4] ?? 0);
  return { busy: all - idle, all };
}
