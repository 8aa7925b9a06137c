import { outcomeText as tell } from '../../../src/policy/decision/text';
import { decide } from '../../../src/policy/decide';
import type { Decision } from '../../../src/policy/decision/decision';
import { isNeeds, type Fact, type PartialFailure } from '../../../src/policy/facts';
import type { Hunt } from '../../../src/policy/hunt';
import { route } from '../../../src/policy/routes/route';
import { frozen, type TrunkSnapshot } from '../../../src/policy/trunk-snapshot';
import { failureOf, huntOf, IDLE, policyOf, noResponse, START } from '../../doubles/policies';

/** With these general rules, and more at the top of the file. */
function policy(
  rules: readonly string[],
  more: { top?: string; trunkA?: string; limits?: string } = {},
) {
  return policyOf(`version: 1
emergency: [112]
numbering: { country_code: 49, national_prefix: "0", international_prefix: "00" }
${more.top ?? ''}
trunks:
  carrier-a:
    dial: { asterisk: "PJSIP/{number}@carrier-a" }
    number: { format: e164 }
    caller_id: { allowed: ["+4930*"], else: "+49305550100" }
    rules: [${more.trunkA ?? ''}]
  carrier-b:
    dial: { asterisk: "PJSIP/{number}@carrier-b" }
    caller_id: { allowed: ["*"], else: "+49305550200" }
  carrier-c: { dial: { asterisk: "PJSIP/{number}@carrier-c" }, number: { prepend: "9" } }
  phones: { dial: { asterisk: "PJSIP/{number}" } }
routes:
  - { digits: "1XXX", trunks: [phones], mailbox: "{number}@default" }
  - { digits: "*", trunks: [carrier-a, carrier-b, carrier-c] }
limits: { attempts: 5, start_within: 10s, ${more.limits ?? ''} }
rules: [${rules.length === 0 ? '' : `\n  ${rules.join(',\n  ')}\n`}]
`);
}

function told({ outcome, refused }: Decision): string {
  const number = 'number' in outcome ? ` ${outcome.number}` : '';
  const caller = 'callerId' in outcome ? ` as ${outcome.callerId}` : '';
  return [tell({ outcome }) + number + caller, ...refused].join(' | ');
}

interface Call extends Partial<Omit<Hunt, 'attempts'>> {
  readonly attempts?: readonly string[];
  readonly late?: number;
  readonly trunks?: Partial<TrunkSnapshot>;
}

function after(
  rules: readonly string[] | ReturnType<typeof policy>,
  failure = failureOf(503),
  { attempts = ['carrier-a:503'], late = 0, trunks, ...hunt }: Call = {},
): Decision {
  const its = Array.isArray(rules)
    ? policy(rules as string[])
    : (rules as ReturnType<typeof policy>);
  const state = frozen({ obstacles: {}, turn: 0, ...trunks });
  return decide(
    its,
    huntOf(attempts, { number: '0301234567', ...hunt }),
    failure,
    state,
    START + late,
  );
}

