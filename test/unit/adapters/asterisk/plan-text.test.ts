import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PLAN_VARIABLES, planText } from '../../../../adapters/asterisk/plan-text';
import { PLANNED_STATUSES } from '../../../../src/model/planned';
import type { Slot } from '../../../../src/policy/plan';
import { planOf, slotOf } from '../../../doubles/plans';

const CALL = { startedAt: 1_795_239_432_947, number: '201', epoch: 'k.1', extension: '*a' };

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
    expect(planText(plan, CALL)).toBe(
      '1795239432.947:1:k.1,1795239452,2' +
        ',"crankback-planned,relay-404.invalid-number,1",,' +
        '"crankback-planned,voicemail-b.busy.1001@default,1",' +
        '"crankback-attempt,201,planned","crankback-planned,dial-b.49201.d500,1",,' +
        ',,,"crankback-planned,voicemail-b.busy.1001@default,1",,,,' +
        ',,,,b,,,',
    );
  });

  it.each([
    ['an attempt with a number of its own', '*a', 'a.49201', 'quiet'],
    ['an attempt on which something was heard', '*a', '*a', 'heard'],
  ] as const)('takes the longer way after %s', (_, short, extension, when) => {
    const slots = { 503: slotOf(next) };
    const plan = when === 'quiet' ? planOf(slots) : planOf(slots, slots);
    const targets = (from: string) =>
      planText(plan, { ...CALL, extension: from })?.match(/"[^"]*"/g);
    expect(targets(short)?.[0]).toBe('"crankback-attempt,201,planned"');
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
    expect(planText(planOf({ 503: open, 500: slotOf(next) }), CALL)).toMatch(
      /,"crankback-attempt,201,planned",,,,.*,b,,,$/,
    );
  });

  it('is left in the variables that the shipped dialplan reads', () => {
    const dialplan = readFileSync(
      join(__dirname, '../../../../adapters/asterisk/dialplan/extensions.conf'),
      'utf8',
    );
    const [, names = ''] = /^ARRAY\((.*)\)$/.exec(PLAN_VARIABLES) ?? [];
    expect(names.split(',')).toHaveLength(3 + 3 * PLANNED_STATUSES.length);
    expect(names).toMatch(
      /^CB_FOR,CB_UNTIL,CB_NEXT,CB_Q_404,.*CB_Q_603,CB_H_404,.*,CB_H_603,CB_T_404,.*,CB_T_603$/,
    );
    const read = [
      'CB_FOR',
      'CB_UNTIL',
      'CB_NEXT',
      'CB_Q_${CRANKBACK_SIP}',
      'CB_H_${CRANKBACK_SIP}',
      'CB_T_${CRANKBACK_SIP}',
    ];
    for (const name of read) expect(dialplan).toContain('${' + name + '}');
  });
});
