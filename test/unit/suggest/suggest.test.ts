import { recordsBy } from '../../../src/cli/records-by';
import { replayPeriod } from '../../../src/replay/period';
import { suggestionsOf } from '../../../src/suggest/suggested';
import { suggestText } from '../../../src/cli/suggest-text';
import type { Proved } from '../../../src/suggest/suggested';
import { policyFromText } from '../../../src/policy-file/policy-file';
import { draftOf, isChange, linesOf, type Change } from '../../../src/suggest/draft';
import type { Suggestion } from '../../../src/suggest/suggestions';
import { START } from '../../doubles/policies';
import { FILE, RecordedCalls, type Reaction } from '../../doubles/recorded-calls';

/** Numbers that begin with 1 go on after a 603 of carrier-a; all others end with it. */
const POLICY = `version: 1
emergency: [] # none comes here
trunks:
  carrier-a:
    dial: { asterisk: "PJSIP/{number}@carrier-a" }
    rules:
      - { when: { digits: "1*", sip: 603 }, do: { retry: next-trunk } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
  carrier-c: { dial: { asterisk: "PJSIP/{number}@carrier-c" } }
routes:
  - { digits: "0171*", trunks: [carrier-a, carrier-b] }
  - { digits: "*", trunks: [carrier-a, carrier-b, carrier-c] }
`;

const DECLINES: Reaction = { ms: 400, sip: 603, phrase: 'Decline' };
const ANSWERS: Reaction = { ms: 3_600, answers: true };

async function asked(recorded: RecordedCalls, text = POLICY) {
  const loaded = policyFromText(text, FILE);
  if (!loaded.ok) throw new Error('the test has a broken policy');
  const period = { since: START, until: START + 9_000_000, limit: 50_000 };
  const found = await suggestionsOf(recordsBy(recorded.service()), period, {
    ...{ file: FILE, text, policy: loaded.policy },
  });
  return { found, text: suggestText(found).split('\n'), period };
}

function times(count: number, act: (index: number) => void): void {
  for (let index = 0; index < count; index += 1) act(index);
}

/** Of a hundred calls that went on, carrier-b answered 94; 312 ended with the 603. */
function declined(recorded: RecordedCalls): void {
  times(100, (index) =>
    recorded.play({
      number: '1000',
      reactions: {
        'carrier-a': DECLINES,
        'carrier-b': index < 94 ? ANSWERS : { ms: 2_000, sip: 404, phrase: 'Not Found' },
      },
    }),
  );
  times(312, (index) =>
    recorded.play({ number: `2${index}`, reactions: { 'carrier-a': DECLINES } }),
  );
}

const of = (
  kind: Suggestion['kind'],
  { suggestions }: { readonly suggestions: readonly Proved[] },
) => suggestions.filter(({ suggestion }) => suggestion.kind === kind);