describe('retry: same-trunk', () => {
  const rules = ['{ when: { sip: 503 }, do: { retry: same-trunk, delay: 1s, times: 3 } }'];
  const a = 'carrier-a:503';

  it.each<[string, Call, string]>([
    ['once', {}, 'dial carrier-a after 1 s 49301234567 as +49305550100'],
    [
      'up to its times',
      { attempts: [a, a, a] },
      'dial carrier-a after 1 s 49301234567 as +49305550100',
    ],
    ['no more than its times', { attempts: [a, a, a, a] }, 'relay 503 | times-spent'],
    [
      'counts only the last ones in a row',
      { attempts: [a, a, 'carrier-b:503', a] },
      'dial carrier-a after 1 s 49301234567 as +49305550100',
    ],
    [
      'no more than limits.attempts',
      { attempts: [a, a, a, 'carrier-b:503', a] },
      'relay 503 | attempts-spent',
    ],
    [
      'with its pause inside start_within',
      { late: 9000 },
      'dial carrier-a after 1 s 49301234567 as +49305550100',
    ],
    ['not with its pause beyond start_within', { late: 9001 }, 'relay 503 | time-spent'],
    [
      'not while the trunk is held',
      { trunks: { obstacles: { 'carrier-a': { kind: 'held', why: 'x' } } } },
      'relay 503 | trunks-held',
    ],
    [
      'also while all others are held',
      { trunks: { obstacles: { 'carrier-b': { kind: 'held', why: 'x' } } } },
      'dial carrier-a after 1 s 49301234567 as +49305550100',
    ],
    [
      'on a trunk that the policy has lost',
      { attempts: ['carrier-z:503'] },
      'relay 503 | no-trunk-left',
    ],
  ])('%s', (_, call, expected) => {
    expect(told(after(rules, failureOf(503), call))).toBe(expected);
  });

  it('without more keys is one retry at once', () => {
    const once = ['{ when: { sip: 503 }, do: { retry: same-trunk } }'];
    const decision = after(once);
    expect(decision.outcome).toEqual({
      kind: 'dial',
      trunk: 'carrier-a',
      number: '49301234567',
      callerId: '+49305550100',
    });
    expect(decision.reserve).toEqual({ trunk: 'carrier-a', retry: true });
    expect(told(after(once, failureOf(503), { attempts: [a, a] }))).toBe('relay 503 | times-spent');
  });

  it('reserves the moment at which it starts', () => {
    expect(after(rules).reserve).toEqual({ trunk: 'carrier-a', retry: true, delayMs: 1000 });
  });
});

describe('retry: next-trunk', () => {
  const rules = [
    '{ when: { class: [trunk-congested, busy, declined] }, do: { retry: next-trunk } }',
  ];
  const held = { kind: 'held', why: 'x' } as const;
  const full = { kind: 'full', why: 'x' } as const;
  const trunks = (obstacles: TrunkSnapshot['obstacles']) => ({ trunks: { obstacles } });

  it.each<[string, Call, string]>([
    ['the next one, as it wants the number', {}, 'dial carrier-b 0301234567 as +49305550200'],
    ['passes a caller whom the trunk allows', { from: '+4940' }, 'dial carrier-b 0301234567'],
    ['skips a held one', trunks({ 'carrier-b': held }), 'dial carrier-c 90301234567'],
    ['skips a full one', trunks({ 'carrier-b': full }), 'dial carrier-c 90301234567'],
    [
      'when all that are left are held',
      trunks({ 'carrier-b': held, 'carrier-c': held }),
      'relay 503 | trunks-held',
    ],
    [
      'when one of them is full',
      trunks({ 'carrier-b': held, 'carrier-c': full }),
      'relay 503 | trunks-full',
    ],
    [
      'after ringing in an earlier attempt',
      { attempts: ['carrier-b:480:rang', 'carrier-a:503'] },
      'relay 503 | callee-has-rung',
    ],
    ['of a caller who is gone', { callerGone: true }, 'relay 503 | caller-gone'],
    [
      'the new target once a 3xx was followed',
      { target: '0409876543', attempts: ['carrier-b:302', 'carrier-a:503'] },
      'dial carrier-c 90409876543',
    ],
    [
      'no number that the trunk could not take',
      { number: '0'.repeat(32), ...trunks({ 'carrier-b': full }) },
      'relay 503 | trunks-full',
    ],
    [
      'no number that none could take',
      { number: '0'.repeat(32), attempts: ['carrier-a:503', 'carrier-b:503'] },
      'relay 503 | number-unfit',
    ],
    [
      'beside a held one',
      { number: '0'.repeat(32), ...trunks({ 'carrier-b': held }) },
      'relay 503 | trunks-held',
    ],
  ])('%s', (_, call, expected) => {
    expect(told(after(rules, failureOf(503), call))).toBe(expected);
  });

  it('not for a cancelled attempt', () => {
    const any = ['{ do: { retry: next-trunk } }'];
    expect(told(after(any, failureOf(487, { origin: 'ours' })))).toContain('caller-gone');
  });

  it('also after ringing where the rule says so', () => {
    const even = ['{ when: { class: busy }, do: { retry: next-trunk, even_after_ringing: true } }'];
    const rang = failureOf(486, { rang: true });
    expect(told(after(even, rang))).toBe('dial carrier-b 0301234567 as +49305550200');
    expect(told(after(rules, rang))).toBe('relay 486 | callee-has-rung');
  });

  it('of a 6xx only by the own rule of the trunk that sent it', () => {
    const own = '{ when: { sip: 603, phrase: "*capacity*" }, do: { retry: next-trunk } }';
    const full603 = failureOf(603, { phrase: 'No Capacity now' });
    expect(told(after(policy(rules, { trunkA: own }), full603))).toBe(
      'dial carrier-b 0301234567 as +49305550200',
    );
    expect(told(after(policy(rules, { trunkA: own }), failureOf(603)))).toBe(
      'relay 603 | 6xx-elsewhere',
    );
    const onB = { attempts: ['carrier-b:603'] };
    expect(told(after(policy(rules, { trunkA: own }), full603, onB))).toBe(
      'relay 603 | 6xx-elsewhere',
    );
    expect(told(after(rules, failureOf(600)))).toBe('relay 600 | 6xx-elsewhere');
  });

  it('only on a trunk with another identity where the rule says so', () => {
    const rule = ['{ when: { sip: 433 }, do: { retry: next-trunk, another_identity: true } }'];
    const from = (number: string) => told(after(rule, failureOf(433), { from: number }));
    // carrier-a shows its own number instead; the others show the caller.
    expect(from('+4940')).toBe('dial carrier-b 0301234567');
    expect(from('+4930')).toBe('relay 433 | no-other-identity');
    const anonymous = after(rule, failureOf(433), { attempts: ['carrier-c:433'] });
    expect(told(anonymous)).toBe('dial carrier-a 49301234567 as +49305550100');
  });

  it('only within the retry budget, which the decision asks for', () => {
    const rationed = policy(rules, { limits: 'retry_budget: { ratio: 20%, min_per_second: 1 }' });
    const left = (retriesLeft: number) =>
      told(after(rationed, failureOf(503), { trunks: { retriesLeft } }));
    expect(left(1)).toBe('dial carrier-b 0301234567 as +49305550200');
    expect(left(0)).toBe('relay 503 | budget-spent');
    expect(told(after(rules, failureOf(503), { trunks: { retriesLeft: 0 } }))).toMatch(/^dial/);
    expect(after(rationed).reserve).toEqual({ trunk: 'carrier-b', retry: true });
  });
});

