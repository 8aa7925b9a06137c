import { messageOf, type Message } from '../../../src/alerts/message';
import { advance, NONE } from '../../../src/alerts/incidents';
import { BODIES } from '../../../src/notify/templates';
import { showing } from '../../../src/records/shown';
import type { Template } from '../../../src/policy/alert-settings';
import { AT, condition, HOSTILE } from '../../doubles/alerts';

const TEMPLATES = Object.keys(BODIES) as Template[];

/** As it leaves the process: what is untrusted has passed the one place that escapes. */
function message(text: string, count = 1): Message {
  const shown = showing({ maskNumbers: false });
  const { changes } = advance(
    NONE,
    Array.from({ length: count }, (_, index) =>
      condition({
        about: String(index),
        ...shown({ why: text, evidence: { phrase: text, sip: 503 } }),
        calls: ['a@1'],
      }),
    ),
    AT,
  );
  const parts = { now: AT, instance: 'pbx-1', links: 'https://pbx.example.com' };
  return messageOf(changes, { ...parts, digest: () => 'id' });
}

function textOf(template: Template, text: string, count = 1): string {
  return JSON.stringify(BODIES[template](message(text, count), 'KEY'));
}

describe.each(HOSTILE)('%j', (text) => {
  it('is no link, mention or format of Slack or Mattermost', () => {
    const { text: sent } = BODIES.slack(message(text), undefined)[0] as { text: string };
    expect(sent).not.toMatch(/[<>]/);
    // What is ours has none of it outside of code.
    const outside = sent.replace(/`[^`\n]*`/g, '');
    expect(outside).not.toMatch(/@(channel|all|here)|\]\(|evil/);
    expect(outside).not.toContain('`');
  });

  it('is in runs of text of a card, and in nothing that is read as Markdown', () => {
    const card = textOf('teams', text);
    expect(card).not.toContain('"TextBlock"');
    expect(card).not.toContain('"url":"https://evil');
    const actions = card.slice(card.indexOf('"actions"'));
    expect(actions).not.toContain('evil');
  });

  it.each(TEMPLATES)('takes no room without end in %s', (template) => {
    const one = textOf(template, text.slice(0, 300));
    expect(one.length).toBeLessThan(20_000);
  });

  it('is no label of Alertmanager', () => {
    const [alerts] = BODIES.alertmanager(message(text), undefined) as [
      { labels: Record<string, string> }[],
    ];
    expect(alerts[0]?.labels).toEqual({
      ...{ alertname: 'crankback-trunk-held', severity: 'warning', instance: 'pbx-1' },
      ...{ trunk: 'carrier-a', about: '0' },
    });
  });
});

describe('many incidents', () => {
  it.each([
    ['slack', 40_000],
    ['teams', 28_000],
  ] as const)('fit into what %s takes', (template, most) => {
    expect(textOf(template, 'x'.repeat(300), 100).length).toBeLessThan(most);
  });

  it('are an event each for PagerDuty, by the id of the incident', () => {
    const events = BODIES.pagerduty(message('full', 2), 'KEY') as {
      event_action: string;
      dedup_key: string;
      routing_key: string;
      payload: { summary: string; severity: string };
    }[];
    expect(events.map(({ event_action }) => event_action)).toEqual(['trigger', 'trigger']);
    expect(events[0]).toMatchObject({
      routing_key: 'KEY',
      payload: { summary: 'carrier-a: trunk held: full', severity: 'warning' },
    });
    expect(new Set(events.map(({ dedup_key }) => dedup_key)).size).toBe(2);
  });
});

it('the end of an incident resolves it', () => {
  const opened = advance(NONE, [condition()], AT).incidents;
  const { changes } = advance(opened, [], AT + 5_000);
  const over = messageOf(changes, { now: AT + 5_000, instance: 'pbx-1', digest: () => 'id' });
  expect(BODIES.pagerduty(over, 'KEY')).toEqual([
    expect.objectContaining({ event_action: 'resolve' }),
  ]);
  const [[alert]] = BODIES.alertmanager(over, undefined) as [[{ endsAt: string }]];
  expect(alert.endsAt).toBe(new Date(AT + 5_000).toISOString());
  expect(JSON.stringify(BODIES.slack(over, undefined))).toContain('closed: carrier-a: trunk held');
});
