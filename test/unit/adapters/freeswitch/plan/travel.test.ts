import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allOf, readXml, type Element } from '../../../../../adapters/freeswitch/doctor/xml';
import { settingsOf, stepFor } from '../../../../../adapters/freeswitch/handover/dialplan-step';
import { planVariables } from '../../../../../adapters/freeswitch/plan/plan-variables';
import { TravelGlobals } from '../../../../../adapters/freeswitch/plan/travel-globals';
import { travelText, type TravelText } from '../../../../../adapters/freeswitch/plan/travel-text';
import type { Travelling } from '../../../../../src/calls/ports';
import { SYMBOLS } from '../../../../../src/model/dialled';
import type { Slots } from '../../../../../src/policy/plan/plan';
import { travelOf, type FirstStep } from '../../../../../src/policy/plan/travel';
import { patternOf } from '../../../../../src/policy/routes/digits';
import { AS_DIALLED, inForm } from '../../../../../src/policy/routes/number-forms';
import { frozen } from '../../../../../src/policy/trunk-snapshot';
import { hunts, plainPolicies } from '../../../../doubles/arbitraries';
import { lookUp } from '../../../../doubles/freeswitch-dialplan';
import { policyOf, START } from '../../../../doubles/policies';
import { firstFor, forNumber } from '../../../../doubles/travelling';

const TIMES = Number(process.env.CRANKBACK_TEST_RUNS ?? 200);
/** There is room for 8,000 characters, of which one entry takes some 340. */
const NEARLY_FULL = 7_000;
const dialplan = (name: string): string =>
  readFileSync(join(__dirname, '../../../../../adapters/freeswitch/dialplan', name), 'utf8');
const STORE = { ...frozen({ obstacles: {}, turn: 0 }), rationed: () => false };

const trunk = (name: string) => ({
  name,
  dial: { freeswitch: `sofia/gateway/${name}/{number}` },
  progressTimeout: 1_500,
  ringTimeout: 30_000,
});
const TRUNKS = new Map(['a', 'b', 'c', 'gone'].map((name) => [name, trunk(name)]));

function textOf({ entries, generation }: Pick<Travelling, 'entries' | 'generation'>) {
  let at = 0;
  const placeOf = () => String(at++).padStart(2, '0');
  return travelText(
    { entries, generation },
    { trunks: TRUNKS, mayFork: () => false, placeOf, alonePlaceOf: placeOf },
  );
}

function travelling(routes: string, generation = 'k-1'): Travelling {
  const policy = policyOf(`version: 1
emergency: [112]
trunks:
  a: { dial: { freeswitch: "sofia/gateway/a/{number}" } }
  b: { dial: { freeswitch: "sofia/gateway/b/{number}" } }
routes:
  - { digits: "112", trunks: [a] }
${routes}
`);
  const { entries } = travelOf({ policy, store: STORE, reasonsKnown: false, now: START });
  return { entries, generation, until: START + 1_000_000 };
}

/**
 * The settings of the step that a number takes, as FreeSWITCH has them before it expands them. Its expressions are Perl's: what
 * these have beyond ours, alternatives that count alike and one that ends the search, is done here.
 */
function settings(
  text: TravelText | undefined,
  number: string,
  generation = 'k-1',
  caller = '@',
): string[] {
  const [, begin = '', alternatives = '', end = ''] =
    /^(\^.*?\/1\/)\(\?\|(.*)\)(\[\^\|\]\*\[\|\]\+\(\[\^\|\]\+\))$/.exec(text?.expression ?? '') ??
    [];
  const subject = `${generation}/1/${number}/0123456789/0123456789/${caller}/|public||public`;
  for (const alternative of begin === '' ? [] : alternatives.split(/\|/)) {
    const asks = alternative.endsWith('(*COMMIT)(*FAIL)');
    const own = alternative.replace('(*COMMIT)(*FAIL)', '');
    const found = new RegExp(`${begin}${own}${asks ? '' : end}`).exec(subject);
    if (!found) continue;
    if (asks) return [];
    const [, known, called, tens = '', ones = '', context] = found;
    expect([known, called, context]).toEqual([generation, number, 'public']);
    const [step = ''] = [...(text?.steps ?? [])].find(([, at]) => at === tens + ones) ?? [];
    return decodeURIComponent(step)
      .replace(/\$\{crankback_number(?::(\d+))?\}/g, (_, cut = '0') => number.slice(Number(cut)))
      .split('|');
  }
  return [];
}