describe('voicemail', () => {
  const busy = (rule: string, call: Call = {}) =>
    after([`{ when: { class: busy }, do: ${rule} }`], failureOf(486), {
      attempts: ['phones:486'],
      ...call,
    });

  it.each<[string, Call, string]>([
    ["the route's", { number: '1001' }, 'voicemail 1001@default busy'],
    ["the dialplan's", { number: '1001', mailbox: '7@sales' }, 'voicemail 7@sales busy'],
    ['of who diverted the call', { diverting: '1002' }, 'voicemail 1002@default busy'],
    [
      "of who diverted the call before the route's",
      { number: '1001', diverting: '1002' },
      'voicemail 1002@default busy',
    ],
    [
      "the route's where the diverting number has none",
      { number: '1001', diverting: '0309' },
      'voicemail 1001@default busy',
    ],
    ['none', {}, 'relay 486 | no-mailbox'],
    ['of a caller who is gone', { number: '1001', callerGone: true }, 'relay 486 | caller-gone'],
  ])('%s', (_, call, expected) => {
    expect(told(busy('{ voicemail: true }', call))).toBe(expected);
  });

  it('may be a place in the dialplan, whatever the mailboxes', () => {
    const own = '{ voicemail: { context: vm, extension: "x-{number}" } }';
    expect(busy(own, { number: '1001', mailboxMissing: true }).outcome).toEqual({
      kind: 'voicemail',
      greeting: 'busy',
      location: { context: 'vm', extension: 'x-1001' },
    });
    for (const number of ['*72#', '*72', '72#']) {
      expect(told(busy(own, { number }))).toBe('relay 486 | no-mailbox');
    }
    expect(told(busy(own, { callerGone: true }))).toBe('relay 486 | caller-gone');
  });

  it.each([
    ['*97', '1001', '*97'],
    ['*97{number}', '1001', '*971001'],
    ['*97{number}', '*1001', undefined],
    ['*97{number}', '1001#', undefined],
    ['*97{number}', '+491', undefined],
    ['*97{number}', '1A', undefined],
    ['{number}', '*97', undefined],
    ['x-{number}', '*97', undefined],
  ])('may be the feature code %s of the policy, for %s: %s', (extension, number, expected) => {
    const own = `{ voicemail: { context: vm, extension: "${extension}" } }`;
    const { outcome } = busy(own, { number });
    expect(outcome).toMatchObject(
      expected === undefined
        ? { kind: 'relay' }
        : { kind: 'voicemail', location: { context: 'vm', extension: expected } },
    );
  });
});

