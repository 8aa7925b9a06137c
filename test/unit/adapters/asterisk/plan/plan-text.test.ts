import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planText } from '../../../../../adapters/asterisk/plan/plan-text';
import { PLANNED_STATUSES } from '../../../../../src/model/planned';
import type { Slot } from '../../../../../src/policy/plan/plan';
import { planOf, slotOf } from '../../../../doubles/plans';

const CALL = { startedAt: 1_795_239_432_947, number: '201', extension: '*a' };
const DIALPLAN = readFileSync(
  join(__dirname, '../../../../../adapters/asterisk/dialplan/planned.conf'),
  'utf8',
);

const next = { kind: 'dial', trunk: 'b', number: '201' } as const;

describe('a plan as the dialplan keeps it', () => {
  it('says what it is for, until when, how many attempts there will be, and a target for each status', () => {
    const plan = planOf(
      {
        404: slotOf({ kind: 'relay', sip: 404 }, 'invalid-number'),
        486: slotOf({ kind: 'voicemail', greeting: 'busy', mailbox: '1001@default' }, 'busy'),
        500: slotOf(next),
        503: slotOf({ ...next, number: '49201', delayMs: 500 }),
      },
      { 486: slotOf({ kind: 'voicemail', greeting: 'busy', mailbox: '1001@default' }, 'busy') },
    );
    expect(planText(plan, CALL)?.text).toBe(
      '${CB_START}:1:${CUT(EXTEN,.,2)},$[${CB_START:0:10} + 20],2' +
        ',"crankback-planned,relay-404.invalid-number,1",,' +
        '"crankback-planned,voicemail-b.busy.1001@default,1",' +
        '"crankback-after-500,${CB_NUMBER},planned","crankback-planned,dial-b.49201.d500,1",,' +
        ',,,"crankback-planned,voicemail-b.busy.1001@default,1",,,,' +
        ',,,,b,,,',
    );
  });

  it.each([
    ['an attempt with a number of its own', '*a', 'a.49201', 'quiet'],
    ['an attempt after progress', '*a', '*a', 'heard'],
  ] as const)('takes the longer way after %s', (_, short, extension, when) => {
    const slots = { 503: slotOf(next) };
    const plan = when === 'quiet' ? planOf(slots) : planOf(slots, slots);
    const targets = (from: string) =>
      planText(plan, { ...CALL, extension: from })?.text.match(/"[^"]*"/g);
    expect(targets(short)?.[0]).toBe('"crankback-after-503,${CB_NUMBER},planned"');
    expect(targets(extension)?.at(-1)).toBe('"crankback-planned,dial-*b,1"');
  });

  it.each<[string, Slot]>([
    [
      'a variable to be set first',
      slotOf({ kind: 'announce', play: 'x', answer: false, sip: 503 }, 'busy'),
    ],
    ['a class that is not known yet', slotOf({ kind: 'relay', sip: 480 })],
    [
      'characters that the dialplan would take apart',
      slotOf({ kind: 'voicemail', greeting: 'busy', mailbox: '1,2@default' }, 'busy'),
    ],
  ])('leaves open what needs %s', (_, open) => {
    expect(planText(planOf({ 503: open }), CALL)).toBeUndefined();
    expect(planText(planOf({ 503: open, 500: slotOf(next) }), CALL)?.text).toMatch(
      /,"crankback-after-500,\$\{CB_NUMBER\},planned",,,,.*,b,,,$/,
    );
  });

  it.each<[string, Slot, boolean]>([
    ['a relay', slotOf({ kind: 'relay', sip: 486 }, 'busy'), true],
    ['an attempt with nothing of its own', slotOf(next), true],
    ['a number of its own', slotOf({ ...next, number: '49201' }), false],
    [
      'a mailbox',
      slotOf({ kind: 'voicemail', greeting: 'busy', mailbox: '1@default' }, 'busy'),
      false,
    ],
  ])('with %s is that of other calls too: %3$s', (_, slot, isShared) => {
    expect(planText(planOf({ 486: slot }), CALL)?.isShared).toBe(isShared);
  });

  it('is the same for another call of the same kind', () => {
    const plan = planOf({ 503: slotOf(next) });
    const later = { ...plan, until: plan.until + 60_300 };
    const other = { ...CALL, startedAt: CALL.startedAt + 60_300 };
    expect(planText(later, other)).toEqual(planText(plan, CALL));
  });

  it('sets by itself, for a call that begins without asking, the variables that have a value', () => {
    const plan = planOf({
      404: slotOf({ kind: 'relay', sip: 404 }, 'invalid-number'),
      503: slotOf(next),
    });
    expect(planText(plan, { ...CALL, travelling: { trunk: 'a', forms: new Map() } })?.text).toBe(
      '${SET(ARRAY(CB_FOR,CB_UNTIL,CB_NEXT,CB_BEFORE_404,CB_BEFORE_503,CB_TRUNK_503)=' +
        '${CB_START}:1:${CUT(CB_STEP,.,2)},$[${CB_START:0:10} + 20],2,' +
        '"crankback-planned,relay-404.invalid-number,1","crankback-after-503,${CB_NUMBER},planned",b):0:0}',
    );
  });

  it('spreads over the variables that the shipped dialplan reads', () => {
    const [, names = ''] = /Set\(ARRAY\(([^)]*)\)=\$\{EVAL\(/.exec(DIALPLAN) ?? [];
    const targets = ['BEFORE', 'AFTER', 'TRUNK'].flatMap((kind) =>
      PLANNED_STATUSES.map((sip) => `CB_${kind}_${sip}`),
    );
    expect(names.split(',')).toEqual(['CB_FOR', 'CB_UNTIL', 'CB_NEXT', ...targets]);
    const read = [
      'CB_FOR',
      'CB_UNTIL',
      'CB_NEXT',
      'CB_BEFORE_${CRANKBACK_SIP}',
      'CB_AFTER_${CRANKBACK_SIP}',
      'CB_TRUNK_${CRANKBACK_SIP}',
    ];
    for (const name of read) expect(DIALPLAN).toContain('${' + name + '}');
  });
});
