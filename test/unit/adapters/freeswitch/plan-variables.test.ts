import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planVariables } from '../../../../adapters/freeswitch/plan-variables';
import { PLANNED_STATUSES } from '../../../../src/model/planned';
import { sipCode } from '../../../../src/model/sip-codes';
import { standardPhrase, type Slot } from '../../../../src/policy/plan';
import { planOf, slotOf } from '../../../doubles/plans';

const about = {
  epoch: 'k-1',
  trunks: new Map([
    ['b', { name: 'b', freeswitch: 'sofia/gateway/b/{number}', ringTimeout: 30_000 }],
  ]),
};
const next = { kind: 'dial', trunk: 'b', number: '201' } as const;
const mailbox = { kind: 'voicemail', greeting: 'busy', mailbox: '1001@default' } as const;
const dialplan = readFileSync(
  join(__dirname, '../../../../adapters/freeswitch/dialplan/crankback.xml'),
  'utf8',
);

describe('a plan as variables of a call', () => {
  it('says what it is for, until when, and a step for each status', () => {
    const plan = planOf(
      { 404: slotOf({ kind: 'relay', sip: 404 }, 'invalid-number'), 503: slotOf(next) },
      { 486: slotOf(mailbox, 'busy') },
    );
    const variables = planVariables(plan, about);
    expect(variables).toMatchObject({
      plan_for: '1-k-1',
      plan_until: '1795239452',
      plan_q_404:
        'relay/crankback_relay=404;crankback_phrase=;crankback_cause=UNALLOCATED_NUMBER;crankback_retry_after=;crankback_class=invalid-number',
      plan_q_503:
        'dial/crankback_trunk=b;crankback_dial=sofia/gateway/b/201;crankback_timeout=30;crankback_delay=0;crankback_own=;crankback_attempts=2;crankback_mark=;crankback_class=',
      plan_h_486:
        'voicemail/crankback_box=1001;crankback_domain=default;crankback_greeting=busy;crankback_class=busy',
    });
    // An empty one forgets what the plan of an earlier hunt has left.
    expect(Object.keys(variables ?? {})).toHaveLength(2 + 2 * PLANNED_STATUSES.length);
    expect(Object.values(variables ?? {}).filter((value) => value === '')).toHaveLength(11);
  });

  it('keeps the pause, another caller and other codecs of an attempt', () => {
    const codecs = [{ name: 'PCMA', clockRate: 8000 }];
    const retry = {
      ...next,
      delayMs: 500,
      callerId: '+4930',
      codecs,
      reoffer: { learn: true },
    } as const;
    expect(planVariables(planOf({ 500: slotOf(retry) }), about)?.plan_q_500).toBe(
      'dial/crankback_trunk=b;crankback_dial=sofia/gateway/b/201;crankback_timeout=30;crankback_delay=500;crankback_own=,origination_caller_id_number=+4930,absolute_codec_string=^^:PCMA;crankback_attempts=2;crankback_mark=:o;crankback_class=',
    );
  });

  it.each<[string, Slot]>([
    ['a class that is not known yet', slotOf({ kind: 'relay', sip: 480 })],
    [
      'the target that comes with the failure',
      slotOf({ ...next, kind: 'redirect', target: '49', hops: 1 }),
    ],
    ['what parts the variables', slotOf({ ...mailbox, mailbox: '1;2@default' }, 'busy')],
  ])('leaves open what needs %s', (_, open) => {
    expect(planVariables(planOf({ 503: open }), about)).toBeUndefined();
    expect(planVariables(planOf({ 503: open, 500: slotOf(next) }), about)).toMatchObject({
      plan_q_503: '',
    });
  });

  it('is left where the shipped dialplan reads it', () => {
    const variables = planVariables(planOf({ 503: slotOf(next) }), about) ?? {};
    expect(dialplan).toContain('${crankback_plan_for}');
    expect(dialplan).toContain('${crankback_plan_until}');
    expect(dialplan).toContain('${crankback_plan_${crankback_heard}_${crankback_sip}}');
    for (const sip of PLANNED_STATUSES) {
      expect(variables).toHaveProperty(`plan_q_${sip}`);
      expect(variables).toHaveProperty(`plan_h_${sip}`);
    }
  });
});

describe('the phrases with which the shipped dialplan uses a plan', () => {
  const [, pattern = ''] =
    /field="\$\{crankback_sip\} \$\{sip_invite_failure_phrase\}" expression="(\^[^"]*)\\z"/.exec(
      dialplan,
    ) ?? [];
  const taken = new RegExp(`${pattern}$`);

  it('are the registered ones, and no others', () => {
    const registered = PLANNED_STATUSES.map((sip) => `${sip} ${sipCode(sip)?.phrase}`);
    expect(pattern).toBe(`^(${registered.join('|')})`);
    for (const sip of PLANNED_STATUSES) expect(`${sip} ${standardPhrase(sip)}`).toMatch(taken);
  });

  it.each([
    '503 Service unavailable',
    '503 Service Unavailable ',
    '503 ',
    '486 Decline',
    '488 Not',
  ])('are not %j', (said) => expect(said).not.toMatch(taken));
});