describe('announce', () => {
  it('plays, then the caller gets the true status', () => {
    const rule = ['{ when: { sip: 404 }, do: { announce: ss-noservice } }'];
    expect(after(rule, failureOf(404)).outcome).toEqual({
      kind: 'announce',
      play: 'ss-noservice',
      answer: false,
      sip: 404,
    });
    expect(told(after(rule, failureOf(404), { callerGone: true }))).toBe('relay 404 | caller-gone');
  });

  it('answers only where the rule says so', () => {
    const rule = ['{ when: { sip: 404 }, do: { announce: { play: a/b, answer: true } } }'];
    expect(after(rule, failureOf(404)).outcome).toMatchObject({ play: 'a/b', answer: true });
  });
});

describe('redirect', () => {
  const by = (options: string, call: Call = {}, failure = failureOf(302)) =>
    after([`{ when: { class: [redirected, busy] }, do: { redirect: ${options} } }`], failure, {
      attempts: ['carrier-a:302'],
      contacts: [{ user: '0405550', host: 'pbx.Example.com' }],
      ...call,
    });
  const domains = '{ domains: ["*.example.com", exact.example.org], hops: 2 }';
  const to = (user: string, host: string) => ({ contacts: [{ user, host }] });

  it.each<[string, Call, string]>([
    ['below an allowed domain', {}, 'redirect carrier-a 49405550 as +49305550100'],
    [
      'to exactly an allowed host',
      to('0405550', 'exact.example.org.'),
      'redirect carrier-a 49405550 as +49305550100',
    ],
    ['not below that host', to('0405550', 'a.exact.example.org'), 'relay 480 | redirect-forbidden'],
    ['not to the domain itself', to('0405550', 'example.com'), 'relay 480 | redirect-forbidden'],
    [
      'not to a name that only ends alike',
      to('0405550', 'badexample.com'),
      'relay 480 | redirect-forbidden',
    ],
    ['not to an unknown host', to('0405550', ''), 'relay 480 | redirect-forbidden'],
    [
      'not to what cannot be dialled',
      to('1&2', 'pbx.example.com'),
      'relay 480 | redirect-forbidden',
    ],
    ...['112', '+112', '0112', '00112', '0049112', '+49112', '+490112', '01149112', '+358112'].map(
      (user): [string, Call, string] => [
        `not to an emergency number, ${user}`,
        to(user, 'pbx.example.com'),
        'relay 480 | redirect-forbidden',
      ],
    ),
    [
      'to a number that only ends alike',
      to('0305112', 'pbx.example.com'),
      'redirect carrier-a 49305112 as +49305550100',
    ],
    [
      'to the first contact that is allowed',
      {
        contacts: [
          { user: '1', host: 'evil.org' },
          { user: '0405551', host: 'b.example.com' },
        ],
      },
      'redirect carrier-a 49405551 as +49305550100',
    ],
    ['a second time', { hops: 1 }, 'redirect carrier-a 49405550 as +49305550100'],
    ['not a third time', { hops: 2 }, 'relay 480 | redirects-spent'],
    ['nowhere without a contact', { contacts: [] }, 'relay 480 | not-redirected'],
    ['not for a caller who is gone', { callerGone: true }, 'relay 480 | caller-gone'],
    ['not beyond the limits', { late: 10_001 }, 'relay 480 | time-spent'],
    [
      'not on a held trunk',
      { trunks: { obstacles: { 'carrier-a': { kind: 'held', why: 'x' } } } },
      'relay 480 | trunks-held',
    ],
  ])('%s', (_, call, expected) => {
    expect(told(by(domains, call))).toBe(expected);
  });

  it('on another trunk, then whatever the host', () => {
    const decision = by('{ trunks: [carrier-b, carrier-c] }', to('0405550', ''));
    expect(decision.outcome).toEqual({
      kind: 'redirect',
      trunk: 'carrier-b',
      number: '0405550',
      callerId: '+49305550200',
      target: '0405550',
      hops: 1,
    });
    expect(decision.reserve).toEqual({ trunk: 'carrier-b', retry: false });
    const full = { trunks: { obstacles: { 'carrier-b': { kind: 'full', why: 'x' } as const } } };
    expect(told(by('{ trunks: [carrier-b, carrier-c] }', full))).toBe(
      'redirect carrier-c 90405550',
    );
  });

  it('follows one hop unless told otherwise', () => {
    expect(told(by('{ trunks: carrier-b }', { hops: 1 }))).toBe('relay 480 | redirects-spent');
  });

  it('is not for other failures', () => {
    expect(told(by(domains, {}, failureOf(486)))).toBe('relay 486 | not-redirected');
  });
});

