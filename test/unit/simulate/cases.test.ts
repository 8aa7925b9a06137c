import { outcomeText } from '../../../src/policy/decision/text';
import { ladderText } from '../../../src/simulate/ladder';
import { simulate } from '../../../src/simulate/simulate';
import { policyOf, START } from '../../doubles/policies';

interface Parts {
  readonly phones?: string;
  readonly rules?: string;
}

/** Two carriers and phones; whatever is not said is at its default. */
function policy({ phones = 'PJSIP/{number}', rules = '' }: Parts) {
  return policyOf(`version: 1
emergency: []
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
  phones: { dial: { asterisk: "${phones}" } }
routes:
  - { digits: "1XXX", trunks: [phones], mailbox: "{number}@default" }
  - { digits: "*", trunks: [a, b] }
rules: [${rules}]
`);
}

/** The last decision of a call. */
function end(to: string, says: readonly string[], parts: Parts = {}): string {
  const { rungs } = simulate(policy(parts), { to, says, startedAt: START });
  const decisions = rungs.flatMap((rung) => (rung.kind === 'decision' ? [rung.decision] : []));
  const last = decisions.at(-1);
  return last ? outcomeText(last).replace(' 1001@default', '') : 'nothing';
}

describe('two trunks that fail: the caller gets', () => {
  it.each([
    ['503, neither can be reached', ['a: unreachable', 'b: unreachable'], 'relay 503'],
    ['503, the first cannot be reached', ['a: unreachable', 'b: 503'], 'relay 503'],
    ['503, the last cannot be reached', ['a: 503', 'b: unreachable'], 'relay 503'],
    ['503, the first is silent', ['a: no-response', 'b: 503'], 'relay 503'],
    ['503, the last is silent', ['a: 503', 'b: no-response'], 'relay 503'],
    ['408, both are silent', ['a: no-response', 'b: no-response'], 'relay 408'],
    ['500, as a carrier said', ['a: unreachable', 'b: 500'], 'relay 500'],
    ['486, as the callee said', ['a: unreachable', 'b: 486'], 'relay 486'],
    [
      '503, our account is unknown to the first',
      ['a: 404 Unknown user account', 'b: 503'],
      'relay 503',
    ],
    ['503, our account is empty, as 403 says', ['a: 403 No Money Left', 'b: 503'], 'relay 503'],
    ['503, our account is empty at the first', ['a: 480 No money left', 'b: 503'], 'relay 503'],
    ['503, our account is empty at the last', ['a: 503', 'b: 480 No money left'], 'relay 503'],
    ['503, a 402 and no way out', ['a: 402', 'b: unreachable'], 'relay 503'],
    ['500, our account is empty at both', ['a: 480 No money left', 'b: 402'], 'relay 500'],
    ['404, the number does not exist', ['a: 480 No money left', 'b: 404'], 'relay 404'],
    ['500, for the 503 was a busy callee', ['a: 503 q850=17', 'b: 500'], 'relay 500'],
    ['503, for that one was a trunk', ['a: 503 q850=34', 'b: 500'], 'relay 503'],
  ])('%s', (_, says, expected) => {
    const rules = '{ when: { sip: 503 }, do: { retry: next-trunk } }';
    expect(end('2', says, { rules })).toBe(expected);
  });
});

describe('a trunk that takes the call and never rings it', () => {
  it.each([
    ['100 and nothing more, all at its default: the next one', ['a: 100 then timeout'], 'dial b'],
    [
      'both: 408, none of them has rung',
      ['a: 100 then timeout', 'b: 100 then timeout'],
      'relay 408',
    ],
    ['one that rings is not given up so soon: 480', ['a: 180 then timeout'], 'relay 480'],
    ['nor one with early media', ['a: 183 for=1s then timeout'], 'relay 480'],
  ])('%s', (_, says, expected) => {
    expect(end('2', says)).toBe(expected);
  });

  it('is given up after its own time', () => {
    const call = { to: '2', says: ['a: 100 then timeout'], startedAt: START };
    const { rungs } = simulate(policy({}), call);
    expect(rungs.find(({ kind }) => kind === 'failed')?.at).toBe(15_000);
  });
});

