import { Counter, Gauge, type Registry } from 'prom-client';

/** Contents of the memory for mirrored SIP. */
export interface MirrorSize {
  readonly legs: number;
  readonly messages: number;
  readonly bytes: number;
}

export interface MirrorMetrics {
  readonly packets: Counter<'result'>;
  /** Of the last message that counts. */
  readonly lastSeconds: Gauge;
}

/** Registers crankback's metrics of mirrored SIP; `size` and `isUp` are called at each scrape. */
export function createMirrorMetrics(
  registry: Registry,
  { size, isUp }: { readonly size: () => MirrorSize; readonly isUp: () => boolean },
): MirrorMetrics {
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
  new Gauge({
    name: 'crankback_hep_up',
    help: '1 while mirrored SIP is received; 0: the port is broken, or the PBX has sent SIP and none of it came',
    registers,
    collect() {
      this.set(isUp() ? 1 : 0);
    },
  });
  return {
    lastSeconds: new Gauge({
      name: 'crankback_hep_last_message_timestamp_seconds',
      help: 'When SIP that the PBX sent or that answers it was last mirrored: Unix time; 0 before the first',
      registers,
    }),
    packets: new Counter({
      name: 'crankback_hep_packets_total',
      help: 'HEP datagrams by what became of them',
      labelNames: ['result'],
      registers,
    }),
  };
}
