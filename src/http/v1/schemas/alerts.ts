import * as z from 'zod';
import { ALERT_NAMES, TEST } from '../../../alerts/names';
import { Name, Seconds, Time } from './common';

export const Incident = z
  .object({
    id: z.string(),
    alert: z.enum([TEST, ...ALERT_NAMES]),
    title: z.string(),
    course: z.enum(['opened', 'changed', 'closed']),
    severity: z.enum(['critical', 'warning']),
    subject: z.object({
      kind: z.enum(['trunk', 'pbx', 'policy', 'journal', 'service']),
      name: z.string(),
    }),
    about: z.string().optional().describe('Tells several of one subject apart, `class no-route`.'),
    why: z.string(),
    openedAt: Time,
    changedAt: Time,
    closedAt: Time.optional(),
    seconds: Seconds.describe('How long it has been open.'),
    evidence: z
      .record(z.string(), z.union([z.string(), z.number()]))
      .describe('As docs/alerts.md has it for each alert.'),
    calls: z.array(z.string()).describe('Hunts, the latest first.'),
    links: z.array(z.object({ text: z.string(), href: z.string() })),
    commands: z.array(z.string()),
    told: z.array(z.string()).describe('Receivers that know it as it is.'),
  })
  .meta({ id: 'Incident' });

export const IncidentList = z.object({ incidents: z.array(Incident) }).meta({ id: 'IncidentList' });

export const TestBody = z
  .strictObject({ receiver: Name.optional().describe('Absent: all receivers.') })
  .meta({ id: 'AlertTestRequest' });

export const Tested = z
  .object({
    receivers: z.array(
      z.object({
        receiver: z.string(),
        ok: z.boolean(),
        answer: z.string().describe('What it answered, or why it did not.'),
      }),
    ),
  })
  .meta({ id: 'AlertTest' });
