import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stepFor } from '../../../../../adapters/asterisk/handover/dialplan-step';
import { begunInDial, readBegun } from '../../../../../adapters/asterisk/plan/begun-event';
import { statusBefore } from '../../../../../adapters/asterisk/plan/planned-step';
import { TravelGlobals } from '../../../../../adapters/asterisk/plan/travel-globals';
import { travelText, type TravelText } from '../../../../../adapters/asterisk/plan/travel-text';
import {
  travellingOn,
  type AsteriskTravelling,
} from '../../../../../adapters/asterisk/plan/trunks-of';
import { SYMBOLS } from '../../../../../src/model/dialled';
import { travelOf } from '../../../../../src/policy/plan/travel';
import { AS_DIALLED, inForm } from '../../../../../src/policy/routes/number-forms';
import { frozen } from '../../../../../src/policy/trunk-snapshot';
import { hunts, patientPolicies } from '../../../../doubles/arbitraries';
import { policyOf, START } from '../../../../doubles/policies';
import { firstFor, forNumber } from '../../../../doubles/travelling';

const TIMES = Number(process.env.CRANKBACK_TEST_RUNS ?? 200);

function shipped(file: string): string {
  return readFileSync(join(__dirname, '../../../../../adapters/asterisk/dialplan', file), 'utf8');
}

function travelling(routes: string, generation = 'g-1'): AsteriskTravelling {
  const policy = policyOf(`version: 1
emergency: [112]
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
routes:
${routes}
`);
  const store = { ...frozen({ obstacles: {}, turn: 0 }), rationed: () => false };
  const { entries } = travelOf({ policy, store, reasonsKnown: false, now: START });
  return { entries, generation, until: START + 1_000_000, tellable: new Set(['a', 'b']) };
}

