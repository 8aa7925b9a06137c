import { Counter, Gauge, type Registry } from 'prom-client';
import type { Journal, LeftOut } from './journal';

/** Counts what a journal does not keep whole. */
export function countLeftOut(registry: Registry): (what: LeftOut) => void {
  const counter = new Counter({
    name: 'crankback_journal_left_out_total',
    help: 'What GET /hunts does not have whole: texts and lists (cut), inputs of decisions, attempts and decisions (entry)',
    labelNames: ['what'],
    registers: [registry],
  });
  return (what) => counter.inc({ what });
}

/** Shows how full a journal is, asked for at each scrape. */
export function showJournal(registry: Registry, journal: Pick<Journal, 'size' | 'bytes'>): void {
  const gauge = (name: string, help: string, of: 'size' | 'bytes'): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(journal[of]);
      },
    });
  };
  gauge('crankback_journal_hunts', 'Hunts that GET /hunts can show', 'size');
  gauge('crankback_journal_bytes', 'What these occupy, as estimated', 'bytes');
}