describe('a number in the plan of a country goes out as the trunk wants it', () => {
  it.each([
    ['US', '2025550101', 'e164', '12025550101'],
    ['US', '12025550101', 'e164', '12025550101'],
    ['US', '12025550101', 'national', '2025550101'],
    ['CN', '13800138000', 'e164', '8613800138000'],
    ['DE', '0301234567', 'plus', '+49301234567'],
    ['DE', '116117', 'e164', '116117'],
  ])('%s: %s as %s is %s', (country, to, format, sent) => {
    const text = `version: 1
emergency: []
numbering: { country: ${country} }
trunks: { a: { dial: { asterisk: "PJSIP/{number}@a" }, number: { format: ${format} } } }
routes: [{ digits: "*", trunks: [a] }]
`;
    const { rungs } = simulate(policyOf(text), { to, says: ['a: 404'], startedAt: START });
    const [first] = rungs;
    expect(first?.kind === 'decision' && first.decision.outcome).toMatchObject({ number: sent });
  });
});

describe('a phone', () => {
  it.each([
    [
      'not registered: its mailbox',
      'PJSIP/{number}',
      'phones: unreachable',
      'voicemail unavailable',
    ],
    ['silent: its mailbox', 'PJSIP/{number}', 'phones: no-response', 'voicemail unavailable'],
    ['busy: its mailbox', 'PJSIP/{number}', 'phones: 486', 'voicemail busy'],
    ['that fails itself: as it says', 'PJSIP/{number}', 'phones: 503', 'relay 503'],
    ['behind a prefix', 'PJSIP/ext{number}', 'phones: unreachable', 'voicemail unavailable'],
    [
      'behind a trunk that cannot be reached',
      'PJSIP/{number}@pbx',
      'phones: unreachable',
      'voicemail unavailable',
    ],
    ['behind a silent trunk', 'PJSIP/{number}@pbx', 'phones: no-response', 'relay 408'],
  ])('%s', (_, phones, says, expected) => {
    expect(end('1001', [says], { phones })).toBe(expected);
  });

  it('that is not registered is its user’s absence, not a fault of the trunk', () => {
    const failureOf = (phones: string) => {
      const call = { to: '1001', says: ['phones: unreachable'], startedAt: START };
      const { rungs } = simulate(policy({ phones }), call);
      return rungs.flatMap((rung) => (rung.kind === 'failed' ? [rung.failure] : []))[0];
    };
    const absent = { class: 'unavailable', fault: 'callee', origin: 'local' };
    expect(failureOf('PJSIP/{number}')).toMatchObject({
      ...absent,
      decidedBy: { class: 'unavailable' },
    });
    expect(failureOf('PJSIP/{number}@pbx')).toMatchObject({
      class: 'local-unreachable',
      fault: 'trunk',
    });
  });
});

describe('a carrier that throttles with 486', () => {
  const rules = '{ when: { sip: 486, within: 200ms }, do: { retry: next-trunk } }';
  it.each([
    ['at once: the next trunk', 'a: 486 after=30ms', 'dial b'],
    ['at the very end of that time', 'a: 486 after=200ms', 'dial b'],
    ['later: the callee is busy', 'a: 486 after=201ms', 'relay 486'],
    ['after ringing: the callee is busy', 'a: 180 then 486 after=2s', 'relay 486'],
    ['another status at once', 'a: 404 after=30ms', 'relay 404'],
  ])('%s', (_, says, expected) => {
    expect(end('2', [says], { rules })).toBe(expected);
  });
});

