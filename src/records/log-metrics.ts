import { Counter, type Registry } from 'prom-client';

/** Registers what crankback counts about its own log. */
export function createLogMetrics(registry: Registry): {
  readonly dropped: (lines: number) => void;
} {
  const dropped = new Counter({
    name: 'crankback_log_lines_dropped_total',
    help: 'Log lines that could not be written: the disk is full, or nobody reads',
    registers: [registry],
  });
  return { dropped: (lines) => dropped.inc(lines) };
}
