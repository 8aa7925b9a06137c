import { Counter, Gauge, type Registry } from 'prom-client';

export interface AlertMetrics {
  readonly deliveries: Counter<'receiver' | 'result'>;
  /** @param alerts names of the alerts of open incidents, one for each */
  showOpen(alerts: () => readonly string[]): void;
}

/** Registers what is counted of alerts: receivers are those of the policy. */
export function createAlertMetrics(registry: Registry): AlertMetrics {
  const registers = [registry];
  return {
    deliveries: new Counter({
      name: 'crankback_alert_deliveries_total',
      help: 'Messages to receivers of alerts, taken or failed; a message that failed is sent again',
      labelNames: ['receiver', 'result'],
      registers,
    }),
    showOpen: (alerts) =>
      void new Gauge({
        name: 'crankback_incidents_open',
        help: 'Incidents that are open, by their alert',
        labelNames: ['alert'],
        registers,
        collect() {
          this.reset();
          for (const alert of alerts()) this.inc({ alert });
        },
      }),
  };
}
