import { Counter, Gauge, type Registry } from 'prom-client';

/** Contents of the memory for mirrored SIP. */
export interface MirrorSize {
  readonly legs: number;
  readonly messages: number;
  readonly bytes: number;
}

/** Registers crankback's metrics of mirrored SIP; `size` is called at each scrape. */
export function createMirrorMetrics(
  registry: Registry,
  size: () => MirrorSize,
): { readonly packets: Counter<'result'> } {
  const registers = [registry];
  const gauge = (name: string, help: string, of: keyof MirrorSize): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(size()[of]);
      },
    });
  };
  gauge('crankback_hep_legs', 'SIP legs remembered', 'legs');
  gauge('crankback_hep_messages', 'SIP messages remembered', 'messages');
  gauge('crankback_hep_bytes', 'What these occupy, as estimated', 'bytes');
  return {
    packets: new Counter({
      name: 'crankback_hep_packets_total',
      help: 'HEP datagrams by what became of them',
      labelNames: ['result'],
      registers,
    }),
  };
}
