/** Whatever a caller or a carrier says: what receivers get has the same form, and no text of theirs is anything but text. */
import fc from 'fast-check';
import { advance, NONE } from '../../../src/alerts/incidents';
import { messageOf, type Message } from '../../../src/alerts/message';
import { Fitting } from '../../../src/notify/fitting';
import { BODIES } from '../../../src/notify/templates';
import type { Template } from '../../../src/policy/alert-settings';
import { showing } from '../../../src/records/shown';
import { AT, condition, HOSTILE } from '../../doubles/alerts';

/** As `Alerts` makes it of what a carrier said. */
function message(text: string): Message {
  const fit = new Fitting(showing({ maskNumbers: false })).fit(
    condition({
      ...{ why: `trunk-failed: 503 ${text}`, story: text, calls: [`a ${text}`, 'b@1'] },
      evidence: { phrase: text, sip: 503, redressUrl: text, numbers: text },
    }),
  );
  const { changes } = advance(NONE, [fit], AT);
  const parts = { now: AT, instance: 'pbx-1', links: 'https://pbx.example.com' };
  return messageOf(changes, { ...parts, digest: () => 'id' });
}

const bodiesOf = (template: Template, text: string) => BODIES[template](message(text), 'KEY');

/** Names and types of everything that is in it. */
function formOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(formOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, formOf(one)]));
}

const PLAIN = 'Service Unavailable';
const TEMPLATES = Object.keys(BODIES) as Template[];
const TEXT = fc.oneof(
  fc.constantFrom(...HOSTILE.map((text) => text.slice(0, 5_000))),
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc
    .array(
      fc.constantFrom('`', '``', '\\', '\n', '\r\n', '<', '>', '!', '@all', '*', ' ', '"', '](x)'),
    )
    .map((parts) => parts.join('')),
);

describe.each(TEMPLATES)('the body of %s', (template) => {
  it('is JSON of one line, of the same form whatever a text says', () => {
    const form = formOf(bodiesOf(template, PLAIN));
    fc.assert(
      fc.property(TEXT, (text) => {
        const bodies = bodiesOf(template, text);
        const sent = JSON.stringify(bodies);
        expect(sent).not.toMatch(
          /[\n\r\u2028\u2029]|[\ud800-\udfff](?![\udc00-\udfff])(?<![\ud800-\udbff].)/,
        );
        expect(JSON.parse(sent)).toEqual(bodies);
        expect(formOf(bodies)).toEqual(form);
      }),
    );
  });
});

/** As marked, which Mattermost shows messages by, finds code; Slack and CommonMark find it so too where no mark is empty. */
const CODE = /(`+)\s*([\s\S]*?[^`])\s*\1(?!`)/g;

it('no text leaves its code in Slack and Mattermost', () => {
  const outside = (text: string): string =>
    (bodiesOf('slack', text)[0] as { text: string }).text
      .replace(CODE, '')
      // A call's link has its id, of which no character means anything there.
      .replace(/calls\/[\w.!~*'()%-]*/g, 'calls/');
  const usual = outside(PLAIN);
  expect(usual).not.toContain('`');
  fc.assert(fc.property(TEXT, (text) => expect(outside(text)).toBe(usual)));
});

it('no text is a label, a key or a link', () => {
  const parts = (text: string) => {
    const [[alert]] = bodiesOf('alertmanager', text) as [
      [{ labels: unknown; generatorURL: unknown }],
    ];
    const [event] = bodiesOf('pagerduty', text) as { dedup_key: string; routing_key: string }[];
    return {
      labels: alert.labels,
      link: alert.generatorURL,
      key: event?.dedup_key,
      routing: event?.routing_key,
    };
  };
  const usual = parts(PLAIN);
  fc.assert(fc.property(TEXT, (text) => expect(parts(text)).toEqual(usual)));
});

it('every link leads to the service, every command is one of ours', () => {
  fc.assert(
    fc.property(TEXT, (text) => {
      for (const { links, commands } of message(text).incidents) {
        for (const { href } of links) {
          expect(href).toMatch(/^[!-~]+$/);
          expect(new URL(href).origin).toBe('https://pbx.example.com');
        }
        for (const command of commands)
          expect(command).toMatch(/^crankback (trunks list|why) [\w.@-]+$/);
      }
    }),
  );
});
