import { Counter, Gauge, type Registry } from 'prom-client';

export interface StateFileMetrics {
  readonly writable: Gauge;
  readonly failures: Counter;
}

/** Registers what is counted about the file that holds by operators are kept in. */
export function createStateFileMetrics(registry: Registry): StateFileMetrics {
  const registers = [registry];
  return {
    writable: new Gauge({
      name: 'crankback_state_file_writable',
      help: '1 while holds by operators are kept for the next start; 0: a restart forgets them',
      registers,
    }),
    failures: new Counter({
      name: 'crankback_state_file_failures_total',
      help: 'Attempts to read or write the state file that failed or took too long',
      registers,
    }),
  };
}
