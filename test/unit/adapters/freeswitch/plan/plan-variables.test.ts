import { freeswitchOf } from '../../../../../src/explain/pbx/freeswitch';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { planVariables } from '../../../../../adapters/freeswitch/plan/plan-variables';
import { PLANNED_STATUSES } from '../../../../../src/model/planned';
import { sipCode } from '../../../../../src/model/registries/sip-codes';
import { standardPhrase } from '../../../../../src/policy/plan/foreseen';
import type { Slot } from '../../../../../src/policy/plan/plan';
import { planOf, slotOf } from '../../../../doubles/plans';

const about = {
  generation: 'k-1',
  trunks: new Map([
    ['b', { name: 'b', dial: { freeswitch: 'sofia/gateway/b/{number}' }, ringTimeout: 30_000 }],
    ['asterisk-only', { name: 'asterisk-only', dial: {}, ringTimeout: 30_000 }],
  ]),
};
const next = { kind: 'dial', trunk: 'b', number: '201' } as const;
const mailbox = { kind: 'voicemail', greeting: 'busy', mailbox: '1001@default' } as const;
const dialplan = readFileSync(
  join(__dirname, '../../../../../adapters/freeswitch/dialplan/crankback.xml'),
  'utf8',
);

/** What the shipped dialplan finds in a plan, by its own expression. */
function found(plan: string | undefined, progress: 'b' | 'a', sip: number): string | undefined {
  const [, pattern = ''] = /field="\$\{crankback_plan\}" expression="([^"]*)"/.exec(dialplan) ?? [];
  const asked = pattern
    .replace('${crankback_progress}', progress)
    .replace('${sip_invite_failure_status}', String(sip));
  const [, , step, variables] = new RegExp(asked).exec(plan ?? '') ?? [];
  return step && `${step}/${variables}`;
}

describe('a plan as variables of a call', () => {
  const dialsB =
    'dial/crankback_trunk=b;crankback_dial=sofia/gateway/b/201;crankback_timeout=30;crankback_delay=0;crankback_own=;crankback_attempts=2;crankback_mark=;crankback_class=';

  it('says what it is for, until when, and each step once behind what it follows', () => {
    const plan = planOf(
      {
        404: slotOf({ kind: 'relay', sip: 404 }, 'invalid-number'),
        500: slotOf(next, 'trunk-failed'),
        503: slotOf(next, 'trunk-congested'),
      },
      { 486: slotOf(mailbox, 'busy'), 503: slotOf(next) },
    );
    expect(planVariables(plan, about)).toEqual({
      plan_for: '1-k-1',
      plan_until: '1795239452',
      plan:
        '~b404:relay/crankback_relay=404;crankback_phrase=;crankback_cause=UNALLOCATED_NUMBER;crankback_retry_after=;crankback_class=invalid-number' +
        `~b500b503a503:${dialsB}` +
        '~a486:voicemail/crankback_box=1001;crankback_domain=default;crankback_greeting=busy;crankback_class=busy',
    });
  });

  it('hides a name that sofia cannot send on what follows too', () => {
    const plan = planOf({ 503: slotOf(next, 'trunk-congested') });
    expect(planVariables(plan, { ...about, hidesName: true })?.plan).toContain(
      ';crankback_own=,origination_caller_id_name=anonymous;',
    );
  });

  it('is found by the shipped dialplan: each slot, and nothing for what has none', () => {
    const quiet = { 404: slotOf({ kind: 'relay', sip: 404 }, 'invalid-number'), 503: slotOf(next) };
    const plan = planVariables(planOf(quiet, { 486: slotOf(mailbox, 'busy') }), about)?.plan;
    for (const sip of PLANNED_STATUSES) {
      expect(found(plan, 'b', sip) !== undefined).toBe(sip in quiet);
      expect(found(plan, 'a', sip) !== undefined).toBe(sip === 486);
    }
    expect(found(plan, 'b', 503)).toBe(dialsB);
    expect(found(plan, 'a', 486)).toMatch(/^voicemail\/.*crankback_class=busy$/);
  });

  it('is found by the shipped dialplan also where several failures have the same step', () => {
    const same = Object.fromEntries(PLANNED_STATUSES.map((sip) => [sip, slotOf(next)]));
    const plan = planVariables(planOf(same, same), about)?.plan;
    for (const sip of PLANNED_STATUSES)
      expect([found(plan, 'b', sip), found(plan, 'a', sip)]).toEqual([dialsB, dialsB]);
  });

  it('keeps the pause, another caller and other codecs of an attempt', () => {
    const codecs = [{ name: 'PCMA', clockRate: 8000 }];
    const more = { delayMs: 500, callerId: '+4930', codecs, reoffer: { learn: true } } as const;
    expect(planVariables(planOf({ 500: slotOf({ ...next, ...more }) }), about)?.plan).toBe(
      '~b500:dial/crankback_trunk=b;crankback_dial=sofia/gateway/b/201;crankback_timeout=30;crankback_delay=500;crankback_own=,origination_caller_id_number=+4930,absolute_codec_string=^^:PCMA;crankback_attempts=2;crankback_mark=:o;crankback_class=',
    );
  });

  it.each<[string, Slot]>([
    ['a class that is not known yet', slotOf({ kind: 'relay', sip: 480 })],
    [
      'the target that comes with the failure',
      slotOf({ ...next, kind: 'redirect', target: '49', hops: 1 }),
    ],
    ['what parts the variables', slotOf({ ...mailbox, mailbox: '1;2@default' }, 'busy')],
    ['what parts the steps', slotOf({ ...mailbox, mailbox: '1~a503:x@default' }, 'busy')],
    ['what no dialplan may see', slotOf({ ...mailbox, mailbox: '${x}@default' }, 'busy')],
    ['a trunk that FreeSWITCH cannot dial', slotOf({ ...next, trunk: 'asterisk-only' })],
  ])('leaves open what needs %s', (_, open) => {
    expect(planVariables(planOf({ 503: open }), about)).toBeUndefined();
    const plan = planVariables(planOf({ 503: open, 500: slotOf(next) }), about)?.plan;
    expect(plan).toBe(`~b500:${dialsB}`);
  });
});

describe('the phrases with which the shipped dialplan uses a plan', () => {
  const [, pattern = ''] =
    /field="\$\{sip_invite_failure_status\} \$\{sip_invite_failure_phrase\}" expression="(\^[^"]*)\\z"/.exec(
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

it('a plan is used only for the cause that FreeSWITCH makes of the status: another one came in a Reason header', () => {
  const field = 'field="${sip_invite_failure_status} ${last_bridge_hangup_cause}"';
  const causes = PLANNED_STATUSES.map((sip) => `${sip} ${freeswitchOf(sip).name}`);
  expect(dialplan).toContain(`${field} expression="^(${causes.join('|')})\\z"`);
});
