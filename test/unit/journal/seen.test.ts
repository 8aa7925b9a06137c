import { openJournal } from '../../../src/journal/database';
import type { JournalEntry } from '../../../src/journal/entry';
import { changesOf } from '../../../src/journal/read/changes';
import { membersOf } from '../../../src/journal/read/members';
import { rulesOf } from '../../../src/journal/read/rules';
import { seriesOf } from '../../../src/journal/read/series';
import { JournalWriter } from '../../../src/journal/writer';
import { RecordedCalls } from '../../doubles/recorded-calls';
import { START } from '../../doubles/policies';
import { POLICY, recordedCalls } from '../../doubles/v1';

const MINUTE_MS = 60_000;
const period = { since: START - MINUTE_MS, until: START + 2 * MINUTE_MS };

function journal(...entries: readonly JournalEntry[]) {
  const { database } = openJournal(':memory:', START);
  new JournalWriter(database).write(entries);
  return database;
}

const trunk = (at: number, to: string, why?: string): JournalEntry => ({
  ...{ kind: 'trunk', at, trunk: 'carrier-a', side: 'far', from: 'closed', to },
  detail: JSON.stringify({
    to: { phase: to, ...(why !== undefined && { hold: { why, until: at + 60 } }) },
  }),
});

describe('counts step by step', () => {
  it('are those of the figures, in the steps in which something happened', async () => {
    const recorded = recordedCalls();
    const { trunks } = await recorded.ask('series', { ...period, stepMs: MINUTE_MS });
    expect(
      trunks.map(({ name, steps }) => [
        name,
        steps.map(({ counts: { attempts, answered, failed } }) => [attempts, answered, failed]),
      ]),
    ).toEqual([
      ['carrier-a', [[3, 1, 2]]],
      ['carrier-b', [[2, 1, 1]]],
    ]);
  });

  it('of hours come from the counts of hours, and of one trunk alone', async () => {
    const asked = { ...period, stepMs: 60 * MINUTE_MS, trunk: 'carrier-b' };
    const { since, trunks } = await recordedCalls().ask('series', asked);
    expect(since % (60 * MINUTE_MS)).toBe(0);
    expect(trunks).toMatchObject([{ name: 'carrier-b', steps: [{ counts: { attempts: 2 } }] }]);
  });

  it('are none where nothing is counted', () => {
    const { trunks } = seriesOf(journal(), { ...period, stepMs: MINUTE_MS });
    expect(trunks).toEqual([]);
  });
});

describe('what changed', () => {
  const database = journal(
    trunk(START, 'held', '5 of 5 failed'),
    { kind: 'connection', at: START + 1, pbx: 'asterisk', connected: false, why: 'closed' },
    { kind: 'policy', at: START + 2, hash: 'abc', file: '/etc/policy.yaml' },
    trunk(START + 3, 'closed'),
  );

  it('is told the latest first, with its reason', () => {
    expect(changesOf(database, { ...period, limit: 10 })).toEqual({
      changes: [
        {
          kind: 'trunk-changed',
          at: START + 3,
          trunk: 'carrier-a',
          side: 'far',
          from: 'closed',
          phase: 'closed',
        },
        { kind: 'policy-changed', at: START + 2, hash: 'abc', file: '/etc/policy.yaml' },
        { kind: 'pbx-gone', at: START + 1, pbx: 'asterisk', why: 'closed' },
        {
          ...{ kind: 'trunk-changed', at: START, trunk: 'carrier-a', side: 'far', from: 'closed' },
          ...{ phase: 'held', why: '5 of 5 failed', holdUntil: START + 60 },
        },
      ],
      more: false,
    });
  });

  it('is told of one trunk, and as much as is asked for', () => {
    const asked = { ...period, trunk: 'carrier-a', limit: 1 };
    expect(changesOf(database, asked)).toMatchObject({
      changes: [{ phase: 'closed' }],
      more: true,
    });
    expect(changesOf(database, { ...asked, trunk: 'carrier-b' })).toEqual({
      changes: [],
      more: false,
    });
  });
});

describe('the members of the fleet', () => {
  it('are this instance and the PBXes with the last that is known of them', () => {
    const database = journal(
      { kind: 'connection', at: START, pbx: 'asterisk', connected: true },
      { kind: 'connection', at: START + 5, pbx: 'asterisk', connected: false, why: 'closed' },
    );
    expect(membersOf(database)).toEqual({
      instances: [{ name: '', own: true }],
      pbxes: [{ pbx: 'asterisk', connected: false, since: START + 5, why: 'closed' }],
    });
  });
});

describe('the rules of a policy', () => {
  const line = POLICY.split('\n').findIndex((one) => one.includes('sip: 503')) + 1;

  it('have their decisions, their calls, and those of them that were saved', async () => {
    const recorded = recordedCalls();
    const [policy = { hash: '' }] = await recorded.ask('policies', undefined);
    const { calls, rules, more } = await recorded.ask('rules', { ...period, policy: policy.hash });
    expect([calls, more]).toEqual([3, false]);
    // Twice it sent a call to carrier-b, and once there was no trunk left.
    expect(rules.find((rule) => rule.line === line)).toMatchObject({ calls: 2, saved: 1 });
  });

  it('of another policy are none', async () => {
    const recorded = new RecordedCalls(POLICY);
    expect(await recorded.ask('rules', { ...period, policy: 'other' })).toMatchObject({
      calls: 0,
      rules: [],
    });
  });

  it('say that there were more calls', () => {
    const database = journal({
      kind: 'hunt',
      at: START,
      pbx: 'asterisk',
      hunt: 'a',
      leg: 'l',
      number: '1',
      policy: 'abc',
    });
    expect(rulesOf(database, { ...period, policy: 'abc' }, 1)).toMatchObject({
      calls: 1,
      more: true,
    });
  });
});