describe('a carrier that says why in a header of its own', () => {
  const rules =
    '{ when: { sip: 480, header: { name: X-Carrier-Code, value: "D12*" } }, do: { retry: next-trunk } }';
  it.each([
    ['with that code', 'a: 480 header="x-carrier-code: D12 channels"', 'dial b'],
    ['with another', 'a: 480 header="X-Carrier-Code: D35"', 'relay 480'],
    ['without', 'a: 480', 'relay 480'],
  ])('%s', (_, says, expected) => {
    expect(end('2', [says], { rules })).toBe(expected);
  });
});

describe('a redirection', () => {
  const rules = '{ when: { class: redirected }, do: { redirect: { domains: "*.example.com" } } }';
  it.each([
    ['by number', '300@gw.example.com', 'redirect a'],
    ['of a ported number', 'sip:+12025550124;npdi;rn=+12025550100@gw.example.com', 'redirect a'],
    [
      'to the best of several',
      '"<sip:1@evil.test>;q=0.9, <sip:2@gw.example.com>;q=0.1"',
      'redirect a',
    ],
    ['to tel:, which has no host to allow', 'tel:+12025550125', 'relay 480'],
    ['to a host that is not allowed', 'sip:300@evil.test', 'relay 480'],
    ['to no number', 'sip:alice@gw.example.com', 'relay 480'],
  ])('%s', (_, contact, expected) => {
    expect(end('2', [`a: 302 contact=${contact}`, 'a: answer'], { rules })).toBe(expected);
  });
});

describe('carriers that mean different things by one response', () => {
  const text = `version: 1
emergency: []
trunks:
  plain: { dial: { asterisk: "PJSIP/{number}@plain" } }
  strict: { carrier: vonage, dial: { asterisk: "PJSIP/{number}@strict" } }
  small: { carrier: myphoner, dial: { asterisk: "PJSIP/{number}@small" } }
  slow: { carrier: sipcall, dial: { asterisk: "PJSIP/{number}@slow" } }
routes:
  - { digits: "1*", trunks: [plain] }
  - { digits: "2*", trunks: [strict] }
  - { digits: "3*", trunks: [small] }
  - { digits: "4*", trunks: [slow] }
phrases:
  - { sip: 403, phrase: "Lines full", class: trunk-congested }
`;

  it.each<[string, string, string | undefined]>([
    ['plain: 403', 'forbidden', undefined],
    ['strict: 403', 'caller-id-rejected', 'vonage'],
    ['small: 403', 'trunk-congested', 'myphoner'],
    ['slow: 403 Forbidden', 'no-route', 'sipcall'],
    ['slow: 408', 'no-answer', 'sipcall'],
    ['plain: 408', 'trunk-timeout', undefined],
    ['strict: 403 Lines full', 'trunk-congested', 'policy'],
    ['strict: 403 No Money Left', 'no-credit', 'shipped'],
    ['strict: 403 Caller ID not allowed D35', 'caller-id-rejected', 'telnyx'],
    ['small: 403 Destination not in your plan D12', 'no-route', 'telnyx'],
    ['strict: 403 q850=17', 'busy', undefined],
    ['slow: 180 then 480', 'no-answer', undefined],
  ])('%s is %s, by %s', (say, expected, list) => {
    const to = { plain: '1', strict: '2', small: '3', slow: '4' }[say.split(':')[0] ?? ''] ?? '';
    const { rungs } = simulate(policyOf(text), { to, says: [say], startedAt: START });
    const failures = rungs.flatMap((rung) => (rung.kind === 'failed' ? [rung.failure] : []));
    expect(failures.map(({ class: name }) => name)).toEqual([expected]);
    expect(failures[0]?.decidedBy?.list).toBe(list);
    const ladder = ladderText(rungs, { lineAt: () => '', explained: false });
    const told = { policy: "by the policy's phrases", shipped: 'by a known phrase' }[list ?? ''];
    if (list === undefined) expect(ladder).not.toContain('; by ');
    else expect(ladder).toContain(told ?? `by the list of ${list}`);
  });
});
