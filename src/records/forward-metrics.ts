import { Counter, Gauge, type Registry } from 'prom-client';

export interface ForwardMetrics {
  readonly packets: Counter<'collector'>;
  readonly dropped: Counter<'collector' | 'reason'>;
}

interface Collector {
  readonly collector: string;
  readonly why?: string;
  readonly waitingBytes: number;
}

/**
 * Registers what is counted of packets for other collectors.
 * @param names every collector of the settings
 * @param states as they are now, asked for at each scrape
 */
export function createForwardMetrics(
  registry: Registry,
  names: readonly string[],
  states: () => readonly Collector[],
): ForwardMetrics {
  const registers = [registry];
  const gauge = (name: string, help: string, of: (one: Collector) => number): void => {
    new Gauge({
      name,
      help,
      labelNames: ['collector'],
      registers,
      collect() {
        for (const one of states()) this.set({ collector: one.collector }, of(one));
      },
    });
  };
  gauge(
    'crankback_hep_forward_up',
    '1 while another HEP collector takes packets; with UDP: while nobody says that it does not',
    ({ why }) => (why === undefined ? 1 : 0),
  );
  gauge(
    'crankback_hep_forward_waiting_bytes',
    'Packets that wait for a collector',
    ({ waitingBytes }) => waitingBytes,
  );
  const packets = new Counter({
    name: 'crankback_hep_forwarded_total',
    help: 'Packets passed on to another HEP collector: given to the network',
    labelNames: ['collector'],
    registers,
  });
  const dropped = new Counter({
    name: 'crankback_hep_forward_dropped_total',
    help: 'Packets that a collector did not get: too much waited for it (full), or its connection broke (lost)',
    labelNames: ['collector', 'reason'],
    registers,
  });
  for (const collector of names) {
    packets.inc({ collector }, 0);
    for (const reason of ['full', 'lost']) dropped.inc({ collector, reason }, 0);
  }
  return { packets, dropped };
}