describe('what travels, as FreeSWITCH has it', () => {
  const routes = `  - { digits: ["00*", "_1[2-7*]XX"], trunks: [b, a] }
  - { digits: "0*", from: "1*", trunks: [a] }
  - { digits: "*", trunks: [a, b], mailbox: "{number}@default" }`;

  it('is the step for a number, under its own generation', () => {
    const text = textOf(travelling(routes));
    const trunkOf = (number: string, generation?: string) => settings(text, number, generation)[0];
    expect([trunkOf('0049'), trunkOf('1234'), trunkOf('1*34')]).toEqual(
      Array.from({ length: 3 }, () => 'crankback_trunk=b'),
    );
    expect([trunkOf('1834'), trunkOf('12345')]).toEqual(['crankback_trunk=a', 'crankback_trunk=a']);
    expect([trunkOf('0301'), trunkOf('112'), trunkOf('1834', 'k-2')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('has the mailbox of whoever is called, and asks for numbers that have none', () => {
    const text = textOf(travelling(routes));
    expect(settings(text, '1834').join('|')).toContain(
      '~b486b600a486a600:voicemail/crankback_box=1834;crankback_domain=default;',
    );
    expect(settings(text, '*12')).toEqual([]);
  });

  it('has the caller that a trunk presents, and asks for callers who cannot be looked at', async () => {
    const { entries } = travelOf({
      policy: policyOf(`version: 1
emergency: []
trunks:
  a: { dial: { freeswitch: "sofia/gateway/a/{number}" }, caller_id: { allowed: ["49*", "7"], else: "100" } }
  b: { dial: { freeswitch: "sofia/gateway/b/{number}" } }
routes: [{ digits: "*", trunks: [a, b] }]
`),
      ...{ store: STORE, reasonsKnown: false, now: START },
    });
    const text = textOf({ entries, generation: 'k-1' });
    const root = await readXml(dialplan('crankback/travel.xml'));
    const looks = allOf(root as Element, 'extension').filter(
      ({ attributes }) => attributes['name'] === 'crankback-travel-caller',
    );
    expect(looks).toHaveLength(1);
    /** As the shipped dialplan reads the caller, whose number the user's dialplan may have set. */
    const shown = (number: string, effective?: string, told = '1') => {
      const variables = new Map(
        effective === undefined ? [] : [['effective_caller_id_number', effective]],
      );
      const globals = new Map([['crankback_travel_callers', told]]);
      lookUp(looks, { destination: '201', caller: number, variables, globals, now: 0 });
      const caller = variables.get('crankback_caller') ?? '';
      const first = settings(text, '201', 'k-1', caller);
      if (first.length === 0) return 'asks';
      const [, own = 'own'] = /origination_caller_id_number=([^|,]*)/.exec(first.join('|')) ?? [];
      return own;
    };
    expect([shown('49301'), shown('7'), shown('71'), shown('149'), shown('49x.')]).toEqual([
      'own',
      'own',
      '100',
      '100',
      'own',
    ]);
    expect([shown('anonymous'), shown('')]).toEqual(['100', '100']);
    expect([shown('1', '49'), shown('49', '1')]).toEqual(['own', '100']);
    for (const hostile of [
      '49/',
      '49|',
      '@49',
      '49/|x',
      '49\n',
      '${x}',
      "49'",
      '49~',
      '49 ',
      '_undef_',
      '49)',
    ]) {
      expect([hostile, shown(hostile)]).toEqual([hostile, 'asks']);
      if (hostile !== '_undef_') expect([hostile, shown('49', hostile)]).toEqual([hostile, 'asks']);
    }
    // A file of before, or one that was not yet told to look.
    expect(shown('49', undefined, '')).toBe('asks');
  });

  it('gives a silent attempt up after crankback would have done it, the next one too', () => {
    const own = /crankback_own=([^|;]*)/g;
    const [text = ''] = [settings(textOf(travelling(routes)), '0049').join('|')];
    expect(new Set([...text.matchAll(own)].map(([, one]) => one))).toEqual(
      new Set([',leg_progress_timeout=3']),
    );
  });

  it('is what the policy says of every number, whatever the policy', () => {
    let taken = 0;
    let alone = 0;
    let replaced = 0;
    let looked = 0;
    const numbers = fc.oneof(
      hunts.map(({ number }) => number),
      fc.string({ unit: fc.constantFrom(...SYMBOLS), minLength: 1, maxLength: 12 }),
    );
    fc.assert(
      fc.property(
        plainPolicies,
        fc.array(numbers, { minLength: 1, maxLength: 8 }),
        hunts,
        (policy, called, { from }) => {
          const question = { policy, store: STORE, reasonsKnown: false, now: START };
          const { entries } = travelOf({ ...question, locallyGenerated: [503] });
          const text = textOf({ entries, generation: 'k-1' });
          for (const number of called) {
            const first = firstFor(entries, number, from);
            const has = settings(text, number, 'k-1', `@${from ?? ''}`);
            // Entries for which there is no room ask.
            if (has.length === 0 && (text?.expression.length ?? 0) > NEARLY_FULL) continue;
            if (!first) {
              expect(has).toEqual([]);
              continue;
            }
            taken++;
            if (has.some((one) => one.includes('origination_caller_id_number='))) replaced++;
            if (text?.looksAtCallers && entries.some(({ callers }) => callers)) looked++;
            // What follows while nobody can be asked is in a test of its own.
            const settled = has.filter((one) => !one.startsWith('crankback_alone='));
            expect(settled).toEqual(expected(first, number));
            alone += has.length - settled.length;
          }
        },
      ),
      { numRuns: TIMES },
    );
    expect(taken).toBeGreaterThan(TIMES / 10);
    expect(alone).toBeGreaterThan(TIMES / 20);
    expect(replaced).toBeGreaterThan(TIMES / 50);
    expect(looked).toBeGreaterThan(TIMES / 20);
  });

  /** The settings of the answer that a call of this number would get, and of its plan. */
  function expected(first: FirstStep, number: string): string[] {
    const { trunk, callerId, plan, forms, example } = first;
    const around = { trunks: TRUNKS, attempts: 0, state: '', unwatched: true } as const;
    const own = inForm(forms.get(trunk) ?? AS_DIALLED, number);
    const { variables } = stepFor(
      { kind: 'dial', trunk, number: own, ...(callerId !== undefined && { callerId }) },
      around,
    );
    const needed = Object.entries(variables).filter(([name, is]) => is !== '' && name !== 'delay');
    const dialled = settingsOf(Object.fromEntries(needed));
    if (!plan) return dialled;
    const forAll = (slots: Slots): Slots =>
      new Map(
        [...slots].map(([sip, { decision, ...slot }]) => [
          sip,
          { ...slot, decision: forNumber(decision, first, number) },
        ]),
      );
    const text = planVariables(
      {
        ...plan,
        beforeProgress: forAll(plan.beforeProgress),
        afterProgress: forAll(plan.afterProgress),
      },
      { generation: 'k-1', trunks: TRUNKS, unwatched: true },
    );
    if (!text) return dialled;
    const seconds = Math.floor((plan.until - example.startedAt) / 1000);
    return [
      ...dialled,
      `crankback_plan=${text.plan}`,
      `crankback_plan_for=${text.plan_for}`,
      `crankback_plan_until=\${expr(\${strepoch()} + ${seconds})}`,
    ];
  }

  it('stays short, whatever the routes, and has nothing that a global variable cannot hold', () => {
    const long = '[02468][13579]'.repeat(8);
    const many = Array.from(
      { length: 120 },
      (_, at) => `  - { digits: "_${String(at).padStart(3, '0')}${long}", trunks: [a, b] }`,
    );
    const text = textOf(travelling(many.join('\n')));
    expect(text?.expression.length).toBeLessThan(9_000);
    expect(settings(text, `000${'01'.repeat(8)}`)[0]).toBe('crankback_trunk=a');
    for (const one of [text?.expression ?? '', ...(text?.steps.keys() ?? [])]) {
      expect(one).not.toMatch(/=|\$\{|[\r\n]/);
    }
  });

  it('begins where a transfer has led the call here, and within no other extension', () => {
    const [, expression = ''] =
      /transfer_source\)\}" expression="([^"]+)"/.exec(dialplan('crankback/travel.xml')) ?? [];
    const begins = (source: string) => new RegExp(expression).test(source);
    const by = '1796022439:634fe7f9-79b6-4fec-bbbc-97a4e24b16cb:bl_xfer:';
    expect(
      [`${by}360/crankback/XML`, `${by}360/crankback/XML:/etc/fs/own.xml`].map(begins),
    ).toEqual([true, true]);
    expect(['_undef_', `${by}360/public/XML`, `${by}360/crankback_failed/XML`].map(begins)).toEqual(
      [false, false, false],
    );
  });

  it('begins as crankback.xml does: the same leg, and the same variables', () => {
    const [travel, shipped] = [dialplan('crankback/travel.xml'), dialplan('crankback.xml')];
    const [bridge = ''] = /<action application="bridge"[^\n]*/.exec(shipped) ?? [];
    expect(bridge).toContain('crankback_ours=1');
    expect(travel).toContain(bridge);
    expect(travel).toContain('crankback_state=1/${strmicroepoch()}//$1');
    expect(travel).not.toMatch(/<!--(?:(?!-->)[^])*X-PRE-PROCESS/);
  });
});

describe('FreeSWITCH is told', () => {
  function freeswitch() {
    const has = new Map<string, string>();
    const told: string[] = [];
    let fails = false;
    const globals = new TravelGlobals({
      observer: {
        isConnected: true,
        subscribe: (events) => Promise.resolve(void told.push(events)),
        setGlobal: (name, value) => {
          if (fails) return Promise.reject(new Error('gone'));
          told.push(value === '' ? `-${name}` : name);
          has.set(name, value);
          return Promise.resolve();
        },
      },
      trunks: () => TRUNKS,
      mayFork: () => false,
    });
    return { globals, has, said: () => told.splice(0), fail: (yes: boolean) => (fails = yes) };
  }
  const one = travelling('  - { digits: "*", trunks: [a, b] }');
  const other = travelling('  - { digits: "*", trunks: [b, a] }', 'k-2');

  it('the steps first, then what leads to them, and takes back what no call needs', async () => {
    const { globals, said } = freeswitch();
    await globals.publish(undefined);
    expect(said()).toEqual([]);
    await globals.publish(one);
    const steps = [
      ...['crankback_alone_00', 'crankback_alone_01'],
      ...['crankback_travel_00', 'crankback_travel_01'],
    ];
    const all = [...steps, 'crankback_travel_until', 'crankback_travel'];
    expect(said()).toEqual(['CUSTOM crankback::begun', ...all]);
    globals.forget();
    await globals.publish(one);
    expect(said()).toEqual(['CUSTOM crankback::begun', '-crankback_travel', ...all]);
    await globals.publish(one);
    expect(said()).toEqual(['crankback_travel_until', 'crankback_travel']);
    await globals.publish(other);
    expect(said()).toEqual([
      'crankback_alone_02',
      'crankback_travel_02',
      'crankback_travel_03',
      'crankback_travel_until',
      'crankback_travel',
      '-crankback_travel_00',
      '-crankback_travel_01',
    ]);
    await globals.withdraw();
    await globals.withdraw();
    expect(said()).toEqual(['-crankback_travel']);
  });

  it('to look at callers before an expression does, and no longer than one does', async () => {
    const { globals, said } = freeswitch();
    const callers = { fits: [], fitsNone: [patternOf('1*')] };
    const looking = {
      ...one,
      entries: one.entries.map((entry) => ({ ...entry, ...(entry.first && { callers }) })),
    };
    await globals.publish(looking);
    expect(said().slice(-3)).toEqual([
      'crankback_travel_until',
      'crankback_travel_callers',
      'crankback_travel',
    ]);
    await globals.publish(one);
    expect(said().slice(-2)).toEqual(['crankback_travel', '-crankback_travel_callers']);
  });

  it('to keep what follows while nobody can be asked for one telling longer than a step names it, as calls are under way', async () => {
    const { globals, said, has } = freeswitch();
    await globals.publish(one);
    const begun = has.get('crankback_alone_01');
    await globals.publish(other);
    expect(has.get('crankback_alone_01')).toBe(begun);
    said();
    await globals.publish(other);
    expect(said()).toContain('-crankback_alone_01');
  });

  it('the latest of several, and again after a failure', async () => {
    const { globals, has, said, fail } = freeswitch();
    fail(true);
    await expect(globals.publish(one)).rejects.toThrow('gone');
    fail(false);
    await Promise.all([globals.publish(undefined), globals.publish(other)]);
    expect(said().filter((line) => line === 'crankback_travel')).toHaveLength(1);
    expect(has.get('crankback_travel')).toContain('k[-]2');
  });
});
