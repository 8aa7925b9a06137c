import * as z from 'zod';
import type { Told } from '../alerts/due';
import type { Incident } from '../alerts/incident';
import { ALERT_NAMES } from '../alerts/names';

const Time = z.number().min(0).max(8.64e15);
const Text = z.string().max(2_000);
const MOST = 1_000;

const Kept = z.object({
  id: z.string().min(1).max(300),
  alert: z.enum(ALERT_NAMES as [string, ...string[]]),
  subject: z.object({
    kind: z.enum(['trunk', 'pbx', 'policy', 'journal', 'service']),
    name: Text,
  }),
  about: Text,
  severity: z.enum(['critical', 'warning']),
  why: Text,
  story: z.string().max(20_000),
  level: z.number(),
  evidence: z.record(z.string().max(64), z.union([Text, z.number()])),
  calls: z.array(Text).max(10),
  quiet: Time,
  openedAt: Time,
  changedAt: Time,
  seenAt: Time,
  closedAt: Time.optional(),
  revision: z.int().min(1),
});

const File = z.object({
  version: z.literal(1),
  incidents: z.array(Kept).max(MOST),
  told: z.record(z.string().max(64), z.record(z.string().max(300), z.int().min(1))),
});

/** What outlives this process: the incidents, and what each receiver was told of them. */
export interface KeptAlerts {
  readonly incidents: readonly Incident[];
  readonly told: ReadonlyMap<string, Told>;
}

export function writeKept({ incidents, told }: KeptAlerts): string {
  const receivers = [...told].map(([name, known]) => [name, Object.fromEntries(known)] as const);
  return `${JSON.stringify({ version: 1, incidents, told: Object.fromEntries(receivers) })}\n`;
}

/** @throws Error for what is not ours */
export function readKept(text: string): KeptAlerts {
  const { incidents, told } = File.parse(JSON.parse(text));
  return {
    incidents: incidents as readonly Incident[],
    told: new Map(
      Object.entries(told).map(([name, known]) => [name, new Map(Object.entries(known))]),
    ),
  };
}

/** `/var/lib/crankback/state.json` → `/var/lib/crankback/state.alerts.json` */
export function besideStateFile(path: string): string {
  return path.replace(/\.json$/, '.alerts.json');
}
