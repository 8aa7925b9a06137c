import type { WholePolicy } from '../../../src/policy/policy';
import { warningsOf } from '../../../src/policy-file/warnings';
import { shadowedRoutes } from '../../../src/policy-file/warnings/shadowed-routes';
import { policyOf } from '../../doubles/policies';

/** Line and message of every warning of a policy with these parts. */
function warnings(parts: {
  trunkA?: string;
  timesOfA?: string;
  routes?: string;
  rules?: string;
  limits?: string;
}): string[] {
  const text = `version: 1
emergency: []
limits: { ${parts.limits ?? ''} }
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" }, ${parts.timesOfA ?? ''} rules: [${parts.trunkA ?? ''}] }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
routes: [${parts.routes ?? '{ digits: "*", trunks: [a, b], mailbox: "{number}@default" }'}]
rules:
${parts.rules ?? '  - { do: { relay: true } }'}
`;
  return warningsOf(policyOf(text), text).map(({ line, message }) => `${line}: ${message}`);
}

const rules = (...lines: string[]) => ({ rules: lines.map((line) => `  - ${line}`).join('\n') });

describe('a policy in order', () => {
  it('has no warnings', () => {
    expect(warnings({})).toEqual([]);
  });
});

describe('a rule that is shadowed', () => {
  it.each([
    ['{ do: { relay: true } }', '{ when: { sip: 503 }, do: { relay: true } }', 'always matches'],
    [
      '{ when: { sip: 5xx }, do: { relay: true } }',
      '{ when: { sip: 503 }, do: { relay: true } }',
      'matches whenever this one does',
    ],
    [
      '{ when: { sip: [404, 503] }, do: { relay: true } }',
      '{ when: { sip: 503, rang: true }, do: { relay: true } }',
      'matches whenever this one does',
    ],
    [
      '{ when: { phrase: "*" }, do: { relay: true } }',
      '{ when: { phrase: "full" }, do: { relay: true } }',
      'matches whenever this one does',
    ],
    [
      '{ when: { class: [busy, declined] }, do: { relay: true } }',
      '{ when: { class: busy }, do: { relay: true } }',
      'matches whenever this one does',
    ],
    [
      '{ when: { elapsed: ">8s" }, do: { relay: true } }',
      '{ when: { elapsed: ">9s", sip: 503 }, do: { relay: true } }',
      'matches whenever this one does',
    ],
    [
      '{ when: { elapsed: "<8s" }, do: { relay: true } }',
      '{ when: { elapsed: "<8s" }, do: { relay: true } }',
      'matches whenever this one does',
    ],
    [
      '{ when: { header: { name: X-Code } }, do: { relay: true } }',
      '{ when: { header: { name: x-code, value: D1 } }, do: { relay: true } }',
      'matches whenever this one does',
    ],
    [
      '{ when: { header: { name: X-Code, value: [D1, D2] } }, do: { relay: true } }',
      '{ when: { header: { name: X-Code, value: D2 }, sip: 503 }, do: { relay: true } }',
      'matches whenever this one does',
    ],
    [
      '{ when: { attempts_left: [0, 1] }, do: { relay: true } }',
      '{ when: { attempts_left: 1 }, do: { relay: true } }',
      'matches whenever this one does',
    ],
    [
      '{ when: { rang: true }, do: { relay: true } }',
      '{ when: { rang: true, sip: 480 }, do: { relay: true } }',
      'matches whenever this one does',
    ],
  ])('%s before %s', (first, second, how) => {
    expect(warnings(rules(first, second))).toEqual([
      `10: this rule can never match: the one in line 9 comes before it and ${how}`,
    ]);
  });

  it.each([
    ['{ when: { sip: 503 }, do: { relay: true } }', '{ when: { sip: 5xx }, do: { relay: true } }'],
    [
      '{ when: { sip: 503, rang: true }, do: { relay: true } }',
      '{ when: { sip: 503 }, do: { relay: true } }',
    ],
    [
      '{ when: { rang: true }, do: { relay: true } }',
      '{ when: { rang: false }, do: { relay: true } }',
    ],
    [
      '{ when: { class: busy }, do: { relay: true } }',
      '{ when: { class: [busy, declined] }, do: { relay: true } }',
    ],
    [
      '{ when: { elapsed: ">9s" }, do: { relay: true } }',
      '{ when: { elapsed: ">8s" }, do: { relay: true } }',
    ],
    [
      '{ when: { elapsed: "<8s" }, do: { relay: true } }',
      '{ when: { elapsed: "<9s" }, do: { relay: true } }',
    ],
    [
      '{ when: { elapsed: "<8s" }, do: { relay: true } }',
      '{ when: { elapsed: ">8s" }, do: { relay: true } }',
    ],
    [
      '{ when: { within: 8s }, do: { relay: true } }',
      '{ when: { elapsed: "<8s" }, do: { relay: true } }',
    ],
    [
      '{ when: { header: { name: X-Code, value: D1 } }, do: { relay: true } }',
      '{ when: { header: { name: X-Code } }, do: { relay: true } }',
    ],
    [
      '{ when: { header: { name: X-Code } }, do: { relay: true } }',
      '{ when: { header: { name: X-Other } }, do: { relay: true } }',
    ],
    [
      '{ when: { attempts_left: 1 }, do: { relay: true } }',
      '{ when: { attempts_left: [0, 1] }, do: { relay: true } }',
    ],
  ])('is not one behind a narrower: %s before %s', (first, second) => {
    expect(warnings(rules(first, second))).toEqual([]);
  });

  it('is not one by a rule of another list', () => {
    expect(warnings({ trunkA: '{ do: { relay: true } }' })).toEqual([]);
  });
});

