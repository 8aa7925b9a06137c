import { nextText } from '../../../../../adapters/asterisk/plan/next-text';
import { PLANNED_STATUSES } from '../../../../../src/model/planned';
import type { Decision } from '../../../../../src/policy/decision/decision';
import type { Plan, Slot } from '../../../../../src/policy/plan/plan';
import type { NumberForm } from '../../../../../src/policy/routes/number-forms';
import { START } from '../../../../doubles/policies';

const ALL = new Set(['b', 'carrier-c']);
const CALL = {
  trunk: 'a',
  forms: new Map<string, NumberForm>(),
  example: { number: '201', startedAt: START },
};

function planOf(slots: Readonly<Record<number, Decision['outcome']>>, seconds = 20): Plan {
  const beforeProgress = new Map(
    PLANNED_STATUSES.flatMap((sip) =>
      slots[sip] ? [[sip, { decision: { outcome: slots[sip] } } as Slot] as const] : [],
    ),
  );
  return {
    attempts: 1,
    until: START + seconds * 1000,
    beforeProgress,
    afterProgress: new Map(),
    trunks: {} as Plan['trunks'],
  };
}

const dial = (trunk: string, more = {}) =>
  ({ kind: 'dial', trunk, number: '201', ...more }) as Decision['outcome'];

it('has a field of its own for each status, and none for no status', () => {
  const remainders = PLANNED_STATUSES.map((sip) => sip % 21);
  expect(new Set(remainders).size).toBe(PLANNED_STATUSES.length);
  expect(remainders).not.toContain(0);
});

it('is the trunk that is next, and for how long', () => {
  expect(nextText(planOf({ 404: dial('b'), 486: dial('carrier-c') }), CALL, ALL)).toBe(
    ',,,20.carrier-c,,20.b',
  );
});

it.each([
  ['a relay', { kind: 'relay', sip: 486 }],
  ['a pause', dial('b', { delayMs: 1500 })],
])('has nothing of %s', (_, outcome) => {
  expect(nextText(planOf({ 486: outcome }), CALL, ALL)).toBeUndefined();
});

it('has nothing of a trunk that gets another number than the first one, and what gets the same', () => {
  const forms = new Map([
    ['a', { cut: 1, put: '0049' }],
    ['b', { cut: 1, put: '+49' }],
    ['carrier-c', { cut: 1, put: '0049' }],
  ]);
  const plan = planOf({ 404: dial('b'), 486: dial('carrier-c') });
  expect(nextText(plan, { ...CALL, forms }, ALL)).toBe(',,,20.carrier-c');
});

it('is read by two digits, so a longer time counts as 99 seconds, and a short one is left to the plan', () => {
  expect(nextText(planOf({ 404: dial('b') }, 300), CALL, ALL)).toBe(',,,,,99.b');
  expect(nextText(planOf({ 404: dial('b') }, 9), CALL, ALL)).toBeUndefined();
});

it('has nothing of a trunk whose far side would hear what is said to crankback', () => {
  expect(nextText(planOf({ 404: dial('b'), 486: dial('iax') }), CALL, ALL)).toBe(',,,,,20.b');
});
