import { recordsBy } from '../../../src/cli/records-by';
import { replayPeriod } from '../../../src/replay/period';
import { replayText } from '../../../src/cli/replay-text';
import { NoAnswer } from '../../../src/cli/service-client';
import { policyFromText } from '../../../src/policy-file/policy-file';
import type { WholePolicy } from '../../../src/policy/policy';
import { huntOf, START } from '../../doubles/policies';

const TEXT = `version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes: [{ digits: "*", trunks: [carrier-a, carrier-b] }]
rules: []
`;

function policy(text: string, file: string): WholePolicy {
  const loaded = policyFromText(text, file);
  if (!loaded.ok) throw new Error('the test has a broken policy');
  return loaded.policy;
}

const THEN = policy(TEXT, '/etc/then.yaml');
const DRAFT = policy(TEXT.replace('[carrier-a, carrier-b]', '[carrier-b, carrier-a]'), 'new.yaml');

/** A call of one decision, as the service tells it. */
function call(hunt: string, policyHash = THEN.hash) {
  const outcome = { kind: 'dial', trunk: 'carrier-a', number: '200' };
  const rule = { file: '/etc/then.yaml', line: 6, column: 12 };
  const inputs = {
    ...{ policyHash, hunt: huntOf([]), now: START },
    trunks: { obstacles: {}, turn: 0 },
  };
  const detail = { decision: { outcome, rule, why: '', refused: [] }, inputs };
  return {
    ...{ hunt, startedAt: START, answered: true, more: false },
    tried: [{ trunk: 'carrier-a', beganAt: START, endedAt: START + 1, answered: true }],
    decisions: [{ at: START, on: 'route', detail }],
  };
}

/** A service with these pages; what it is asked. */
function service(pages: readonly (readonly object[])[]) {
  const asked: string[] = [];
  const ask = (path: string): Promise<unknown> => {
    asked.push(path);
    const [, name, rest = ''] = /^\/([a-z/]+?)(?:[/?]([^/]*))?$/.exec(path) ?? [];
    if (name === 'decisions' && rest.startsWith('since')) {
      const at = Number(/before=(\d+)-0/.exec(rest)?.[1] ?? 0);
      const next = at + 1 < pages.length ? { next: `${at + 1}-0` } : {};
      return Promise.resolve({ calls: pages[at], ...next });
    }
    if (path.startsWith('/policies/'))
      return path.endsWith(THEN.hash)
        ? Promise.resolve({ hash: THEN.hash, file: '/etc/then.yaml', lines: TEXT.split('\n') })
        : Promise.reject(new NoAnswer(2, ['none'], 404));
    return Promise.resolve({ trunk: 'carrier-b', attempts: 50, answered: 40, more: false });
  };
  return { ask, asked };
}

const PERIOD = { since: 1, until: 9, limit: 1000 };

describe('a replay of a period', () => {
  it('goes page by page to the end, and asks for each policy once', async () => {
    const { ask, asked } = service([[call('a'), call('b')], [call('c')], [call('d', 'gone')]]);
    const { replayed, limited } = await replayPeriod(recordsBy(ask), PERIOD, DRAFT);
    expect(replayed).toMatchObject({
      calls: 4,
      differing: 3,
      unknown: [{ why: 'no-policy-text' }],
    });
    expect(limited).toBe(false);
    expect(asked).toEqual([
      '/decisions?since=1&until=9&limit=200',
      `/policies/${THEN.hash}`,
      '/decisions?since=1&until=9&limit=200&before=1-0',
      '/decisions?since=1&until=9&limit=200&before=2-0',
      '/policies/gone',
      '/decisions/outcomes?since=1&until=9&trunk=carrier-b',
    ]);
  });

  it('ends at its limit', async () => {
    const { ask, asked } = service([[call('a'), call('b')], [call('c')], [call('d')]]);
    const { replayed, limited } = await replayPeriod(
      recordsBy(ask),
      { ...PERIOD, limit: 3 },
      DRAFT,
    );
    expect([replayed.calls, limited]).toEqual([3, true]);
    expect(asked).toContain('/decisions?since=1&until=9&limit=1&before=1-0');
  });

  it('does not decide on inputs that were cut on their way', async () => {
    const cut = call('a');
    Object.assign(cut.decisions[0]?.detail.inputs ?? {}, { trunks: '…' });
    const { replayed } = await replayPeriod(recordsBy(service([[cut]]).ask), PERIOD, DRAFT);
    expect(replayed.unknown).toMatchObject([{ why: 'no-inputs', calls: 1 }]);
  });

  it('tells what differs, what is unknown, and what is an estimate', async () => {
    const { ask } = service([[call('a'), call('b'), call('c', 'gone')]]);
    const { replayed, limited } = await replayPeriod(recordsBy(ask), PERIOD, DRAFT);
    const about = { policy: { file: 'new.yaml', hash: 'abc' }, since: 0, until: 60_000, limited };
    expect(replayText(about, replayed).split('\n')).toEqual([
      '3 calls (2 decisions) from 1970-01-01T00:00:00Z to 1970-01-01T00:01:00Z, decided again by new.yaml (abc)',
      '0 go the same way, 2 would have gone elsewhere, 1 cannot be told',
      '',
      '     2  first attempt: dial carrier-a -> dial carrier-b',
      '        /etc/then.yaml:6 -> new.yaml:6',
      '        2 of 2 calls answered in fact',
      '        on carrier-b the end of 2 is unknown: they were not tried there',
      '        estimate: about 2 of 2 answered, as carrier-b answered 40 of its 50 attempts in this time',
      '        such as a, b',
      '',
      'cannot be told:',
      '     1  the text of the policy that was in force then was not kept (such as c)',
      '',
      'Of each call the first decision that differs counts: what would have followed it is unknown.',
      'Trunks are as they were then: what other holds, limits and timers of the draft would have changed is not replayed.',
    ]);
  });
});