describe('a rule whose fields exclude each other', () => {
  it.each([
    ['{ class: busy, fault: trunk }', 'that class is the fault of: callee'],
    ['{ rang: true, progress: false }', 'ringing is progress'],
    ['{ early_media: true, progress: false }', 'early media is progress'],
    ['{ attempt: [4, 5] }', 'limits.attempts is 3'],
    ['{ attempts_left: [3, 4] }', 'after one attempt there are 2 left: limits.attempts is 3'],
  ])('%s', (when, why) => {
    expect(warnings(rules(`{ when: ${when}, do: { relay: true } }`))).toEqual([
      `9: this rule can never match: ${why}`,
    ]);
  });

  it('is one of a trunk that asks for another', () => {
    expect(warnings({ trunkA: '{ when: { trunk: b }, do: { relay: true } }' })).toEqual([
      '5: this rule can never match: it stands among the rules of a',
    ]);
  });

  it('is not one that can match', () => {
    expect(
      warnings(rules('{ when: { class: busy, fault: [callee, trunk] }, do: { relay: true } }')),
    ).toEqual([]);
    expect(
      warnings(
        rules('{ when: { attempt: [3, 4], progress: true, rang: true }, do: { relay: true } }'),
      ),
    ).toEqual([]);
    expect(warnings({ trunkA: '{ when: { trunk: [a, b] }, do: { relay: true } }' })).toEqual([]);
  });
});

describe('retries that a limit makes impossible', () => {
  const retry = (times: number) =>
    rules(`{ when: { sip: 500 }, do: { retry: same-trunk, times: ${times} } }`);

  it('are named with both numbers', () => {
    expect(warnings(retry(3))).toEqual([
      '9: times: 3 is never reached: limits.attempts is 3, the first one included',
    ]);
    expect(warnings(retry(2))).toEqual([]);
    expect(warnings({ ...retry(3), limits: 'attempts: 4' })).toEqual([]);
  });
});

