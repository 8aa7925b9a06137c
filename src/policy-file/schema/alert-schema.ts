import * as z from 'zod';
import { ALERT_NAMES } from '../../alerts/names';
import { describe, listed, quote } from '../problems/problems';
import { duration, integer, scalar } from './fields';
import { percentage } from './number-fields';
import { list, map, oneOrMore, optional } from './parts';
import type { IssueParams } from './parts';

/** Its settings, or `off`. */
function alert<Shape extends z.ZodType>(settings: Shape, example: string) {
  const error = `Expected off, or a map such as ${example}`;
  return z.union([z.literal('off', { error }), settings], { error });
}

const WINDOW = ['1m', '6h'] as const;

function lasting(least: string) {
  return alert(map({ for: duration('0s', '24h').prefault(least) }), '{ for: 30s }').prefault({});
}

function counted(count: number, window: string) {
  const settings = map({
    count: integer(1, 100_000).prefault(count),
    window: duration(...WINDOW).prefault(window),
  });
  return alert(settings, '{ count: 3, window: 15m }').prefault({});
}

function shareBelow(below: string) {
  return alert(
    map({
      below: percentage.prefault(below),
      attempts: integer(1, 100_000).prefault(20),
      window: duration(...WINDOW).prefault('15m'),
    }),
    '{ below: 30%, attempts: 20, window: 15m }',
  );
}

/** What opens an incident, in the order of docs/alerts.md. */
const when = () =>
  map({
    'trunk-held': lasting('0s'),
    // What is usual differs too much: 15% for a dialler, 60% for an office.
    asr: shareBelow('30%').prefault('off'),
    ner: shareBelow('80%').prefault({}),
    pdd: alert(
      map({
        above: duration('500ms', '2m').prefault('10s'),
        attempts: integer(1, 100_000).prefault(20),
        window: duration(...WINDOW).prefault('15m'),
      }),
      '{ above: 10s, attempts: 20, window: 15m }',
    ).prefault({}),
    rising: alert(
      map({
        times: integer(2, 100).prefault(3),
        share: percentage.prefault('10%'),
        failures: integer(1, 100_000).prefault(10),
        window: duration(...WINDOW).prefault('15m'),
      }),
      '{ times: 3, share: 10%, failures: 10, window: 15m }',
    ).prefault({}),
    'no-credit': counted(1, '15m'),
    'auth-failed': counted(3, '15m'),
    'codec-mismatch': counted(1, '1h'),
    'caller-blocked': counted(3, '1h'),
    'late-answers': counted(1, '1h'),
    fallbacks: counted(1, '15m'),
    'pbx-gone': lasting('10s'),
    'policy-refused': lasting('0s'),
    journal: lasting('10s'),
    degraded: lasting('1m'),
    rule: counted(1, '15m'),
  });

const SECRET = /^[A-Z][A-Z0-9_]{0,39}$/;

/** Names a secret of the environment, so that none stands in the file and none of another kind can be named. */
const secretName = () =>
  scalar<string>(
    'Expected the name of a secret, A-Z 0-9 _, such as NOC: its value is in CRANKBACK_ALERT_SECRET_NOC, or in the file that CRANKBACK_ALERT_SECRET_NOC_FILE names',
    (written) => {
      const value = String(written);
      return SECRET.test(value)
        ? { value }
        : { complaint: { message: 'not the name of a secret' } };
    },
    SECRET,
  );

const URL_EXPECTED = 'Expected http:// or https:// without a user or a password in it';

const url = () =>
  scalar<string>(URL_EXPECTED, (written) => {
    const text = String(written);
    if (!URL.canParse(text)) return { complaint: { message: 'not a URL' } };
    const { protocol, username, password } = new URL(text);
    const isHttp = protocol === 'https:' || protocol === 'http:';
    // What is refused may be a secret.
    if (!isHttp || username !== '' || password !== '' || text.length > 1_000)
      return { complaint: { message: 'not such a URL' } };
    return { value: text };
  });

const address = () =>
  scalar<string>('Expected an address without a name, such as noc@example.com', (written) => {
    const value = String(written);
    // RFC 5321 4.1.2 has more; nobody's address has more.
    return /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}$/.test(value)
      ? { value }
      : { complaint: { message: `not an address: ${describe(written)}` } };
  });

const server = () =>
  scalar<{ host: string; port?: number }>(
    'Expected a host, or host:port, such as mail.example.com:587',
    (written) => {
      const [, host = '', port] =
        /^([A-Za-z0-9.-]{1,253}|\[[0-9a-fA-F:.]{2,45}\])(?::(\d{1,5}))?$/.exec(String(written)) ??
        [];
      const plain = host.replace(/^\[|\]$/g, '');
      if (plain === '' || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535)
        return { complaint: { message: `not a server: ${describe(written)}` } };
      return { value: { host: plain, ...(port !== undefined && { port: Number(port) }) } };
    },
  );

const MAIL = '{ server: mail.example.com:587, from: crankback@example.com, to: noc@example.com }';
const mail = (secret: ReturnType<typeof secretName>) =>
  map(
    {
      server: server(),
      tls: z
        .enum(['starttls', 'tls', 'none'], { error: 'Expected starttls, tls or none' })
        .prefault('starttls'),
      user: z.string({ error: 'Expected the name to log in with' }).max(256).apply(optional),
      password: secret.apply(optional),
      from: address(),
      to: oneOrMore(address()),
    },
    MAIL,
  );

const ARGUMENT = 'Expected a text of up to 1000 characters';
const COMMAND = 'Expected a list: the absolute path of a program, then its arguments';

const alertName = () =>
  z.enum(ALERT_NAMES as [string, ...string[]], {
    error: `Expected the name of an alert: ${listed(ALERT_NAMES)}`,
  });

const receiver = (secret: ReturnType<typeof secretName>) =>
  map({
    webhook: url().apply(optional),
    webhook_secret: secret.apply(optional),
    template: z
      .enum(['crankback', 'alertmanager', 'slack', 'teams', 'pagerduty'], {
        error: 'Expected crankback, alertmanager, slack, teams or pagerduty',
      })
      .apply(optional),
    sign: secret.apply(optional),
    token: secret.apply(optional),
    routing_key: secret.apply(optional),
    mail: mail(secret).apply(optional),
    command: list(z.string({ error: ARGUMENT }).max(1_000, { error: ARGUMENT }), COMMAND)
      .min(1, { error: COMMAND })
      .max(32, { error: COMMAND })
      .superRefine(([program = ''], context) => {
        if (program.startsWith('/')) return;
        const params: IssueParams = { expected: COMMAND };
        const message = `not an absolute path: ${quote(program)}`;
        context.addIssue({ code: 'custom', message, params });
      })
      .apply(optional),
    only: oneOrMore(alertName()).apply(optional),
    least: z
      .enum(['warning', 'critical'], { error: 'Expected warning or critical' })
      .apply(optional),
    timeout: duration('1s', '30s').prefault('10s'),
  });

/** `alerts:` of the policy file. Made where there are some: it takes as long as all of a small policy. */
export const alerts = () =>
  map({
    links: url().apply(optional),
    when: when().prefault({}),
    receivers: z
      .record(z.string(), receiver(secretName()), { error: 'Expected a map of receivers by name' })
      .prefault({}),
  });

export type AlertsText = z.output<ReturnType<typeof alerts>>;
