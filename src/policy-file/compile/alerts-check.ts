import { isMap } from '../schema/parts';
import { listed, quote } from '../problems/problems';
import type { Path } from '../problems/problems';
import type { CrossComplaint } from './cross-complaint';

const RECEIVER_NAME = /^[a-z0-9][a-z0-9-]{0,30}$/;
/** Each has its own connection and its own attempts. */
const MOST_RECEIVERS = 16;

const WAYS = ['webhook', 'webhook_secret', 'mail', 'command'];
/** Of webhooks alone. */
const OF_WEBHOOKS = ['template', 'sign', 'token', 'routing_key'];

/** Whether each receiver of `alerts:` says one way to reach it, and what that way needs. */
export function receiverComplaints(alerts: unknown): readonly CrossComplaint[] {
  if (!isMap(alerts) || !isMap(alerts['receivers'])) return [];
  const receivers = Object.entries(alerts['receivers']);
  const above: Path = ['alerts', 'receivers'];
  const tooMany: readonly CrossComplaint[] =
    receivers.length > MOST_RECEIVERS
      ? [wrong(above, `${receivers.length} receivers`, `Expected ${MOST_RECEIVERS} at most`)]
      : [];
  return [
    ...tooMany,
    ...receivers.flatMap(([name, receiver]) => [
      ...(RECEIVER_NAME.test(name)
        ? []
        : [
            wrong(
              [...above, name],
              `not the name of a receiver: ${quote(name)}`,
              'Expected up to 31 of a-z 0-9 and -, beginning with a letter or a digit',
            ),
          ]),
      ...(isMap(receiver) ? wayComplaints(receiver, [...above, name]) : []),
    ]),
  ];
}

function wayComplaints(
  receiver: Readonly<Record<string, unknown>>,
  path: Path,
): readonly CrossComplaint[] {
  const ways = WAYS.filter((key) => receiver[key] !== undefined);
  const [way, other] = ways;
  const expected = `Expected one of ${listed(WAYS)}`;
  if (way === undefined) return [wrong(path, 'no way to reach it', expected)];
  if (other !== undefined) return [wrong([...path, other], `"${other}" beside ${way}`, expected)];
  const isWebhook = way === 'webhook' || way === 'webhook_secret';
  if (!isWebhook)
    return OF_WEBHOOKS.filter((key) => receiver[key] !== undefined).map((key) =>
      wrong([...path, key], `"${key}" beside ${way}`, 'Expected beside a webhook alone'),
    );
  const isPagerDuty = receiver['template'] === 'pagerduty';
  const hasKey = receiver['routing_key'] !== undefined;
  if (isPagerDuty === hasKey) return [];
  return isPagerDuty
    ? [
        wrong(
          path,
          'pagerduty without routing_key',
          'Expected routing_key, the name of the secret with the integration key',
        ),
      ]
    : [
        wrong(
          [...path, 'routing_key'],
          'routing_key without a use',
          'Expected beside template: pagerduty',
        ),
      ];
}

function wrong(path: Path, message: string, expected: string): CrossComplaint {
  return { path, finding: 'CB1217', message, expected, atKey: true };
}