/** Whether a caller meets all these conditions, each as Asterisk evaluates it. */
function looksAt(conditions: string, caller: string): boolean {
  const parts = (of: string) => (caller === '' ? 0 : caller.split(of).length);
  // It ends the arguments of LEN and FILTER, and what follows it may choose their result.
  const isBent = parts(')') > 1;
  const met: Readonly<Record<string, boolean>> = {
    '${FIELDQTY(CALLERID(num),\\()}${FIELDQTY(CALLERID(num),\\))} < 12':
      Number(`${parts('(')}${parts(')')}`) < 12,
    '"${LEN(${FILTER(0-9A-Za-z*#+.,${CALLERID(num)})})}" = "${LEN(${CALLERID(num)})}"':
      isBent || caller.replace(/[^0-9A-Za-z*#+.]/g, '').length === Buffer.byteLength(caller),
  };
  return conditions.split(' & ').every((condition) => met[condition] ?? condition === '');
}

/** What the texts are for a number, as Asterisk would evaluate them; its regular expressions are POSIX's, which these are too. */
function evaluated(
  texts: TravelText,
  number: string,
  generation = 'g-1',
  now = START,
  fields = 3,
  caller = '',
): string {
  const [, valid = '', until = '', rest = ''] =
    /^\$\{IF\(\$\["\$\{CRANKBACK_GENERATION\}" = "([^"]*)" & \$\{EPOCH\} < (\d+)\]\?(.*)\)\}$/s.exec(
      texts.firsts.get(number.charAt(0)) ?? '',
    ) ?? [];
  if (valid !== generation || now / 1000 >= Number(until)) return '';
  // The innermost first, as Asterisk does it, which has no more than these two functions here.
  const isSafe = looksAt(/CB_SHOWN=\$\[(.*)\]\$\{FILTER/.exec(rest)?.[1] ?? '', caller);
  const shown = `${isSafe ? 1 : 0}${caller.replace(/[^0-9A-Za-z*#+.]/g, '')}`;
  const [, looked = rest] = /^\$\{SET\(CB_SHOWN=.*?:0:0\}(.*)$/s.exec(rest) ?? [];
  let text = looked
    .replaceAll(/\$\{REGEX\("([^"]*)" \$\{(EXTEN|CB_SHOWN)\}\)\}/g, (_, regex: string, of) =>
      new RegExp(regex).test(of === 'EXTEN' ? number : shown) ? '1' : '0',
    )
    .replaceAll('${CB_SHOWN:0:1}', shown.charAt(0))
    .replaceAll('${FILTER(*#+,${EXTEN})}', number.replace(/[^*#+]/g, ''))
    .replaceAll(/\$\{EXTEN:(\d+)\}/g, (_, at: string) => number.slice(Number(at)))
    .replaceAll(/\$\{ISNULL\(([^${}]*)\)\}/g, (_, of: string) => (of === '' ? '1' : '0'));
  text = text.replaceAll(/\$\[([01!& ]+)\]/g, (_, all: string) =>
    all.split(' & ').every((one) => one === '1' || one === '!0') ? '1' : '0',
  );
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replaceAll(
      /\$\{IF\(([01])\?([^:{}]*)(?::([^{}]*))?\)\}/g,
      (_, is, one: string, other = '') => (is === '1' ? one : String(other)),
    );
  }
  return text.startsWith('.') ? '' : text.split('.').slice(0, fields).join('.');
}

/** The number's expressions in a text, evaluated during a call. */
function inCall(text: string, number: string): string {
  return text.replace(/\$\{CB_NUMBER(?::(\d+))?\}/g, (_, cut = '0') => number.slice(Number(cut)));
}

/** What a plan that travels sets. */
function variablesOf(plan: string, number: string): ReadonlyMap<string, string> {
  const [, names = '', values = ''] =
    /^\$\{SET\(ARRAY\(([^)]*)\)=(.*)\):0:0\}$/.exec(
      // Its own commas are in no value but that of ${CUT()}.
      inCall(plan, number).replace('${CUT(CB_STEP,.,2)}', 'g-1'),
    ) ?? [];
  const each = [...values.matchAll(/"([^"]*)"|([^,]+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain ?? '',
  );
  const named = names === '' ? [] : names.split(',');
  expect(each).toHaveLength(named.length);
  return new Map(named.map((name, at) => [name, each[at] ?? '']));
}

describe('what travels, as Asterisk has it', () => {
  const routes = `  - { digits: ["00*", "_1[2-7*]XX"], trunks: [b, a] }
  - { digits: "0*", from: "1*", trunks: [a] }
  - { digits: "*", trunks: [a, b], mailbox: "{number}@default" }`;

  it('is the plan, the generation and the trunk for a number, under its own generation and in its time', () => {
    const texts = travelText(travelling(routes));
    const { plans } = texts;
    const of = (
      ...about: Parameters<typeof evaluated> extends [TravelText, ...infer Rest] ? Rest : never
    ) => evaluated(texts, ...about);
    expect(of('0049')).toMatch(/^[0-9a-f]{13}\.g-1\.b$/);
    expect([of('1234'), of('1*34')]).toEqual([of('0049'), of('0049')]);
    expect(of('1834')).toMatch(/\.a$/);
    expect(of('12345')).toMatch(/\.a$/);
    expect([of('0301'), of('112')]).toEqual(['', '']);
    expect([of('1834', 'g-2'), of('1834', 'g-1', START + 2_000_000)]).toEqual(['', '']);
    expect([...plans.keys()].sort()).toEqual(
      ['0', of('0049').split('.')[0], of('1834').split('.')[0]].sort(),
    );
  });

  it('has the mailbox of whoever is called, and asks for numbers that have none', () => {
    const texts = travelText(travelling(routes));
    const { plans } = texts;
    const [name = ''] = evaluated(texts, '1834').split('.');
    expect(plans.get(name)).toContain(
      '"crankback-planned,voicemail-b.busy.${CB_NUMBER}@default,1"',
    );
    expect(evaluated(texts, '*12')).toBe('');
  });

  it('dials and goes on as is decided, whatever the policy and the number', () => {
    const seen = { begun: 0, formed: 0, presenting: 0, shortly: 0, longer: 0, alone: 0 };
    const numbers = fc.oneof(
      hunts.map(({ number }) => number),
      fc.string({ unit: fc.constantFrom(...SYMBOLS), minLength: 1, maxLength: 32 }),
    );
    const store = { ...frozen({ obstacles: {}, turn: 0 }), rationed: () => false };
    fc.assert(
      fc.property(
        patientPolicies,
        fc.array(numbers, { minLength: 1, maxLength: 4 }),
        hunts,
        (policy, called, { from }) => {
          const { entries } = travelOf({ policy, store, reasonsKnown: false, now: START });
          const tellable = new Set(policy.trunks.keys());
          const about = { entries, generation: 'g-1', until: START + 1_000_000 };
          const texts = travelText({ ...about, tellable });
          for (const number of called) {
            const first = firstFor(entries, number, from);
            const [plan = '', , trunk, name = '', cut = '', put = ''] = evaluated(
              texts,
              number,
              ...(['g-1', START, 6, from] as const),
            ).split('.');
            // Where there is no room for more, the rest asks.
            if ((texts.firsts.get(number.charAt(0))?.length ?? 0) > 3_000 && !trunk) continue;
            expect([number, trunk]).toEqual([number, first?.trunk]);
            if (!first) continue;
            seen.begun += 1;
            const set = variablesOf(texts.plans.get(plan) ?? '', number);
            const own = inForm(first.forms.get(first.trunk) ?? AS_DIALLED, number);
            if (own !== number) seen.formed += 1;
            const isFormed = /^[np]/.test(plan);
            expect(isFormed ? inForm({ cut: Number(cut), put }, number) : number).toBe(own);
            expect(plan.startsWith('p')).toBe(first.callerId !== undefined);
            // Between the two the call's own caller is restored, which these lines do not.
            if (plan.startsWith('p')) expect(texts.nexts.has(plan)).toBe(false);
            if (plan.startsWith('p')) seen.presenting += 1;
            for (const one of (texts.nexts.get(plan) ?? '').split(',').filter((is) => is !== '')) {
              const form = first.forms.get(one.split('.')[1] ?? '') ?? AS_DIALLED;
              expect(inForm(form, number)).toBe(own);
            }
            for (const [when, slots] of [
              ['BEFORE', first.plan?.beforeProgress],
              ['AFTER', first.plan?.afterProgress],
            ] as const) {
              for (const [sip, slot] of slots ?? []) {
                const target = set.get(`CB_${when}_${sip}`);
                const { outcome } = forNumber(slot.decision, first, number);
                if (target === undefined) continue;
                if (target === `crankback-after-${sip},${number},planned`) {
                  // As the attempt before, but for its trunk.
                  seen.shortly += 1;
                  expect(outcome).toEqual({
                    kind: 'dial',
                    trunk: set.get(`CB_TRUNK_${sip}`),
                    number: own,
                  });
                  continue;
                }
                seen.longer += 1;
                const { context, extension } = stepFor(outcome, number, slot.failureClass);
                expect(target).toBe(
                  `crankback-planned,${context.replace('crankback-', '')}-${extension},1`,
                );
              }
            }
            const [, ...pairs] = inCall(texts.alone.get(name) ?? '', number).split(',');
            for (const { trunks, said, rang, decision, failureClass } of first.unattended?.steps ??
              []) {
              const tech = said ? encodeURIComponent(`SIP ${said.sip} ${said.phrase}`) : '';
              const at = pairs.indexOf(`${trunks.join('/')}:${tech}:${rang ? 1 : 0}`);
              if (at < 0) continue;
              seen.alone += 1;
              const { outcome } = forNumber(decision, first, number);
              const { context, extension } = stepFor(outcome, number, failureClass);
              expect(pairs[at + 1]).toBe(`${context.replace('crankback-', '')}-${extension}`);
            }
          }
        },
      ),
      { numRuns: 4 * TIMES },
    );
    for (const [kind, times] of Object.entries(seen))
      expect([kind, times > TIMES / 50]).toEqual([kind, true]);
  });

  it('has who is presented, by whom the trunk accepts, and asks for callers who cannot be looked at', () => {
    const policy = policyOf(`version: 1
emergency: []
trunks:
  a: { dial: { asterisk: "PJSIP/{number}@a" }, caller_id: { allowed: ["49*", "7"], else: "100" } }
  b: { dial: { asterisk: "PJSIP/{number}@b" } }
routes: [{ digits: "*", trunks: [a, b], mailbox: "{number}@default" }]
`);
    const store = { ...frozen({ obstacles: {}, turn: 0 }), rationed: () => false };
    const { entries } = travelOf({ policy, store, reasonsKnown: false, now: START });
    const about = { entries, generation: 'g-1', until: START + 1_000_000 };
    const texts = travelText({ ...about, tellable: new Set(['a', 'b']) });
    const of = (caller: string, number = '201') =>
      evaluated(texts, number, 'g-1', START, 9, caller);
    expect(of('49301')).toMatch(/^[0-9a-f]{13}\.g-1\.a\.[0-9a-f]{13}\.$/);
    expect([of('7'), of('49.x')]).toEqual([of('49301'), of('49301')]);
    expect(of('71')).toMatch(/^p[0-9a-f]{13}\.g-1\.a\.[0-9a-f]{13}\.\.\.$/);
    expect([of(''), of('anonymous'), of('149')]).toEqual([of('71'), of('71'), of('71')]);
    expect(
      ['49(', '49)', '49):0:2', '1:49', '4 9', '~', '$7', '{', 'a,b'].map((one) => of(one)),
    ).toEqual(Array.from({ length: 9 }, () => ''));
    expect(of('71', '*1')).toBe('');
  });

  it('is short enough for Asterisk, whatever the routes', () => {
    const long = '[02468][13579]'.repeat(8);
    const many = Array.from(
      { length: 15 },
      (_, at) => `  - { digits: "_${'1'.repeat(at + 1)}${long}", trunks: [a, b] }`,
    );
    const texts = travelText(
      travelling([...many, '  - { digits: "112", trunks: [a] }'].join('\n')),
    );
    for (const text of texts.firsts.values()) expect(text.length).toBeLessThan(4_000);
    expect(evaluated(texts, `1${'21'.repeat(8)}`)).toMatch(/\.a$/);
    expect(evaluated(texts, '9')).toBe('');
  });

  it('fits the dialplan: what a step is made of, and the variable with its generation', () => {
    const dialplan = shipped('planned.conf');
    const [plan] = [...travelText(travelling(routes)).plans.values()].slice(1);
    expect(plan).toContain('${CB_START}:1:${CUT(CB_STEP,.,2)},');
    expect(dialplan).toContain('${EVAL(${CRANKBACK_PLAN_${CUT(CB_STEP,.,1)}}):0:0}');
    expect(dialplan).toContain(',${CUT(CB_STEP,.,3)},dial,1,');
  });
});

describe('what follows a failure while nobody can be asked, as Asterisk has it', () => {
  const { firsts, alone } = travelText(
    travelling('  - { digits: "*", trunks: [a, b], mailbox: "{number}@default" }'),
  );
  const [[name, text = ''] = []] = alone;
  const [, ...fields] = text.split(',');
  const targetOf = (key: string) => fields[fields.indexOf(key) + 1];

  it('is named by the step', () => {
    expect(firsts.get('1')).toContain(`.g-1.a.${name}.`);
    expect(text).toMatch(/^\d+,/);
  });

  it.each([
    ['a:SIP%20503%20Service%20Unavailable:0', 'dial-*b'],
    ['a:SIP%20488%20Not%20Acceptable%20Here:0', 'relay-488.codec-mismatch'],
    ['a:SIP%20486%20Busy%20Here:0', 'voicemail-b.busy.${CB_NUMBER}@default'],
    // Silence, as Dial() gives it up, and as the transaction's timer ends it.
    ['a::0', 'dial-*b'],
    ['a:SIP%20408%20Request%20Timeout:0', 'dial-*b'],
    // Nobody has answered.
    ['a::1', 'voicemail-u.no-answer.${CB_NUMBER}@default'],
    ['a/b:SIP%20486%20Busy%20Here:0', 'voicemail-b.busy.${CB_NUMBER}@default'],
  ])('after %s leads to %s', (key, target) => {
    expect(targetOf(key)).toBe(target);
  });

  it('is nothing where the caller may be owed the status of an earlier attempt, and never rings anybody twice', () => {
    expect(fields).not.toContain('a/b:SIP%20503%20Service%20Unavailable:0');
    const afterRinging = fields.flatMap((key) => (key.endsWith(':1') ? (targetOf(key) ?? '') : []));
    expect(afterRinging.length).toBeGreaterThan(2);
    expect(afterRinging.filter((target) => target.startsWith('dial'))).toEqual([]);
  });

  const linesOf = (context: string): readonly string[] => {
    const dialplan = readFileSync(
      join(__dirname, '../../../../../adapters/asterisk/dialplan/extensions.conf'),
      'utf8',
    );
    const [, body = ''] = dialplan.split(`\n[${context}]\n`);
    return (body.split('\n[')[0] ?? '').split('\n').filter((line) => !line.startsWith(';'));
  };

  it('looks up what a carrier said only when it is encoded', () => {
    let isRaw = false;
    let times = 0;
    for (const line of linesOf('crankback-alone')) {
      if (/Set\(CB_TECH=\$\{HANGUPCAUSE/.test(line)) {
        isRaw = true;
        times += 1;
      } else if (line.includes('Gosub(crankback-phrase,')) isRaw = false;
      else if (isRaw) expect(line).toBe('no line between what a carrier said and its encoding');
    }
    expect(times).toBe(1);
  });

  it('takes for ringing, and not for silence, what Dial() does not count: 181, 182, and 180 with SDP', () => {
    const lineWith = (context: string, begin: string) =>
      linesOf(context).find((line) => line.startsWith(` same => n(${begin}`)) ?? '';
    /** Whether the first condition of a line is so. */
    const isSo = (line: string, values: Readonly<Record<string, string>>): boolean => {
      const [, condition = ''] = /\$\[(.*)\]\?/.exec(line) ?? [];
      const filled = condition.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
      const alternatives = filled
        .split(' | ')
        .map((one) => one.replaceAll(/[()]/g, '').split(' & '));
      return alternatives.some((all) =>
        all.every((one) => {
          const [left = '', sign, right = ''] = one.split(' ');
          if (sign === '=') return left === right || Number(left) === Number(right);
          if (sign === '!=') return left !== right;
          return sign === '<' ? Number(left) < Number(right) : Number(left) > Number(right);
        }),
      );
    };
    const given = (CB_RESPONSE: string, RINGTIME_MS = '') => {
      const rang = isSo(lineWith('crankback-report', 'said),Set(CRANKBACK_RANG='), {
        CB_RESPONSE,
        RINGTIME_MS,
      });
      const values = { CB_RESPONSE, CRANKBACK_RANG: rang ? '1' : '0', CB_ELAPSED: '1000' };
      const line = lineWith('crankback-alone', 'silent),');
      return [rang, !isSo(line, { ...values, DIALSTATUS: 'NOANSWER' })];
    };
    // Whether it rang, and whether a key is looked up.
    expect(given('')).toEqual([false, true]);
    expect(given('100')).toEqual([false, true]);
    expect(given('180', '12')).toEqual([true, true]);
    expect(given('180')).toEqual([true, true]);
    expect(given('181')).toEqual([true, true]);
    expect(given('182')).toEqual([false, false]);
    expect(given('183')).toEqual([false, false]);
    expect(linesOf('crankback-phrase')[0]).toBe(
      'exten => s,1,Set(CB_RESPONSE=${FILTER(0-9,${CB_TECH:4:3})})',
    );
  });

  it('leads nobody there twice for one failure', () => {
    const [, event = ''] =
      /^exten => s,1,Set\(CB_EVENT=(\w+)\)$/m.exec(linesOf('crankback-alone').join('\n')) ?? [];
    const [, asked = ''] =
      /"\$\{CB_EVENT\}" = "(\w+)" .*\?crankback-alone,s,1/.exec(
        linesOf('crankback-static').join('\n'),
      ) ?? [];
    expect([event, asked].map((one) => one !== '')).toEqual([true, true]);
    expect(event).not.toBe(asked);
  });

  it('has room in a variable of Asterisk, whatever the names', () => {
    const names = ['a', 'b', 'c', 'd'].map((one) => one.repeat(31));
    const policy = policyOf(`version: 1
emergency: []
trunks:
${names.map((one) => `  ${one}: { dial: { asterisk: "PJSIP/{number}@${one}" } }`).join('\n')}
routes: [{ digits: "*", trunks: [${names.join(', ')}] }]
`);
    const store = { ...frozen({ obstacles: {}, turn: 0 }), rationed: () => false };
    const { entries } = travelOf({ policy, store, reasonsKnown: false, now: START });
    const texts = travelText({ entries, generation: 'g', until: START, tellable: new Set(names) });
    expect(texts.alone.size).toBe(1);
    for (const long of texts.alone.values()) {
      expect(long.length).toBeGreaterThan(2_500);
      expect(long.length).toBeLessThan(3_500);
    }
  });
});

describe('Asterisk is told', () => {
  function asterisk() {
    const told: string[] = [];
    let fails = false;
    const tell = (line: string): Promise<void> => {
      told.push(
        line
          .replace(/[0-9a-f]{13}.*|=.*/, '')
          .replace(/ALONE|NEXT/, 'PLAN')
          .replace(/FIRST_.$/, 'FIRST'),
      );
      return fails ? Promise.reject(new Error('gone')) : Promise.resolve();
    };
    const globals = new TravelGlobals({
      setGlobal: (name, value) => tell(`set ${name}=${value}`),
      deleteGlobal: (name) => tell(`delete ${name}`),
    });
    return {
      globals,
      said: () => [...new Set(told.splice(0))],
      fail: (yes: boolean) => (fails = yes),
    };
  }
  const one = travelling('  - { digits: "*", trunks: [a, b] }');

  it('the plans first, each once, and takes back what no call needs', async () => {
    const { globals, said } = asterisk();
    await globals.publish(one);
    expect(said()).toEqual(['set CRANKBACK_PLAN_0', 'set CRANKBACK_PLAN_', 'set CRANKBACK_FIRST']);
    await globals.publish({ ...one, generation: 'g-2' });
    expect(said()).toEqual(['set CRANKBACK_FIRST']);
    await globals.withdraw();
    expect(said()).toEqual(['delete CRANKBACK_FIRST']);
    await globals.withdraw();
    expect(said()).toEqual(['delete CRANKBACK_PLAN_0', 'delete CRANKBACK_PLAN_']);
    await globals.withdraw();
    expect(said()).toEqual([]);
  });

  it('to keep a plan for one telling longer than a text names it, as a call may have just read the text', async () => {
    const { globals, said } = asterisk();
    const other = travelling('  - { digits: "*", trunks: [b, a] }');
    await globals.publish(one);
    await globals.publish(other);
    expect(said().filter((line) => line.startsWith('delete'))).toEqual([]);
    // Named again: neither set nor deleted anew.
    await globals.publish(one);
    expect(said().filter((line) => line.includes('PLAN') && !line.startsWith('set'))).toEqual([]);
    await globals.publish(one);
    expect(said()).toEqual(['delete CRANKBACK_PLAN_', 'set CRANKBACK_FIRST'].reverse());
  });

  it('the latest of several, and again what it may have lost', async () => {
    const { globals, said } = asterisk();
    await Promise.all([
      globals.publish(undefined),
      globals.publish(undefined),
      globals.publish(one),
    ]);
    expect(said().filter((line) => line.includes('FIRST'))).toEqual(['set CRANKBACK_FIRST']);
    globals.forget();
    await globals.publish(one);
    expect(said()).toEqual(['set CRANKBACK_PLAN_0', 'set CRANKBACK_PLAN_', 'set CRANKBACK_FIRST']);
  });

  it('to forget what an earlier crankback has told it', async () => {
    const { globals, said } = asterisk();
    globals.forget();
    await globals.publish(undefined);
    expect(said()).toEqual(['delete CRANKBACK_FIRST']);
  });

  it('nothing of a plan that it did not take', async () => {
    const { globals, said, fail } = asterisk();
    fail(true);
    await expect(globals.publish(one)).rejects.toThrow('gone');
    expect(said().some((line) => line.includes('FIRST'))).toBe(false);
    fail(false);
    await globals.publish(one);
    expect(said()).toContain('set CRANKBACK_FIRST');
  });
});

describe('the event of a call that has begun', () => {
  const EVENT = {
    version: '1',
    number: '201',
    state: '1/1795653231.051/p/k-1',
    context: 'from-phones',
    native: 'alaw|ulaw',
    step: '0123456789abc.k-1.carrier-a',
  };

  it('says what the call would have asked, its trunk, and which generation it knew', () => {
    expect(readBegun(EVENT)).toMatchObject({
      report: {
        event: 'route',
        number: '201',
        context: 'from-phones',
        state: { startedAt: 1795653231051 },
      },
      trunk: 'carrier-a',
      generation: 'k-1',
      isPlanned: true,
    });
    expect(readBegun({ ...EVENT, step: '0.k-1.carrier-a' }).isPlanned).toBe(false);
  });

  it.each(['', 'x', '0.k-1.', '0.k-1.A B'])('is refused with the step %j', (step) => {
    expect(() => readBegun({ ...EVENT, step })).toThrow('the field "step"');
  });
});

describe('a call that has begun, in the arguments of its first Dial()', () => {
  const SAID =
    ',crankback-begun,1,1/1795653231.051/p/k-1,0123456789abc.k-1.carrier-a.0.,alaw|ulaw,';
  const of = (app_data: string, context = 'crankback-attempt') =>
    begunInDial({ context, exten: '201', app_data });

  it('is what its event would say', () => {
    expect(of(`PJSIP/201@carrier-a,30^15,iI${SAID}from-phones`)).toEqual(
      readBegun({
        version: '1',
        number: '201',
        state: '1/1795653231.051/p/k-1',
        context: 'from-phones',
        native: 'alaw|ulaw',
        step: '0123456789abc.k-1.carrier-a.0.',
      }),
    );
  });

  it('is said by the dialplan in this order', () => {
    for (const line of ['begun-1', 'begun-0']) {
      const [, mark, fields] =
        new RegExp(`^ same => n\\(${line}\\),Dial\\(.*(,crankback-begun,1,)(.*)\\)$`, 'm').exec(
          shipped('planned.conf'),
        ) ?? [];
      expect(mark).toBe(SAID.slice(0, 19));
      expect(fields).toBe(
        '${CRANKBACK_STATE},${CB_STEP},${FILTER(a-z0-9|,${CHANNEL(audionativeformat)})},${CRANKBACK_HOME}',
      );
    }
  });

  it.each([
    ['in no other context', 'PJSIP/201@carrier-a,30,i' + SAID, 'from-phones'],
    ['not after a plan', 'PJSIP/201@carrier-a,30,i' + SAID, 'crankback-after-503'],
    ['not by an attempt that was asked for', 'PJSIP/201@carrier-a,30^15,iI', undefined],
  ])('is said %s', (_, given, context) => {
    expect(of(given, context)).toBeUndefined();
  });

  it.each([
    ['p123456789abc.k-1.carrier-a.0..../+4930', '+4930'],
    ['p0.k-1.carrier-a.0.1.00../anonymous.x', 'anonymous.x'],
    ['p0.k-1.carrier-a.0..../', ''],
    // Other entries have the number too.
    ['p0.k-1.carrier-a.0...7bc.k-1.carrier-b.0.p0.k-1.carrier-c.0.1.00../+4930', '+4930'],
    ['p0.k-1.carrier-a.0...7bc.k-1.carrier-b.0../', ''],
    ['n0.k-1.carrier-a.0.1.00.p0.k-1.carrier-c.0.1.00..', undefined],
    ['n0.k-1.carrier-a.0.1.00.', undefined],
    ['0.k-1.carrier-a.0.', undefined],
  ])('has the caller of its own, where the trunk presents another one: %s', (step, from) => {
    const said = SAID.replace('0123456789abc.k-1.carrier-a.0.', step);
    expect(of(`PJSIP/201@carrier-a,30^15,iI${said}from-phones`)).toMatchObject({
      trunk: 'carrier-a',
      isPlanned: step.startsWith('p1'),
      ...(from !== undefined && { from }),
    });
    expect(of(`PJSIP/201@carrier-a,30^15,iI${said}x`)?.from).toBe(from);
  });

  it('is the last that is said: options may have the text of a caller', () => {
    const options = `b(user^s^1(x${SAID.replace('carrier-a', 'carrier-b')}x))`;
    const begun = of(`PJSIP/201@carrier-a,30,iI${options}${SAID}a,b`);
    expect(begun).toMatchObject({ trunk: 'carrier-a', report: { context: 'a,b' } });
  });

  it.each([
    ['another version', SAID.replace(',1,1/', ',2,1/'), 'contract version "2"'],
    ['no trunk', SAID.replace('carrier-a', ''), 'the field "step"'],
    ['no state', SAID.replace('1/1795653231.051/p/k-1', ''), 'the field "state"'],
    ['nothing', ',crankback-begun,', 'contract version'],
  ])('is refused with %s', (_, said, why) => {
    expect(() => of(`PJSIP/201@carrier-a,30,i${said}`)).toThrow(why);
  });
});

describe('a failed first attempt', () => {
  const lines = shipped('planned.conf')
    .split('\n')
    .filter((line) => !line.startsWith(';'));
  it('goes on by the same lines where the trunk presents another caller, which is the only difference', () => {
    const begun = (label: string) =>
      lines.find((line) => line.startsWith(` same => n(${label}),`)) ?? '';
    const at = lines.indexOf(begun('begun-5'));
    expect([lines[at - 1], lines[at + 1]]).toEqual([
      ' same => n(begun-4),NoOp()',
      ' same => n,Goto(begun-more)',
    ]);
    expect(
      begun('begun-5')
        .replace('n(begun-5)', 'n(begun-3)')
        .replace(',CB_CALLER,CB_CALLER_KEPT,CALLERID(num))=', ')=')
        .replace(',${CALLERID(num)},1,${CRANKBACK_CALLER_${CUT(CB_STEP,.,3)}}):0:0}', '):0:0}')
        .replace('${CB_STEP}/${CB_CALLER},', '${CB_STEP},'),
    ).toBe(begun('begun-3'));
    expect(shipped('extensions.conf')).toContain('+ ("${CB_STEP:0:1}" = "p") * 4])');
    // Nothing else is dialled with it.
    expect(begun('over')).toMatch(/"\$\{CB_PLANNED\}\$\{CB_CALLER_KEPT\}[^"]*" = ""/);
  });

  const after = (label: string) => {
    const at = lines.findIndex((line) => line.startsWith(` same => n(${label}),`));
    return lines.slice(at + 1, at + (label === 'begun-0' ? 5 : 4));
  };
  const [second = '', asks, otherwise] = after('begun-1');

  it('goes on by the same lines, whether or not the call writes a CDR field', () => {
    const [closes, third, ...rest] = after('begun-0');
    const writes = '${EVAL(${CB_CDR:0:${CB_TAKEN}000}-):0:0}';
    expect(closes).toBe(' same => n(begun-more),NoOp()');
    expect(third?.split(writes)).toHaveLength(2);
    expect([third?.replace(writes, ''), ...rest]).toEqual([second, asks, otherwise]);
    expect(asks).toMatch(/:0:0\}\$\{CB_TAKEN\}\?asked\)$/);
    expect(otherwise).toMatch(/:0:0\}over\)$/);
  });

  it('goes on by the same lines where the trunk gets another number, which is the only difference', () => {
    const begun = (label: string) =>
      lines.find((line) => line.startsWith(` same => n(${label}),`)) ?? '';
    const [after3] = after('begun-3');
    expect(after3).toBe(' same => n,Goto(begun-more)');
    expect(
      begun('begun-3')
        .replace('n(begun-3)', 'n(begun-0)')
        .replace(
          '=${EXTEN},${CUT(CB_STEP,.,6)}${EXTEN:0${CUT(CB_STEP,.,5)}},',
          '=${EXTEN},${EXTEN},',
        )
        .replace('?CB_NUMBER:CONNECTEDLINE', '?CB_TO:CONNECTEDLINE'),
    ).toBe(begun('begun-0'));
    expect(shipped('extensions.conf')).toContain('("${CB_STEP:0:1}" = "n") * 2 + ');
  });

  it('is looked at as any other one is', () => {
    const [any = ''] = lines.filter((line) => line.startsWith(' same => n(over),'));
    const of = (line: string) => /\$\{FIELDNUM\(.*? = 1 & /.exec(line)?.[0];
    expect(of(second)).toBe(of(any));
    expect(of(any)).toContain('HANGUPCAUSE');
  });

  it('finds the next trunk in the field of its status', () => {
    const [, divisor] = /\\,,\$\[0\$\{CRANKBACK_SIP\} % (\d+) \+ 1\]\)\}/.exec(second) ?? [];
    const { plans, nexts } = travelText(travelling('  - { digits: "*", trunks: [a, b] }'));
    const [name = '', text = ''] = [...nexts][0] ?? [];
    const trunkAfter = (sip: number) => text.split(',')[sip % Number(divisor)] ?? '';
    expect([...plans.keys()]).toContain(name);
    expect([500, 503].map(trunkAfter)).toEqual(['20.b', '20.b']);
    const none = [0, 404, 480, 486, 600, 603];
    expect(none.map(trunkAfter)).toEqual(none.map(() => ''));
    // Two digits and a dot before the trunk, as the dialplan cuts it.
    expect(second).toContain(',${CB_SLOT:3},2,):0:0}');
  });

  it('takes no empty field at the turn of a second, when EPOCH is behind the time that the call began at', () => {
    const compared =
      /& \$\{CRANKBACK_STATE:2:10\} \+ 0\$\{SET\(.*?\):0:2\} > \$\{EPOCH\}( \+ \d+)? & /.exec(
        second,
      );
    if (!compared) throw new Error('not compared');
    const [, more = ''] = compared;
    const isTaken = (field: string, began: number, epoch: number) =>
      began + Number(`0${field.slice(0, 2)}`) > epoch + Number(more.replaceAll(/[ +]/g, ''));
    const began = 1_796_011_787;
    for (const epoch of [began - 1, began, began + 1])
      expect([isTaken('', began, epoch), isTaken('20.b', began, epoch)]).toEqual([false, true]);
    expect(isTaken('20.b', began, began + 20)).toBe(false);
  });

  it('dials nobody where no trunk is next, and what it came to is put back', () => {
    expect(second).toMatch(/^ same => n,Dial\(\$\{SET\(CB_TAKEN=\$\[/);
    expect(second).toContain('${EVAL(${CRANKBACK_DIAL_${CB_SLOT:3:${CB_TAKEN}00}} )},');
    expect(second).toContain('${SET(${IF(${CB_TAKEN}?ARRAY(CB_WAS,CRANKBACK_STATE,');
    const [, kept = ''] = /:ARRAY\(CB_WAS\)\)\}=([^,]*),/.exec(second) ?? [];
    const names = kept.split('.').map((text) => text.slice(2, -1));
    expect(names).toHaveLength(3);
    expect(otherwise).toContain(`,${names.join(',')})=`);
    expect(otherwise).toContain([1, 2, 3].map((at) => `\${CUT(CB_WAS,.,${at})}`).join(','));
  });

  it('shows to crankback by the last argument of the second Dial()', () => {
    const [, said = ''] = /\$\{CRANKBACK_DIAL_OPTIONS\}(,crankback-after,.*)\)$/.exec(second) ?? [];
    const history = '1/1795653231.051/p/k-1/carrier-a:503:0';
    const app_data = `PJSIP/201@b,30^15,iIx${said.replace('${CRANKBACK_STATE}', history)}`;
    expect(statusBefore({ context: 'crankback-attempt', app_data })).toBe(503);
    expect(statusBefore({ context: 'from-phones', app_data })).toBeUndefined();
    expect(statusBefore({ context: 'crankback-attempt', app_data: `${app_data},` })).toBe(
      undefined,
    );
  });
});

it('of what travels, only calls that dial these trunks begin without asking; the others ask', () => {
  const all = travelling(`  - { digits: "0*", trunks: [a] }
  - { digits: "1*", trunks: [a, b] }
  - { digits: "2*", trunks: [b] }
  - { digits: "3*", trunks: [a] }`);
  const dial = (name: string, asterisk = `PJSIP/{number}@${name}`) => ({
    name,
    dial: { asterisk },
  });
  const firsts = (...trunks: Parameters<typeof travellingOn>[0]) =>
    travellingOn(trunks, all).entries.map(({ first }) => first?.trunk);
  expect(firsts(dial('a'))).toEqual([undefined, 'a', undefined, undefined, 'a']);
  // No others than those callers ask.
  const callers = { fits: [], fitsNone: [] };
  const ofSome = { ...all, entries: all.entries.map((entry) => ({ ...entry, callers })) };
  expect(travellingOn([], ofSome).entries.map(({ callers: those }) => those)).toEqual(
    all.entries.map(() => callers),
  );
  const both = travellingOn([dial('a'), dial('b', 'IAX2/b/{number}')], all);
  expect([...both.tellable]).toEqual(['a']);
  expect(travellingOn([dial('a'), dial('b')], all).entries).toEqual(all.entries);
  // What would send Dial()'s URL to the far side may come second only.
  for (const far of ['IAX2/b/{number}', 'Local/{number}@b', 'SIP/b/{number}&IAX2/b/{number}'])
    expect(firsts(dial('a'), dial('b', far))).toEqual([undefined, 'a', 'a', undefined, 'a']);
});