describe('trunks and routes', () => {
  it('a trunk in no route, a route with one trunk', () => {
    expect(warnings({ routes: '{ digits: "*", trunks: [a] }' })).toEqual([
      '6: trunk b is in no route',
      '7: this route has one trunk only: when a fails, the call fails',
    ]);
  });

  it('not a route with one trunk and a mailbox, nor a trunk for redirections', () => {
    const routes = '{ digits: "*", trunks: [a], mailbox: "1@default" }';
    const redirect = rules('{ when: { sip: 302 }, do: { redirect: { trunks: b } } }');
    expect(warnings({ routes, ...redirect })).toEqual([]);
  });
});

describe('voicemail without any mailbox', () => {
  const voicemail = '{ when: { class: busy }, do: { voicemail: true } }';
  const message = 'voicemail, but no route that this rule applies to has a mailbox';
  const bare = '{ digits: "1*", trunks: [a, b] }';
  const boxed = '{ digits: "2*", trunks: [b, a], mailbox: "1@default" }';

  it('is named for general rules, the route and the trunk', () => {
    expect(warnings({ routes: bare, ...rules(voicemail) })).toEqual([`9: ${message}`]);
    expect(
      warnings({ routes: `{ digits: "1*", trunks: [a, b], rules: [${voicemail}] }, ${boxed}` }),
    ).toEqual([`7: ${message}`]);
    const onlyB = '{ digits: "2*", trunks: [b], mailbox: "1@default" }';
    expect(warnings({ routes: `${bare}, ${onlyB}`, trunkA: voicemail })).toEqual([`5: ${message}`]);
  });

  it('is not named where one route has one, or the place is in the dialplan', () => {
    expect(
      warnings({ routes: `${bare}, ${boxed}`, trunkA: voicemail, ...rules(voicemail) }),
    ).toEqual([]);
    const own = '{ when: { class: busy }, do: { voicemail: { context: vm, extension: s } } }';
    expect(warnings({ routes: bare, ...rules(own) })).toEqual([]);
  });
});

describe('a failure for all servers that is tried elsewhere', () => {
  it('is named', () => {
    expect(warnings(rules('{ when: { sip: [503, 6xx] }, do: { retry: next-trunk } }'))).toEqual([
      '9: a 6xx is never tried on another trunk by a rule for all trunks',
    ]);
    expect(
      warnings(
        rules('{ when: { class: [blocked] }, do: { relay: true }, else: { retry: next-trunk } }'),
      ),
    ).toEqual(['9: a call that was blocked as unwanted is tried on another trunk']);
    expect(warnings({ trunkA: '{ when: { sip: 603 }, do: { retry: next-trunk } }' })).toEqual([
      "5: every 6xx of a that this rule takes is tried on another trunk, the callee's own refusals too",
    ]);
  });

  it('is not named where the trunk names the phrase, or tries itself again', () => {
    const phrase = '{ when: { sip: 603, phrase: "*capacity*" }, do: { retry: next-trunk } }';
    expect(warnings({ trunkA: phrase })).toEqual([]);
    expect(warnings(rules('{ when: { sip: 606 }, do: { retry: same-trunk } }'))).toEqual([]);
  });
});

describe('options_ping', () => {
  const trunk = (name: string, dialStrings: string) =>
    `  ${name}: { dial: { ${dialStrings} }, health: { options_ping: {} } }`;
  const text = [
    'version: 1',
    'emergency: []',
    'trunks:',
    trunk('a', 'asterisk: "PJSIP/{number}@a", freeswitch: "sofia/gateway/a/{number}"'),
    trunk('b', 'freeswitch: "sofia/gateway/b/{number}"'),
    trunk('c', 'asterisk: "IAX2/c/{number}"'),
    trunk('d', 'freeswitch: "sofia/external/{number}@192.0.2.1"'),
    'routes: [{ digits: "*", trunks: [a, b, c, d] }]',
    '',
  ].join('\n');

  it('has no effect where no PBX tells what OPTIONS came to', () => {
    const found = warningsOf(policyOf(text), text);
    expect(found.map(({ line, message }) => `${line}: ${message.split(':')[0]}`)).toEqual([
      '6: options_ping of trunk c has no effect',
      '7: options_ping of trunk d has no effect',
    ]);
  });
});

