import { normalize } from '../../../src/normalize/normalize';
import { decide } from '../../../src/policy/decide';
import type { Decision } from '../../../src/policy/decision/decision';
import type { Hunt } from '../../../src/policy/hunt';
import type { Policy } from '../../../src/policy/policy';
import { refuseNumber, route } from '../../../src/policy/routes/route';
import { outcomeText as tell } from '../../../src/policy/decision/text';
import {
  failureOf,
  huntOf,
  IDLE,
  policyOf,
  noResponse,
  START,
  unreachable,
} from '../../doubles/policies';

const TRUNKS = `
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
  carrier-c: { dial: { asterisk: "PJSIP/{number}@carrier-c" } }
  phones: { dial: { asterisk: "PJSIP/{number}" } }`;

const BUILT_IN_ONLY = policyOf(`version: 1
emergency: [112]
trunks:${TRUNKS}
routes:
  - { digits: "112", trunks: [carrier-c, carrier-b, carrier-a, phones] }
  - { digits: "1XXX", trunks: [phones], mailbox: "{number}@default" }
  - { digits: "2XX", trunks: [carrier-a, carrier-b, carrier-c] }
limits: { attempts: 2, start_within: 10s }
`);

/** With general rules of the file's own. */
function withRules(rules: string): Policy {
  return policyOf(`version: 1
emergency: [112]
trunks:${TRUNKS}
routes:
  - { digits: "1XXX", trunks: [phones], mailbox: "{number}@default" }
  - { digits: "*", trunks: [carrier-a, carrier-b, carrier-c] }
rules:
${rules}`);
}

/** A decision in a few words: outcome, then why other treatments were refused. */
function told({ outcome, refused }: Decision): string {
  const words =
    outcome.kind === 'voicemail' ? `${outcome.greeting} ${outcome.mailbox}` : tell({ outcome });
  return [words, ...refused].join(' | ');
}

describe('the first attempt', () => {
  it("goes to the first trunk of the number's route and names the route's place", () => {
    const decision = route(BUILT_IN_ONLY, huntOf([]), IDLE, START);
    expect(told(decision)).toBe('dial carrier-a');
    expect(decision.rule).toMatchObject({ file: 'policy.yaml', line: 11 });
  });

  it('to a number that no route takes is 404', () => {
    const decision = route(BUILT_IN_ONLY, huntOf([], { number: '999' }), IDLE, START);
    expect(told(decision)).toBe('relay 404');
    expect(decision.rule).toBeUndefined();
  });

  it('to a number that cannot be dialled is 484', () => {
    expect(told(refuseNumber())).toBe('relay 484');
  });

  it('of a hunt whose state already has attempts never repeats one', () => {
    expect(told(route(BUILT_IN_ONLY, huntOf(['carrier-a:503']), IDLE, START))).toBe(
      'dial carrier-b',
    );
  });
});

describe('the built-in rules', () => {
  it.each([
    ['503', failureOf(503), 'dial carrier-b'],
    ['no response', noResponse(), 'dial carrier-b'],
    ['408 out of nowhere', failureOf(408), 'dial carrier-b'],
    ['what could not be sent', unreachable(), 'dial carrier-b'],
    ['486 without a mailbox', failureOf(486), 'relay 486 | no-mailbox'],
    ['480 without a mailbox', failureOf(480), 'relay 480 | no-mailbox'],
    ['600 without a mailbox', failureOf(600), 'relay 600 | no-mailbox'],
    ['ringing in vain', noResponse({ rang: true }), 'relay 480 | no-mailbox'],
    ['503 after ringing', failureOf(503, { rang: true }), 'relay 503 | callee-has-rung'],
    ['488', failureOf(488), 'relay 488'],
    ['404', failureOf(404), 'relay 404'],
    ['403', failureOf(403), 'relay 403'],
    ['484', failureOf(484), 'relay 484'],
    ['603', failureOf(603), 'relay 603'],
    ['604', failureOf(604), 'relay 604'],
    ['606', failureOf(606), 'relay 606'],
    ['607', failureOf(607), 'relay 607'],
    ['302', failureOf(302), 'relay 480'],
    ['nothing known at all', normalize([]), 'relay 503'],
  ])('%s', (_, failure, expected) => {
    const hunt = huntOf([`carrier-a:${failure.sip ?? ''}`]);
    expect(told(decide(BUILT_IN_ONLY, hunt, failure, IDLE, START))).toBe(expected);
  });

  it.each([
    ['486', failureOf(486), 'busy 1001@default'],
    ['600', failureOf(600), 'busy 1001@default'],
    ['480', failureOf(480), 'unavailable 1001@default'],
    ['480 after ringing', failureOf(480, { rang: true }), 'unavailable 1001@default'],
    ['ringing in vain', noResponse({ rang: true }), 'unavailable 1001@default'],
    ['603', failureOf(603), 'relay 603'],
    ['404', failureOf(404), 'relay 404'],
  ])('%s of somebody with a mailbox', (_, failure, expected) => {
    const hunt = huntOf(['phones:486'], { number: '1001' });
    expect(told(decide(BUILT_IN_ONLY, hunt, failure, IDLE, START))).toBe(expected);
  });

  it('warn of a 488 and of nothing else', () => {
    const logged = [488, 606, 415, 503, 486, 404, 603].filter(
      (sip) => decide(BUILT_IN_ONLY, huntOf([`carrier-a:${sip}`]), failureOf(sip), IDLE, START).log,
    );
    expect(logged).toEqual([488, 606, 415]);
    const { log } = decide(BUILT_IN_ONLY, huntOf(['carrier-a:488']), failureOf(488), IDLE, START);
    expect(log).toBe('warn');
  });
});

