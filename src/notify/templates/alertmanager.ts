import type { Message } from '../../alerts/message';
import { facts } from './lines';

/** Told again each minute; one that is not told any more is over. Milliseconds. */
const LASTS_MS = 5 * 60_000;

/** `POST /api/v2/alerts` of Prometheus' Alertmanager: what is open, and what has closed. */
export function alertmanager({ at, instance, incidents }: Message): readonly object[] {
  return incidents.map((incident) => {
    const { alert, severity, subject, about, title, why, openedAt, closedAt, links } = incident;
    return {
      labels: {
        alertname: `crankback-${alert}`,
        ...{ severity, instance },
        [subject.kind]: subject.name,
        ...(about !== undefined && { about }),
      },
      annotations: {
        ...{ summary: title, description: why },
        ...Object.fromEntries(
          facts(incident)
            .filter(([name]) => name !== 'why')
            .map(([name, value]) => [name, value]),
        ),
        commands: incident.commands.join('\n'),
      },
      startsAt: openedAt,
      endsAt: closedAt ?? new Date(Date.parse(at) + LASTS_MS).toISOString(),
      ...(links[0] && { generatorURL: links[0].href }),
    };
  });
}