describe('a bound of quality that can never act', () => {
  const health = (bounds: string, more = '') =>
    warnings({ timesOfA: `health: { ${bounds} }, ${more}` });

  it('asks for more calls than calls_per_second lets through', () => {
    expect(health('asr: 35% of 61 in 1m', 'limits: { calls_per_second: 1 },')).toEqual([
      '5: asr of trunk a has no effect: it asks for 61 calls, and calls_per_second lets 60 through in 60s',
    ]);
    expect(health('asr: 35% of 60 in 1m', 'limits: { calls_per_second: 1 },')).toEqual([]);
  });

  it('asks for a delay after which attempts are given up', () => {
    expect(health('pdd: 15s of 20 in 5m')).toEqual([
      '5: pdd of trunk a has no effect: progress_timeout gives an attempt up after 15s, before it could ring after 15s',
    ]);
    expect(health('pdd: 12s of 20 in 5m', 'ring_timeout: 10s,')).toEqual([
      '5: pdd of trunk a has no effect: ring_timeout gives an attempt up after 10s, before it could ring after 12s',
    ]);
    expect(health('pdd: 14s of 20 in 5m')).toEqual([]);
  });

  it('is a NER that ASR always forestalls', () => {
    expect(health('asr: 80% of 50 in 10m, ner: 80% of 50 in 10m')).toEqual([
      '5: ner of trunk a has no effect: NER is never below ASR, so asr always holds the trunk first',
    ]);
    expect(health('asr: 35% of 50 in 10m, ner: 80% of 50 in 10m')).toEqual([]);
    expect(health('asr: 80% of 50 in 10m, ner: 80% of 20 in 10m')).toEqual([]);
  });
});