describe('relay', () => {
  it('as another status, with its phrase', () => {
    const rule = (as: string) => [`{ when: { sip: 603 }, do: { relay: { as: ${as} } } }`];
    expect(after(rule('480'), failureOf(603)).outcome).toEqual({ kind: 'relay', sip: 480 });
    expect(after(rule('480 "No lines"'), failureOf(603)).outcome).toEqual({
      kind: 'relay',
      sip: 480,
      phrase: 'No lines',
    });
  });

  it('tells the caller when to come back', () => {
    const rule = '{ when: { sip: 503 }, do: { relay: { as: 503, retry_after: 30s } } }';
    const decision = after([rule]);
    expect(decision.outcome).toEqual({ kind: 'relay', sip: 503, retryAfter: 30_000 });
    expect(told(decision)).toBe('relay 503, retry after 30 s');
  });

  it('turns 503 into 500 for callers that are proxies', () => {
    const proxies = policy([], { top: 'relay_503_as: 500' });
    const all = { attempts: ['carrier-a:503', 'carrier-b:503', 'carrier-c:503'] };
    expect(told(after(proxies, failureOf(503), all))).toBe('relay 500 | no-trunk-left');
    expect(told(after(policy([]), failureOf(503), all))).toBe('relay 503 | no-trunk-left');
    expect(told(after(proxies, failureOf(486)))).toBe('relay 486 | no-mailbox');
  });
});

describe('beside a treatment', () => {
  const rule = (text: string) => after([`{ when: { sip: 402 }, ${text} }`], failureOf(402));

  it('alert and hold are part of the decision', () => {
    const decision = rule('do: { retry: next-trunk, alert: finance, trunk: { hold: 15m } }');
    expect(decision).toMatchObject({
      alert: 'finance',
      hold: { trunk: 'carrier-a', ms: 900_000 },
      outcome: { trunk: 'carrier-b' },
    });
  });

  it('they happen also where the treatment is refused, unless else has its own', () => {
    const otherwise = (more: string) =>
      rule(
        `do: { voicemail: true, alert: x, trunk: { hold: 1s }, log: info }, else: { relay: true${more} }`,
      );
    expect(otherwise('')).toMatchObject({
      alert: 'x',
      hold: { ms: 1000 },
      log: 'info',
      refused: ['no-mailbox'],
    });
    expect(otherwise(', alert: y, trunk: { hold: 2s }, log: error')).toMatchObject({
      alert: 'y',
      hold: { ms: 2000 },
      log: 'error',
    });
  });

  it('nothing happens where no rule asks for it', () => {
    const decision = after([]);
    for (const key of ['alert', 'hold', 'log']) expect(decision).not.toHaveProperty(key);
  });
});

