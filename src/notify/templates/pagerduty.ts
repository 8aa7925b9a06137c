import type { Message, ToldIncident } from '../../alerts/message';
import { TEST } from '../../alerts/names';
import { cut } from '../delivery';

/** Bounds of PagerDuty. Characters. */
const LONGEST_SUMMARY = 1_024;
const LONGEST_KEY = 255;

/** Events API v2: one event for each incident. A test is resolved at once. */
export function pagerduty({ instance, incidents }: Message, key: string): readonly object[] {
  const event = (incident: ToldIncident, action: 'trigger' | 'resolve') => {
    const { id, alert, title, why, severity, subject, openedAt, evidence, links } = incident;
    const { commands, calls } = incident;
    return {
      routing_key: key,
      event_action: action,
      dedup_key: cut(`crankback/${instance}/${id}`, LONGEST_KEY),
      ...(action === 'trigger' && {
        payload: {
          summary: cut(`${title}: ${why}`, LONGEST_SUMMARY),
          source: instance,
          severity,
          timestamp: openedAt,
          component: subject.name,
          group: subject.kind,
          class: alert,
          custom_details: { ...evidence, calls: calls.join(', '), commands: commands.join('\n') },
        },
        client: 'crankback',
        links: links.map(({ href, text }) => ({ href, text })),
      }),
    };
  };
  return incidents.flatMap((incident) => [
    ...(incident.course === 'closed' ? [] : [event(incident, 'trigger')]),
    ...(incident.course === 'closed' || incident.alert === TEST
      ? [event(incident, 'resolve')]
      : []),
  ]);
}