describe('one line of the policy inverted', () => {
  it.each([
    ['503 is relayed', '{ when: { sip: 503 }, do: { relay: true } }', 503, 'relay 503'],
    [
      '486 goes to the next trunk',
      '{ when: { sip: 486 }, do: { retry: next-trunk } }',
      486,
      'dial carrier-b',
    ],
    [
      '480 goes to the next trunk',
      '{ when: { class: unavailable }, do: { retry: next-trunk } }',
      480,
      'dial carrier-b',
    ],
    [
      '488 goes to the next trunk',
      '{ when: { sip: 488 }, do: { retry: next-trunk } }',
      488,
      'dial carrier-b',
    ],
    [
      'a 6xx goes to no other trunk by a general rule',
      '{ when: { sip: 6xx }, do: { retry: next-trunk } }',
      603,
      'relay 603 | 6xx-elsewhere',
    ],
  ])('%s', (_, rule, sip, expected) => {
    const hunt = huntOf([`carrier-a:${sip}`]);
    const decision = decide(withRules(`  - ${rule}`), hunt, failureOf(sip), IDLE, START);
    expect(told(decision)).toBe(expected);
    expect(decision.rule).toMatchObject({ file: 'policy.yaml', line: 12, column: 5 });
  });

  it('of one trunk only: the same status has two outcomes', () => {
    const policy = policyOf(`version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@a" }, rules: [{ when: { sip: 503 }, do: { relay: true } }] }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@b" } }
routes:
  - { digits: "1*", trunks: [carrier-a, carrier-b] }
  - { digits: "2*", trunks: [carrier-b, carrier-a] }
`);
    const outcome = (number: string, trunk: string) =>
      told(decide(policy, huntOf([`${trunk}:503`], { number }), failureOf(503), IDLE, START));
    expect(outcome('100', 'carrier-a')).toBe('relay 503');
    expect(outcome('200', 'carrier-b')).toBe('dial carrier-a');
  });
});

describe('a retry is refused', () => {
  const failed = (attempts: readonly string[], more: Partial<Hunt> = {}, late = 0) =>
    told(decide(BUILT_IN_ONLY, huntOf(attempts, more), failureOf(503), IDLE, START + late));

  it('when all attempts are spent', () => {
    expect(failed(['carrier-a:503', 'carrier-b:503'])).toBe('relay 503 | attempts-spent');
  });

  it('when its time is spent, to the millisecond', () => {
    expect(failed(['carrier-a:503'], {}, 10_000)).toBe('dial carrier-b');
    expect(failed(['carrier-a:503'], {}, 10_001)).toBe('relay 503 | time-spent');
  });

  it('when the route has no trunk left', () => {
    expect(failed(['phones:503'], { number: '1001' })).toBe('relay 503 | no-trunk-left');
  });

  it('when the number has no route any more', () => {
    expect(failed(['carrier-a:503'], { number: '999' })).toBe('relay 503 | no-trunk-left');
  });

  it.each([
    ['180', { rang: true }, 'relay 503 | callee-has-rung'],
    ['183 only', { progress: true }, 'dial carrier-b'],
  ])('after ringing: %s', (_, heard, expected) => {
    const failure = failureOf(503, heard);
    expect(told(decide(BUILT_IN_ONLY, huntOf(['carrier-a:503']), failure, IDLE, START))).toBe(
      expected,
    );
  });

  it('after early media of more than its grace', () => {
    const after = (earlyMediaMs: number) => {
      const failure = failureOf(503, { progress: true, earlyMediaMs });
      return told(decide(BUILT_IN_ONLY, huntOf(['carrier-a:503']), failure, IDLE, START));
    };
    expect(after(4000)).toBe('dial carrier-b');
    expect(after(4001)).toBe('relay 503 | early-media');
  });

  it('then the rule says what else', () => {
    const policy = withRules(
      '  - { when: { sip: 503 }, do: { retry: next-trunk }, else: { voicemail: true } }',
    );
    const hunt = huntOf(['phones:503'], { number: '1001' });
    expect(told(decide(policy, hunt, failureOf(503), IDLE, START))).toBe(
      'unavailable 1001@default | no-trunk-left',
    );
    const stranger = huntOf(['carrier-a:503', 'carrier-b:503', 'carrier-c:503']);
    expect(told(decide(policy, stranger, failureOf(503), IDLE, START))).toBe(
      'relay 503 | attempts-spent | no-mailbox',
    );
  });

  it('then what else is logged at its own level, otherwise at that of the rule', () => {
    const rule = (otherwise: string) =>
      `  - { when: { sip: 503 }, do: { retry: next-trunk, log: info }, else: { ${otherwise} } }`;
    const hunt = huntOf(['phones:503'], { number: '1001' });
    const level = (policy: Policy) => decide(policy, hunt, failureOf(503), IDLE, START).log;
    expect(level(withRules(rule('relay: true, log: error')))).toBe('error');
    expect(level(withRules(rule('relay: true')))).toBe('info');
  });
});