describe('what else says', () => {
  it('is tried in its turn, with every refusal on record', () => {
    const rule = '{ when: { sip: 486 }, do: { voicemail: true }, else: { retry: next-trunk } }';
    expect(told(after([rule], failureOf(486)))).toBe(
      'dial carrier-b 0301234567 as +49305550200 | no-mailbox',
    );
    const rang = failureOf(486, { rang: true });
    expect(told(after([rule], rang))).toBe('relay 486 | no-mailbox | callee-has-rung');
  });
});

describe('why', () => {
  it('names how the rule came about', () => {
    expect(after([]).why).toBe('first rule that matches');
    const bare = policy([]);
    const nothing = { ...bare, index: { ...bare.index, rulesFor: () => [] } };
    const decision = decide(nothing, huntOf(['carrier-a:503']), failureOf(503), IDLE, START);
    expect(decision).toEqual({
      outcome: { kind: 'relay', sip: 503 },
      refused: [],
      why: 'no rule matches',
    });
  });
});

describe('of what must be known', () => {
  const needed = (rules: string[], unknown: Fact[], more: object = {}, call: Call = {}) => {
    const failure: PartialFailure = { ...failureOf(503, more), unknown: new Set(unknown) };
    const { attempts = ['carrier-a:503'], ...hunt } = call;
    const budget = policy(rules, { limits: 'retry_budget: { ratio: 20%, min_per_second: 1 }' });
    const answer = decide(
      budget,
      huntOf(attempts, { number: '0301', ...hunt }),
      failure,
      IDLE,
      START,
    );
    return isNeeds(answer) ? answer.facts.join(' ') : told(answer);
  };
  const always = (what: string) => [`{ do: { ${what} } }`];
  const dialsB = 'dial carrier-b 0301 as +49305550200';

  it.each<[string, Fact[], string]>([
    [
      'retry: next-trunk',
      ['phrase', 'q850', 'location', 'progress', 'local', 'contacts', 'fault', 'class'],
      dialsB,
    ],
    ['retry: next-trunk', ['class', 'cancelled'], 'cancelled'],
    ['retry: next-trunk', ['sip'], 'sip'],
    ['retry: next-trunk', ['rang'], 'rang'],
    ['retry: next-trunk', ['rang', 'attempt'], 'rang attempt'],
    ['retry: next-trunk', ['early_media', 'time_left'], 'early_media time_left'],
    ['retry: next-trunk', ['attempt'], 'attempt'],
    ['retry: next-trunk', ['budget'], 'budget'],
    ['retry: next-trunk, even_after_ringing: true', ['rang'], dialsB],
    ['retry: same-trunk', ['sip'], 'dial carrier-a 0301 as +49305550100'],
    ['voicemail: true', ['class'], 'class'],
    ['announce: x', ['class', 'sip'], 'class sip'],
    ['announce: x', ['sip'], 'sip'],
    ['redirect: { trunks: carrier-b }', ['class', 'contacts'], 'class contacts'],
    ['redirect: { trunks: carrier-b }', ['contacts'], 'contacts'],
    ['relay: true', ['sip', 'phrase'], 'sip'],
    ['relay: true', ['fault'], 'fault'],
    ['relay: true', ['attempt'], 'attempt'],
    ['relay: { as: 480 }', ['class', 'sip', 'fault', 'attempt', 'rang'], 'relay 480'],
  ])('%s, without %j: %s', (what, unknown, expected) => {
    expect(needed(always(what), unknown)).toBe(expected);
  });

  it('whatever stands in the place of the unknown is not looked at', () => {
    expect(needed(always('retry: next-trunk'), ['rang'], { rang: true })).toBe('rang');
    const rung = { attempts: ['carrier-b:480:rang', 'carrier-a:503'] };
    expect(needed(always('retry: next-trunk'), ['attempt'], {}, rung)).toBe('attempt');
  });

  it('nothing where one known fact settles it', () => {
    expect(needed(always('retry: next-trunk'), ['attempt'], { rang: true })).toBe('attempt');
    expect(needed(always('relay: true'), ['attempt', 'phrase'], { sip: 486 })).toBe('relay 486');
    const rung = { attempts: ['carrier-b:480:rang', 'carrier-a:503'] };
    expect(needed(always('retry: next-trunk'), ['rang'], {}, rung)).toBe(
      'relay 503 | callee-has-rung',
    );
    expect(
      needed(always('retry: next-trunk'), ['rang', 'class', 'sip'], {}, { callerGone: true }),
    ).toBe('class sip');
  });

  it('of an emergency call: which trunks were tried', () => {
    expect(needed([], ['attempt'], {}, { number: '112' })).toBe('attempt');
    expect(needed([], ['class', 'sip', 'rang', 'time_left', 'budget'], {}, { number: '112' })).toBe(
      'dial carrier-b 112 as +49305550200',
    );
    const all = { number: '112', attempts: ['carrier-a:503', 'carrier-b:503', 'carrier-c:503'] };
    expect(needed([], ['sip'], {}, all)).toBe('sip');
  });
});