describe('calls that ended with what another trunk mostly takes', () => {
  const recorded = new RecordedCalls(POLICY);
  declined(recorded);

  it('make a rule, with its evidence, and a replay that changes exactly the calls that ended so', async () => {
    const { found, text } = await asked(recorded);
    const [retry, ...others] = of('retry', found);
    expect(others).toEqual([]);
    expect(retry?.suggestion).toMatchObject({
      refusal: { trunk: 'carrier-a', sip: 603, ended: 312, retried: 100, saved: 94 },
    });
    expect(retry?.proof).toMatchObject({ calls: 412, differing: 312, unknown: [] });
    expect(text.slice(0, 10)).toEqual([
      `${FILE}, 412 calls from 2026-11-21T05:37:12Z to 2026-11-21T08:07:12Z`,
      '',
      "1. 94% of carrier-a's 603 (declined) that went elsewhere were answered by another trunk, mostly carrier-b, 3.6 s later on the average: 94 of 100 calls. 312 calls ended with it, such as call-411, call-410, call-409",
      `   ${FILE}:4, the first of its rules:`,
      '     trunks:',
      '       carrier-a:',
      '         rules:',
      '           - { when: { class: declined, sip: 603 }, do: { retry: next-trunk } }',
      '   replayed: 312 of 412 calls go otherwise than by the file as it is',
      "   estimate: about 293 more answered, by the trunks' own share of answered attempts",
    ]);
  });

  it('suggest what `crankback replay` says of the file that has the line', async () => {
    const { found, period } = await asked(recorded);
    const [retry] = of('retry', found);
    const written = POLICY.replace(
      '      - { when: { digits: "1*"',
      `${linesOf(retry?.suggestion as Suggestion).at(-1)}\n$&`,
    );
    const copy = policyFromText(written, 'copy.yaml');
    if (!copy.ok) throw new Error(JSON.stringify(copy.problems));
    const { replayed } = await replayPeriod(recordsBy(recorded.service()), period, copy.policy);
    expect(replayed).toMatchObject({ differing: 312, same: 100 });
  });

  it('suggest nothing that the file has by now', async () => {
    const line = '      - { when: { sip: 603 }, do: { retry: next-trunk } }';
    const now = POLICY.replace('    rules:\n', `    rules:\n${line}\n`);
    const { found } = await asked(recorded, now);
    expect(of('retry', found)).toEqual([]);
  });

  it('are counted where the caller dialled again and got another trunk', async () => {
    const again = new RecordedCalls(POLICY.replace('"1*"', '"19*"'));
    const alone = POLICY.replace('[carrier-a, carrier-b, carrier-c]', '[carrier-b]');
    times(12, (index) => {
      const at = index * 100_000;
      const call = { number: `2${index}`, from: '4930', reactions: { 'carrier-a': DECLINES } };
      again.load(POLICY.replace('"1*"', '"19*"'));
      again.play({ ...call, at });
      again.load(alone);
      // The ninth came too late, the tenth was another caller.
      const later = { at: at + (index === 8 ? 600_001 : 30_000) };
      const from = index === 9 ? '4940' : '4930';
      again.play({ ...call, ...later, from, reactions: { 'carrier-b': ANSWERS } });
    });
    const { found, text } = await asked(again);
    expect(of('retry', found)).toMatchObject([
      {
        suggestion: { refusal: { ended: 12, redialled: 10, redialSaved: 10, retried: 0 } },
        proof: { differing: 12 },
      },
    ]);
    expect(text.join('\n')).toContain('10 of 10 calls (10 of them when the caller dialled again)');
  });

  it('are not taken for the same caller where numbers are masked', async () => {
    const masked = new RecordedCalls(POLICY, { maskNumbers: true });
    times(30, (index) =>
      masked.play({
        number: `0171000${index % 9}`,
        from: '4930123',
        reactions: { 'carrier-a': DECLINES },
      }),
    );
    const { found } = await asked(masked);
    expect(of('retry', found)).toEqual([]);
  });

  it.each<[string, Reaction]>([
    ['a busy callee, whom another trunk rings again', { ms: 400, sip: 486, phrase: 'Busy Here' }],
    ['a call that rang', { ms: 9_000, sip: 603, phrase: 'Decline', rangMs: 800 }],
  ])('make no rule of %s', async (_, refusal) => {
    const text = POLICY.replace('sip: 603 }', 'sip: 486 }');
    const calls = new RecordedCalls(text);
    times(40, () =>
      calls.play({ number: '1', reactions: { 'carrier-a': refusal, 'carrier-b': ANSWERS } }),
    );
    times(40, () => calls.play({ number: '2', reactions: { 'carrier-a': refusal } }));
    expect(of('retry', (await asked(calls, text)).found)).toEqual([]);
  });
});

describe('calls that went on in vain', () => {
  it.each([
    [404, 'Not Found', 'invalid-number', '{ relay: true }'],
    [486, 'Busy Here', 'busy', '{ voicemail: true }'],
  ])('after %i make a rule that stops there', async (sip, phrase, name, end) => {
    const text = POLICY.replace('{ digits: "1*", sip: 603 }', `{ sip: ${sip} }`);
    const calls = new RecordedCalls(text);
    const refusal = { ms: 300, sip, phrase };
    times(60, () =>
      calls.play({
        number: '1',
        reactions: { 'carrier-a': refusal, 'carrier-b': { ...refusal, ms: 1_500 } },
      }),
    );
    const { found, text: said } = await asked(calls, text);
    expect(of('stop', found)).toMatchObject([{ proof: { calls: 60, differing: 60 } }]);
    expect(said.join('\n')).toContain(
      `60 calls went on to the next trunk after carrier-a's ${sip} (${name}), and it answered 0 of them; callers waited 1.5 s more on the average`,
    );
    expect(said.join('\n')).toContain(`- { when: { class: ${name}, sip: ${sip} }, do: ${end} }`);
  });

  it('make none after a failure of the trunk itself', async () => {
    const calls = new RecordedCalls(POLICY);
    const failed = { ms: 300, sip: 503, phrase: 'Service Unavailable' };
    times(60, () =>
      calls.play({
        number: '0171',
        reactions: { 'carrier-a': failed, 'carrier-b': failed },
      }),
    );
    expect(of('stop', (await asked(calls)).found)).toEqual([]);
  });
});

