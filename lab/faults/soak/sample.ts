import type { Containers } from '../../runner/containers';
import { readMetrics, sumOf, valuesOf } from '../metrics';

const MB = 1e6;

/** crankback at one moment. */
export interface Sample {
  /** Seconds since the first call. */
  readonly at: number;
  /** Resident memory, from /proc. Megabytes (10^6 bytes). */
  readonly residentMb: number;
  readonly heapMb: number;
  /** Open file descriptors, from /proc. */
  readonly descriptors: number;
  readonly threads: number;
  /** What Node counts as active: sockets, timers, requests. */
  readonly handles: number;
  /** What crankback keeps for calls in progress, by kind; its listeners too. */
  readonly tracked: Readonly<Record<string, number>>;
}

const SCRIPT = `pid=$(cat /tmp/crankback.pid)
grep -E '^(VmRSS|Threads):' /proc/$pid/status
echo "Descriptors: $(ls /proc/$pid/fd | wc -l)"`;

/** Looks at the process and at its own metrics. */
export async function sampleCrankback(containers: Containers, at: number): Promise<Sample> {
  const status = await containers.ask('crankback', SCRIPT);
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
  const metrics = await readMetrics();
  return {
    at,
    residentMb: (field('VmRSS') * 1024) / MB,
    heapMb: sumOf(metrics, 'nodejs_heap_size_used_bytes') / MB,
    descriptors: field('Descriptors'),
    threads: field('Threads'),
    handles: sumOf(metrics, 'nodejs_active_resources_total'),
    tracked: valuesOf(metrics, 'crankback_tracked', 'kind'),
  };
}
