import type { Message } from '../../alerts/message';
import type { Template } from '../../policy/alert-settings';
import { alertmanager } from './alertmanager';
import { pagerduty } from './pagerduty';
import { slack } from './slack';
import { teams } from './teams';

/**
 * What each kind of receiver wants of a message: bodies, posted one after the other. All content is text in fields that
 * are plain text there, or is made plain by the template.
 */
export const BODIES: Readonly<
  Record<Template, (message: Message, key: string | undefined) => readonly object[]>
> = {
  crankback: (message) => [message],
  alertmanager: (message) => [alertmanager(message)],
  slack: (message) => [slack(message)],
  teams: (message) => [teams(message)],
  pagerduty: (message, key) => pagerduty(message, key ?? ''),
};