describe('a route that no call takes', () => {
  const routes = (...digits: string[]) =>
    warnings({
      routes: digits.map((it) => `{ digits: "${it}", trunks: [a, b] }`).join(', '),
    });

  it.each([
    ['everything before a prefix', ['*', '44*'], 'takes all of its numbers'],
    ['everything before one number', ['*', '110'], 'takes all of its numbers'],
    ['the same twice', ['44*', '44*'], 'has the same digits'],
    ['a prefix before a longer one', ['44*', '4420*'], 'takes all of its numbers'],
    ['a prefix before a number of its length', ['44*', '44'], 'takes all of its numbers'],
    ['any digit before some', ['4XX', '4N1'], 'takes all of its numbers'],
    ['any digits before a number', ['XXX', '200'], 'takes all of its numbers'],
    ['letters before a prefix with letters', ['X*', 'NXXNXXXXXX'], 'takes all of its numbers'],
    ['1 to 9 before 2 to 9', ['Z*', 'N9*'], 'takes all of its numbers'],
    ['a set before a part of it', ['[2-7]XX', '[35]00'], 'takes all of its numbers'],
    ['one notation before the other', ['9NXX', '_9-nxx'], 'has the same digits'],
    ['a star code before one of it', ['_*7!', '_*72!'], 'takes all of its numbers'],
  ])('%s', (_, [wide = '', narrow = ''], how) => {
    expect(routes(wide, narrow)).toEqual([
      `7: no call takes this route: "${wide}" in line 7 comes before it and ${how}`,
    ]);
  });

  it.each([
    ['the narrower first', ['44*', '*']],
    ['another prefix', ['44*', '45*']],
    ['a longer number', ['4XX', '4XXX']],
    ['an open end behind a fixed one', ['4XX', '4XX*']],
    ['a prefix that is longer than the number', ['440*', '44']],
    ['a prefix that is longer than the open one', ['440*', '44*']],
    ['0 is no Z', ['Z*', 'X*']],
    ['0 is no N', ['NXX', '0XX']],
    ['letters are only digits', ['X*', '_*72!']],
    ['a letter in the middle of the narrower one', ['4N*', '4X1']],
    ['a star key is no open end', ['*72', '_*72!']],
    ['a set that lacks one', ['[2-7]XX', 'NXX']],
  ])('none of: %s', (_, digits) => {
    expect(routes(...digits)).toEqual([]);
  });

  const written = (routes: readonly string[], top = '') =>
    warningsOf(...parsed(routes, top)).map(({ message }) => message);
  function parsed(routes: readonly string[], top: string): [WholePolicy, string] {
    const text = `version: 1
emergency: [112]
timezone: Europe/Berlin
${top}
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
routes:
${routes.map((route) => `  - { ${route} }`).join('\n')}
`;
    return [policyOf(text), text];
  }

  it.each([
    ['of other callers', 'digits: "1*", from: "1XX"', 'digits: "1*", from: "2XX"'],
    ['of more callers', 'digits: "1*", from: "1XX"', 'digits: "1*"'],
    ['from another context', 'digits: "1*", context: here', 'digits: "1*", from: "1"'],
    ['at other times', 'digits: "1*", time: Mo', 'digits: "1*", time: Tu'],
  ])('none of: calls %s', (_, first, second) => {
    const both = [first, second].map((route) => `${route}, trunks: [a, b]`);
    expect(written([...both, 'digits: "*", trunks: [a, b]'])).toEqual([]);
  });

  it.each([
    ['the same callers', 'digits: "1*", from: "1*"', 'digits: "12*", from: "1XX"'],
    ['some of its callers', 'digits: "1*"', 'digits: "12*", from: "1XX", time: Mo'],
    ['the same context', 'digits: "1*", context: [a, b]', 'digits: "1*", context: b'],
  ])('%s', (_, first, second) => {
    const both = [first, second].map((route) => `${route}, trunks: [a, b]`);
    expect(written([...both, 'digits: "*", trunks: [a, b]'])).toHaveLength(1);
  });

  it('is told by each of its digits', () => {
    expect(
      written(['digits: ["1*", "12"], trunks: [a, b]', 'digits: ["2*", "1"], trunks: [a, b]']),
    ).toEqual([
      'no call takes "12" of this route: "1*" of the same route comes before it and takes all of its numbers',
      'no call takes "1" of this route: "1*" in line 9 comes before it and takes all of its numbers',
    ]);
  });

  it('of the longest, only one of the same length comes in question', () => {
    const routes = ['*', '1*', '1*', '2'].map((digits) => `digits: "${digits}", trunks: [a, b]`);
    expect(written(routes, 'match: longest')).toEqual([
      'no call takes this route: "1*" in line 10 is as long, comes before it and has the same digits',
    ]);
  });

  it('is not the emergency number behind a route that refuses: its calls pass that over', () => {
    const routes = ['digits: "1*", refuse: 403', 'digits: "112", trunks: [a, b]'];
    expect(written(routes)).toEqual([]);
  });

  it('is found among a hundred thousand in time', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => `${100_000 + index}*`);
    const at = { file: 'p', line: 1, column: 1 };
    const trunks = ['a'];
    const strategy = { kind: 'in-order' } as const;
    const policy = {
      match: 'first',
      emergency: [],
      routes: [...many, '1*', '150000'].map((digits) => ({
        at,
        digits: [digits],
        trunks,
        strategy,
        rules: [],
      })),
    };
    expect(shadowedRoutes(policy as unknown as WholePolicy).map(({ message }) => message)).toEqual([
      'no call takes this route: "150000*" in line 1 comes before it and takes all of its numbers',
    ]);
  });
});