describe('the first attempt', () => {
  const strategy = (how: string) =>
    policyOf(`version: 1
emergency: [112]
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
  c: { dial: { asterisk: "PJSIP/{number}@c" } }
routes:
  - { digits: "*", trunks: [a, b, c], ${how} }
rules: [{ do: { retry: next-trunk } }]
`);
  const first = (how: string, hunt: Partial<Hunt> = {}, trunks: Partial<TrunkSnapshot> = {}) =>
    route(strategy(how), huntOf([], hunt), frozen({ obstacles: {}, turn: 0, ...trunks }), START);
  const trunkOf = ({ outcome }: Decision) => ('trunk' in outcome ? outcome.trunk : outcome.kind);
  const held = { kind: 'held', why: 'x' } as const;

  it('by round robin begins one trunk further each time, and goes round held ones', () => {
    const turns = [0, 1, 2, 3, 4].map((turn) =>
      trunkOf(first('strategy: round-robin', {}, { turn })),
    );
    expect(turns).toEqual(['a', 'b', 'c', 'a', 'b']);
    expect(trunkOf(first('strategy: round-robin', {}, { turn: 1, obstacles: { b: held } }))).toBe(
      'c',
    );
    expect(trunkOf(first('strategy: round-robin', {}, { turn: 2, obstacles: { c: held } }))).toBe(
      'a',
    );
  });

  it('by round robin uses the turn up, retries do not', () => {
    expect(first('strategy: round-robin').reserve).toEqual({ trunk: 'a', retry: false, turn: '*' });
    expect(first('strategy: in-order').reserve).toEqual({ trunk: 'a', retry: false });
    const policy = strategy('strategy: round-robin');
    const retries = ['a', 'b', 'c'].map((trunk) =>
      trunkOf(decide(policy, huntOf([`${trunk}:503`]), failureOf(503), IDLE, START)),
    );
    expect(retries).toEqual(['b', 'c', 'a']);
    const resumed = route(policy, huntOf(['b:503']), frozen({ obstacles: {}, turn: 0 }), START);
    expect(resumed.reserve).toEqual({ trunk: 'c', retry: false });
  });

  it('by weight follows the draw, in proportion among those that can take the call', () => {
    const weighted = 'strategy: weighted, weights: { a: 50, b: 30, c: 20 }';
    const at = (draw: number, obstacles = {}) => trunkOf(first(weighted, { draw }, { obstacles }));
    expect([0, 0.499, 0.5, 0.799, 0.8, 0.999].map((draw) => at(draw))).toEqual([
      'a',
      'a',
      'b',
      'b',
      'c',
      'c',
    ]);
    expect([0, 0.59, 0.61, 0.99].map((draw) => at(draw, { a: held }))).toEqual([
      'b',
      'b',
      'c',
      'c',
    ]);
    expect(trunkOf(first(weighted))).toBe('a');
  });

  it('by weight 0 is a last resort', () => {
    const weighted = 'strategy: weighted, weights: { a: 0, b: 1, c: 0 }';
    for (const draw of [0, 0.5, 0.999]) expect(trunkOf(first(weighted, { draw }))).toBe('b');
    expect(trunkOf(first(weighted, { draw: 0.9 }, { obstacles: { b: held } }))).toBe('a');
  });

  describe('by the best', () => {
    const why = 'b (ASR 62% of 210), a (ASR 41% of 180), c (too few calls)';
    const ranking = { order: ['b', 'a', 'c'], why };
    const at = (draw: number, more: Partial<TrunkSnapshot> = {}, hunt: Partial<Hunt> = {}) =>
      first('strategy: best', { draw, ...hunt }, { ranking, ...more });

    it('goes to the trunk that stands best, says why, and counts for the ranking', () => {
      expect(at(0)).toMatchObject({
        why: `route "*", best: ${why}`,
        outcome: { kind: 'dial', trunk: 'b' },
        reserve: { trunk: 'b', retry: false, ranked: '*: a b c' },
      });
      expect(trunkOf(first('strategy: best'))).toBe('a');
      expect(trunkOf(first('strategy: best', {}, { ranking }))).toBe('b');
    });

    it('goes to each other one once in twenty, by the draw', () => {
      const trunks = [0, 0.899, 0.901, 0.949, 0.951, 0.999].map((draw) => trunkOf(at(draw)));
      expect(trunks).toEqual(['b', 'b', 'c', 'c', 'a', 'a']);
      expect(at(0.96).why).toBe(`route "*", best: a, as a call to know it by; ${why}`);
      expect(at(0.96).reserve).toMatchObject({ trunk: 'a', ranked: '*: a b c' });
    });

    it('passes over what is held, and goes nowhere else than to the trunk that is left', () => {
      expect(trunkOf(at(0, { obstacles: { b: held } }))).toBe('a');
      const left = [0, 0.5, 0.96, 0.999].map((draw) =>
        trunkOf(at(draw, { obstacles: { a: held, b: held } })),
      );
      expect(left).toEqual(['c', 'c', 'c', 'c']);
    });

    it('retries on the best of the others, whatever the draw, and counts no retry', () => {
      const trunks = frozen({ obstacles: {}, turn: 0, ranking });
      for (const draw of [0, 0.96, 0.999]) {
        const hunt = huntOf(['c:503'], { draw });
        const decision = decide(strategy('strategy: best'), hunt, failureOf(503), trunks, START);
        expect(decision).toMatchObject({ outcome: { trunk: 'b' } });
        expect(decision.reserve).toEqual({ trunk: 'b', retry: true });
      }
    });

    it('is the first of the file for an emergency call', () => {
      expect(at(0.96, {}, { number: '112' })).toMatchObject({
        outcome: { trunk: 'a' },
        reserve: { unconditional: true },
      });
      expect(at(0, {}, { number: '112' }).reserve).not.toHaveProperty('ranked');
    });
  });

  it('where every trunk is held or full is refused with 503', () => {
    const full = { kind: 'full', why: 'x' } as const;
    const decision = first('strategy: in-order', {}, { obstacles: { a: held, b: full, c: held } });
    expect(told(decision)).toBe('relay 503 | trunks-full');
    expect(decision.rule).toMatchObject({ line: 8 });
    expect(
      told(first('strategy: in-order', {}, { obstacles: { a: held, b: held, c: held } })),
    ).toBe('relay 503 | trunks-held');
  });

  it('of an emergency call is the first of its route, whatever the strategy and the holds', () => {
    const decision = first(
      'strategy: round-robin',
      { number: '112' },
      { turn: 2, obstacles: { a: held } },
    );
    expect(trunkOf(decision)).toBe('a');
    expect(decision).toMatchObject({
      why: 'emergency number: every trunk in order',
      reserve: { trunk: 'a', retry: false, unconditional: true },
    });
    const last = decide(
      strategy(''),
      huntOf(['a:', 'b:', 'c:'], { number: '112' }),
      noResponse(),
      IDLE,
      START,
    );
    expect(last.why).toBe('emergency number, every trunk tried');
  });
});

describe('silence on the last trunk', () => {
  it('is no status that anybody sent: the best of those is relayed', () => {
    const all = { attempts: ['carrier-b:503', 'carrier-c:500', 'carrier-a:'] };
    expect(told(after([], noResponse(), all))).toBe('relay 503 | no-trunk-left');
  });
});