describe('voicemail', () => {
  const busy = (more: Partial<Hunt>) =>
    told(decide(BUILT_IN_ONLY, huntOf(['phones:486'], more), failureOf(486), IDLE, START));

  it.each([
    ["the route's template", { number: '1001' }, 'busy 1001@default'],
    [
      "the dialplan's variable wins over it",
      { number: '1001', mailbox: '77@sales' },
      'busy 77@sales',
    ],
    ["the dialplan's variable alone", { number: '200', mailbox: '77@sales' }, 'busy 77@sales'],
    ['neither', { number: '200' }, 'relay 486 | no-mailbox'],
    ['a variable without a context', { number: '1001', mailbox: '77' }, 'relay 486 | no-mailbox'],
    [
      'a variable with dialplan in it',
      { number: '1001', mailbox: '${SHELL(id)}@default' },
      'relay 486 | no-mailbox',
    ],
    ['two mailboxes', { number: '1001', mailbox: '1@a&2@b' }, 'relay 486 | no-mailbox'],
    ['a line break', { number: '1001', mailbox: '1@a\n' }, 'relay 486 | no-mailbox'],
    [
      'one that the PBX does not have',
      { number: '1001', mailboxMissing: true },
      'relay 486 | mailbox-missing',
    ],
    [
      'one of the variable that the PBX does not have',
      { number: '1001', mailbox: '77@sales', mailboxMissing: true },
      'relay 486 | mailbox-missing',
    ],
  ])('%s', (_, more, expected) => {
    expect(busy(more)).toBe(expected);
  });

  it('is not for a number with keys that no mailbox has', () => {
    const policy = policyOf(`version: 1
emergency: []
trunks:${TRUNKS}
routes: [{ digits: "*", trunks: [phones], mailbox: "{number}@default" }]
`);
    const hunt = huntOf(['phones:486'], { number: '*72#' });
    expect(told(decide(policy, hunt, failureOf(486), IDLE, START))).toBe('relay 486 | no-mailbox');
  });
});

describe('an emergency number', () => {
  const call = (attempts: readonly string[], sip: number, rang = false, late = 0) =>
    told(
      decide(
        BUILT_IN_ONLY,
        huntOf(attempts, { number: '112' }),
        failureOf(sip, { rang }),
        IDLE,
        START + late,
      ),
    );

  it('tries every trunk in order, past limits, time and ringing', () => {
    expect(call(['carrier-c:503'], 503)).toBe('dial carrier-b');
    expect(call(['carrier-c:603'], 603)).toBe('dial carrier-b');
    expect(call(['carrier-c:486', 'carrier-b:503'], 503)).toBe('dial carrier-a');
    expect(call(['carrier-c:486', 'carrier-b:503', 'carrier-a:486'], 486, true, 600_000)).toBe(
      'dial phones',
    );
  });

  it('gets the failure when every trunk was tried', () => {
    const all = ['carrier-c:503', 'carrier-b:503', 'carrier-a:503', 'phones:486'];
    expect(call(all, 486)).toBe('relay 486');
  });

  it('never reaches a mailbox', () => {
    const hunt = huntOf(['carrier-c:486'], { number: '112', mailbox: '1001@default' });
    expect(told(decide(BUILT_IN_ONLY, hunt, failureOf(486), IDLE, START))).toBe('dial carrier-b');
  });

  it('is taken as a whole', () => {
    const hunt = huntOf(['phones:503'], { number: '1122' });
    expect(told(decide(BUILT_IN_ONLY, hunt, failureOf(503), IDLE, START))).toBe(
      'relay 503 | no-trunk-left',
    );
  });
});