describe('a rule on 408 beside a silent trunk', () => {
  const RETRY = '{ when: { sip: [5xx, 408] }, do: { retry: next-trunk } }';
  const REST = '{ do: { relay: true } }';
  const told = /does not match silence/;

  it.each([
    ['among the rules of a trunk', { trunkA: `${RETRY}, ${REST}` }, 'the rule in line 5'],
    ['among the general rules', rules(RETRY, REST), 'the rule in line 10'],
    [
      'alone',
      rules('{ when: { sip: 408 }, do: { retry: same-trunk, times: 1 } }'),
      'a built-in rule',
    ],
    [
      'beside one by fault that does something else',
      rules(RETRY, '{ when: { fault: trunk }, do: { announce: sorry } }'),
      'the rule in line 10',
    ],
  ])('%s', (_, parts, what) => {
    const found = warnings(parts).filter((one) => told.test(one));
    expect(found).toEqual([expect.stringContaining(`${what} applies to it`)]);
  });

  it.each([
    [
      'with the class, too',
      rules('{ when: { class: trunk-timeout }, do: { retry: next-trunk } }', RETRY, REST),
    ],
    [
      'with the fault, too',
      rules('{ when: { fault: trunk }, do: { retry: next-trunk } }', RETRY, REST),
    ],
    ['where the built-in rule does the same', rules(RETRY)],
    ['that relays', rules('{ when: { sip: 408 }, do: { relay: { as: 480 } } }', REST)],
    ['after ringing', rules('{ when: { sip: 408, rang: true }, do: { voicemail: true } }', REST)],
    [
      'on a phrase',
      rules('{ when: { sip: 408, phrase: "*login*" }, do: { retry: next-trunk } }', REST),
    ],
    ['on all 4xx', rules('{ when: { sip: 4xx }, do: { retry: next-trunk } }', REST)],
    ['on another status', rules('{ when: { sip: 504 }, do: { retry: next-trunk } }', REST)],
  ])('is in order %s', (_, parts) => {
    expect(warnings(parts).filter((one) => told.test(one))).toEqual([]);
  });
});

describe('the mode of a trunk', () => {
  const told = /mode: /;
  const of = (parts: Parameters<typeof warnings>[0]) =>
    warnings(parts).filter((one) => told.test(one));

  it('with which no route begins has little effect', () => {
    const routes = '{ digits: "*", trunks: [b, a], mailbox: "{number}@default" }';
    expect(of({ timesOfA: 'mode: decide,', routes })).toEqual([
      '5: no route begins with trunk a: its mode: decide counts only for calls that your own dialplan has dialled there',
    ]);
    expect(of({ timesOfA: 'mode: observe,' })).toEqual([]);
  });

  it('that is observed does not keep a decided route from it', () => {
    const routes =
      '{ digits: "1*", trunks: [b, a], mailbox: "{number}@default" }, { digits: "*", trunks: [a, b], mailbox: "{number}@default" }';
    expect(of({ timesOfA: 'mode: observe,', routes })).toEqual([
      "7: this route is decided and leads to a as well, which has mode: observe: a trunk's mode is that of calls that begin with it",
    ]);
    const observed = routes.replace('{ digits: "1*"', '{ mode: observe, digits: "1*"');
    expect(of({ timesOfA: 'mode: observe,', routes: observed })).toEqual([]);
  });
});

describe('a time-out after which no retry may begin', () => {
  it.each([
    ['as long as start_within', 'progress_timeout: 20s,', {}, '20s'],
    ['of ringing alone', 'progress_timeout: 40s, ring_timeout: 30s,', {}, '30s'],
    ['and a shorter start_within', '', { limits: 'start_within: 10s' }, '15s'],
  ])('%s', (_, timesOfA, more, after) => {
    const found = warnings({ timesOfA, ...more }).filter((one) => one.includes('given up'));
    expect(found[0]).toContain(`5: trunk a is given up after ${after} if it never rings`);
  });

  it.each([
    ['in time', 'progress_timeout: 19s,', {}],
    ['in time by ring_timeout', 'progress_timeout: 40s, ring_timeout: 12s,', {}],
    [
      'on the last trunk of its route',
      'progress_timeout: 25s,',
      { routes: '{ digits: "*", trunks: [b, a], mailbox: "{number}@default" }' },
    ],
  ])('is none %s', (_, timesOfA, more) => {
    expect(warnings({ timesOfA, ...more }).filter((one) => one.includes('given up'))).toEqual([]);
  });
});