describe('limits and time-outs that cost callers', () => {
  const failed = { sip: 503, phrase: 'Service Unavailable' };

  it('suggest a later start, where the time was spent', async () => {
    const calls = new RecordedCalls(POLICY);
    times(20, (index) =>
      calls.play({
        number: '3',
        reactions: { 'carrier-a': { ms: 22_000 + 100 * index, ...failed }, 'carrier-b': ANSWERS },
      }),
    );
    const { found, text } = await asked(calls);
    expect(of('limit', found)).toMatchObject([
      {
        suggestion: { spent: { calls: 20, ageMs: 23_800 }, change: { value: '25s' } },
        proof: { differing: 20 },
      },
    ]);
    expect(text).toContain('       start_within: 25s');
  });

  it('suggest one more attempt, where all were spent', async () => {
    const text = POLICY.replace('trunks:', 'limits: { attempts: 2 }\ntrunks:');
    const calls = new RecordedCalls(text);
    const reaction = { ms: 200, ...failed };
    times(20, () =>
      calls.play({ number: '3', reactions: { 'carrier-a': reaction, 'carrier-b': reaction } }),
    );
    expect(of('limit', (await asked(calls, text)).found)).toMatchObject([
      { suggestion: { change: { limit: 'attempts', value: '3' } }, proof: { differing: 20 } },
    ]);
  });

  it.each([
    [
      'first_response',
      { firstResponseMs: 120, rangMs: 900 },
      { ms: 4_000 },
      '1s',
      'did not respond at all',
    ],
    [
      'progress_timeout',
      { firstResponseMs: 120, rangMs: 3_100 },
      { ms: 15_000, firstResponseMs: 90 },
      '6500ms',
      'responded, but neither rang nor played anything',
    ],
  ])(
    'suggest a shorter %s, where the trunk is usually faster',
    async (key, usual, silent, value, said) => {
      const calls = new RecordedCalls(POLICY);
      times(150, () =>
        calls.play({ number: '3', reactions: { 'carrier-a': { ...ANSWERS, ...usual } } }),
      );
      times(5, () =>
        calls.play({
          number: '3',
          reactions: {
            'carrier-a': silent,
            'carrier-b': { ms: 100, ...failed },
            'carrier-c': { ms: 100, ...failed },
          },
        }),
      );
      const { found, text } = await asked(calls);
      expect(of('timeout', found)).toMatchObject([
        {
          suggestion: {
            change: { key },
            silence: { count: 5, left: 5, timed: key === 'first_response' ? 150 : 150 },
          },
        },
      ]);
      expect(text.join('\n')).toContain(`carrier-a ${said} 5 times`);
      expect(text).toContain(`         ${key}: ${value}`);
    },
  );
});

describe('what nothing does and nothing knows', () => {
  it('are phrases without a class, trunks without a call, rules that decided nothing', async () => {
    const text = `${POLICY}rules:\n  - { when: { sip: 488 }, do: { relay: true } }\n`;
    const calls = new RecordedCalls(text);
    times(110, (index) =>
      calls.play({
        number: '3',
        reactions: { 'carrier-a': { ms: 90, sip: 403, phrase: `Lines of 4930${index} are taken` } },
      }),
    );
    const { found, text: said } = await asked(calls, text);
    expect(of('phrase', found)).toMatchObject([
      {
        suggestion: {
          said: { trunk: 'carrier-a', sip: 403, count: 110 },
          line: '- { sip: 403, phrase: "are taken", class: forbidden }',
        },
      },
    ]);
    expect(said).toContain(`3. ${FILE}:9: no call was tried on carrier-c`);
    expect(said.filter((line) => line.includes('this rule decided nothing'))).toEqual([
      `4. ${FILE}:7: this rule decided nothing`,
      `5. ${FILE}:14: this rule decided nothing`,
    ]);
  });

  it('are not told after a few calls', async () => {
    const calls = new RecordedCalls(POLICY);
    times(2, () =>
      calls.play({ number: '3', reactions: { 'carrier-a': { ms: 9, sip: 403, phrase: 'Odd' } } }),
    );
    const { found, text } = await asked(calls);
    expect(found.suggestions).toEqual([]);
    expect(text).toEqual([expect.stringContaining('2 calls'), 'nothing to suggest']);
  });
});

describe('a draft of a policy file', () => {
  const at = { file: FILE, line: 1, column: 1 };
  const change = (trunk: string): Change => ({
    kind: 'retry',
    refusal: {} as never,
    rule: { trunk, at, when: { class: 'declined', sip: 603 }, do: { retry: 'next-trunk' } },
  });
  const more = {
    kind: 'limit',
    spent: {} as never,
    change: { limit: 'attempts', value: '4' },
  } as const;

  it('keeps every value as it is written, and is a policy', () => {
    const text = POLICY.replace('emergency: []', 'emergency: [0112]').replace('"*"', '0112');
    for (const one of [change('carrier-a'), change('carrier-b'), more]) {
      const draft = draftOf(text, one) ?? '';
      expect(draft).toContain('[ 0112 ]');
      const loaded = policyFromText(draft);
      expect(loaded).toMatchObject({ ok: true });
      if (loaded.ok) expect([...loaded.policy.emergency]).toEqual(['0112']);
    }
  });

  it.each([
    ['an alias', 'trunks: { carrier-a: *other }'],
    ['rules behind an alias', 'trunks: { carrier-a: { rules: *other } }'],
    ['no map', '- trunks'],
    ['no YAML', '{'],
    ['another file', 'trunks: {}'],
  ])('is not made of %s', (_, text) => {
    expect(draftOf(text, change('carrier-a'))).toBeUndefined();
  });

  it('quotes a trunk that YAML takes for something else', () => {
    const kinds = ['no', '0171', 'carrier-a'].map((trunk) => linesOf(change(trunk))[1]);
    expect(kinds).toEqual(['  "no":', '  "0171":', '  carrier-a:']);
    expect(isChange(change('no'))).toBe(true);
  });
});
