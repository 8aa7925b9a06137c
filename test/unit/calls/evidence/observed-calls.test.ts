import type { CallEvent } from '../../../../src/events/call-event';
import { openJournal } from '../../../../src/journal/database';
import { entryOf } from '../../../../src/journal/entries';
import { observedCall, observedOf } from '../../../../src/journal/read/observed';
import { retain } from '../../../../src/journal/retention';
import { JournalWriter } from '../../../../src/journal/writer';
import { callObserved } from '../../../../src/calls/events-of-observation';
import { ObservedCalls } from '../../../../src/calls/observed-calls';
import type { ObservedAttempt } from '../../../../src/calls/ports';
import {
  observedCallText,
  ObservedCall,
  ObservedGroups,
  observedText,
} from '../../../../src/cli/observed-text';
import type { Evidence } from '../../../../src/model/failure';
import { failureOf } from '../../../../src/policy/failure-of';
import { showing } from '../../../../src/records/shown';
import type { Trunk } from '../../../../src/policy/policy-data';
import { InProcessTrunks } from '../../../../src/trunks/limits/trunk-limits';
import { POLICY, setUp } from '../../../doubles/call-pipeline';
import { START } from '../../../doubles/policies';

const CALLER = { id: '17.9', leg: 'PJSIP/phone-1', extension: '9200', context: 'internal' };

function attempt(sip: number | undefined, more: Partial<ObservedAttempt> = {}): ObservedAttempt {
  const evidence: readonly Evidence[] =
    sip === undefined
      ? []
      : [{ source: 'channel-events', sip, rang: false, progress: false, origin: 'far' }];
  return {
    ...{ trunk: 'carrier-a', known: true, leg: 'PJSIP/carrier-a-1', number: '200' },
    ...{ caller: CALLER, answered: sip === undefined, evidence },
    ...{ beganAt: START - 100, overAt: START },
    ...more,
  };
}

describe("a call of the user's own dialplan, once it is over", () => {
  it('has one line where the policy would have done otherwise, and is counted', async () => {
    const { listener, lines, counted, answers } = setUp();
    listener.observed(attempt(503));
    listener.observedCallOver({ id: '17.9', answered: false });
    expect(lines.at(-1)).toEqual({
      ...{ level: 'info', message: 'observed call', pbx: 'asterisk', call: `17.9@${START - 100}` },
      ...{ number: '9200', trunk: 'carrier-a', sip: 503, class: 'trunk-congested', fault: 'trunk' },
      ...{ rang: false, q850: undefined, did: 'ended', would: 'dial carrier-b', answered: false },
      rule: 'built-in/defaults.yaml:9',
      why: 'the call ended; another attempt would have been made',
    });
    expect(await counted('crankback_observed_calls_total')).toEqual([
      { pbx: 'asterisk', verdict: 'would-go-on', value: 1 },
    ]);
    expect(answers).toEqual([]);
  });

  it('has no line where it went as it would have', async () => {
    const { listener, lines, counted } = setUp();
    listener.observed(attempt(503));
    listener.observed(attempt(undefined, { trunk: 'carrier-b', beganAt: START, overAt: START }));
    listener.observedCallOver({ id: '17.9', answered: true });
    expect(lines.map(({ message }) => message)).toEqual(['attempt', 'attempt']);
    expect(await counted('crankback_observed_calls_total')).toEqual([
      { pbx: 'asterisk', verdict: 'same', value: 1 },
    ]);
  });

  it('is nothing without a failed attempt, and nothing twice', async () => {
    const { listener, counted } = setUp();
    listener.observed(attempt(undefined));
    listener.observedCallOver({ id: '17.9', answered: true });
    listener.observedCallOver({ id: '17.9', answered: true });
    expect(await counted('crankback_observed_calls_total')).toEqual([]);
  });

  it('is nothing where it came to us: its handover tells of these attempts', async () => {
    const { listener, counted } = setUp();
    listener.observed(attempt(503));
    listener.observedCallOver({ id: '17.9', answered: false, handedOver: true });
    listener.observedCallOver({ id: '17.9', answered: false });
    expect(await counted('crankback_observed_calls_total')).toEqual([]);
  });

  it('is no fork where the report of the first attempt comes after the next one began', async () => {
    const { listener, counted } = setUp();
    const next = { trunk: 'carrier-c', beganAt: START + 2, overAt: START + 5 };
    listener.observed(attempt(486, { beganAt: START - 3, overAt: START + 1 }));
    listener.observed(attempt(486, next));
    listener.observedCallOver({ id: '17.9', answered: false });
    expect(await counted('crankback_observed_calls_total')).toEqual([
      { pbx: 'asterisk', verdict: 'would-stop', value: 1 },
    ]);
  });

  it('reserves nothing, though a limit would refuse it', () => {
    const { listener, trunks } = setUp();
    const limit = { name: 'carrier-b', limits: { concurrentCalls: 1 } } as Trunk;
    for (let one = 0; one < 3; one += 1) {
      listener.observed(attempt(503));
      listener.observedCallOver({ id: '17.9', answered: false });
    }
    expect(trunks.obstacle(limit, START)).toBeUndefined();
  });
});

describe('the number of an observed call', () => {
  it.each([
    ['as dialled, where a route has it', '1234', '200', '1234'],
    ['as the dialplan dials it, within a macro', 's', '200', '200'],
    ['as dialled, where any number has a route', '9200', '200', '9200'],
  ])('is %s', (_, extension, dialled, number) => {
    const { journal, outcome } = observing([
      attempt(503, { caller: { ...CALLER, extension }, number: dialled }),
    ]);
    expect(outcome?.number).toBe(number);
    expect(journal().groups).toHaveLength(1);
  });

  it('that cannot be dialled is not looked at', () => {
    const hostile = { caller: { ...CALLER, extension: '${EVAL}' }, number: "1'; DROP" };
    expect(observing([attempt(503, hostile)]).outcome).toBeUndefined();
  });

  it('is bounded, and so are the calls', () => {
    const calls = new ObservedCalls(new InProcessTrunks());
    for (let id = 0; id < 20_100; id += 1)
      calls.attempt(
        attempt(503, { caller: { ...CALLER, id: String(id) } }),
        undefined,
        POLICY,
        START,
      );
    expect(calls.size).toBe(20_000);
    for (let one = 0; one < 100; one += 1)
      calls.attempt(
        attempt(503, {
          ...{ caller: { ...CALLER, id: 'loop' } },
          ...{ beganAt: START + one * 200, overAt: START + one * 200 + 100 },
        }),
        failureOf([], POLICY, 'carrier-a'),
        POLICY,
        START + one * 200 + 100,
      );
    expect(calls.over({ id: 'loop', answered: false }, POLICY)?.steps).toHaveLength(32);
  });
});

/** A call of these attempts, and a journal that has it. */
function observing(attempts: readonly ObservedAttempt[], { maskNumbers = false, times = 1 } = {}) {
  const shown = showing({ maskNumbers });
  const { database } = openJournal(':memory:', START);
  const text = 'version: 1\nemergency: []\n';
  const writer = new JournalWriter(database);
  const policyChanged: CallEvent = {
    ...{ kind: 'policy-changed', at: START, file: 'policy.yaml' },
    ...{ hash: POLICY.hash, before: '' },
    text: Buffer.from(text),
  };
  const events: CallEvent[] = [policyChanged];
  const calls = new ObservedCalls(new InProcessTrunks());
  let outcome;
  for (let index = 0; index < times; index += 1) {
    for (const [nth, one] of attempts.entries()) {
      const failure = one.answered ? undefined : failureOf(one.evidence, POLICY, one.trunk);
      const now = START + index * 10_000 + nth * 1_000 + 100;
      calls.attempt(
        {
          ...one,
          ...(one.caller && { caller: { ...one.caller, id: `17.${index}` } }),
          ...{ beganAt: now - 100, overAt: now },
        },
        failure,
        POLICY,
        now,
      );
    }
    outcome = calls.over({ id: `17.${index}`, answered: false }, POLICY);
    const about = { at: START + index * 10_000 + 5_000, pbx: 'asterisk' };
    if (outcome) events.push(callObserved(about, outcome, POLICY));
  }
  writer.write(events.flatMap((event) => entryOf(event, shown) ?? []));
  const period = { since: 0, until: START * 2 };
  return {
    outcome,
    database,
    journal: (more = {}, most = 20_000) => observedOf(database, { ...period, ...more }, most),
    call: (id: string) => observedCall(database, { id, number: shown({ number: id }).number }),
  };
}

describe('what the journal tells of observed calls', () => {
  const from = '4930123';
  const callId = 'a@b';
  const ended = attempt(503, { caller: { ...CALLER, from, callId } });

  it('are those alike together, with what would have been done by which rule', () => {
    const { journal } = observing([ended], { times: 5 });
    const found = journal();
    expect(found).toMatchObject({
      ...{ calls: 5, more: false },
      groups: [
        {
          ...{ verdict: 'would-go-on', trunk: 'carrier-a', class: 'trunk-congested', sip: 503 },
          ...{ would: 'dial carrier-b', ruleLine: 9, calls: 5, answered: 0 },
          hunts: [4, 3, 2].map((index) => `17.${index}@${START + index * 10_000}`),
        },
      ],
    });
    expect(journal({}, 2)).toMatchObject({ calls: 2, more: true });
    expect(journal({ trunk: 'carrier-b' })).toMatchObject({ calls: 0, groups: [] });
    expect(journal({ until: START })).toMatchObject({ calls: 0 });
    const lines = observedText(ObservedGroups.parse(found)).split('\n');
    expect(lines.slice(1)).toEqual([
      '0 went as they would have by the policy',
      '',
      '     5  carrier-a failed with 503 (trunk-congested): the call ended; another attempt would have been made',
      '        nothing more -> dial carrier-b  built-in/defaults.yaml:9',
      '        0 of 5 calls answered in fact',
      `        such as 17.4@${START + 40_000}, 17.3@${START + 30_000}, 17.2@${START + 20_000}`,
      '',
      'Nothing of this was done. Of each call the first difference counts: what would have followed it is unknown.',
    ]);
  });

  it.each([[`17.0@${START}`], [callId], ['9200']])('is one call, by %s', (wanted) => {
    const { call } = observing([ended, attempt(486, { trunk: 'carrier-b' })]);
    const found = JSON.parse(JSON.stringify(call(wanted))) as unknown;
    expect(observedCallText(ObservedCall.parse(found), false).split('\n')).toEqual([
      `call to 9200 from ${from}, ${new Date(START).toISOString()}, asterisk, your own dialplan, call 17.0@${START}`,
      `the caller's Call-ID: ${callId}`,
      '   0.100 s  <- carrier-a: 503',
      '               trunk-congested, fault: trunk',
      '            did:   dial carrier-b',
      '            would: dial carrier-b: 9200',
      expect.stringContaining('built-in/defaults.yaml:9  - when:'),
      '   1.100 s  <- carrier-b: 486',
      '               busy, fault: callee',
      '            did:   nothing more',
      '            would: the caller gets 486',
      expect.stringContaining('built-in/defaults.yaml:'),
      '                   refused: neither dialplan nor route names a mailbox',
      'not answered, ended after 5 s: the same as happened',
    ]);
  });

  it('has its trace, where traces are made', () => {
    const { call } = observing([ended]);
    const found = { ...call('9200'), traceId: 'ab'.repeat(16) };
    const told = ObservedCall.parse(JSON.parse(JSON.stringify(found)));
    expect(observedCallText(told, false).split('\n').at(-1)).toBe(`trace: ${'ab'.repeat(16)}`);
  });

  it('has its mode by the policy of then, unless its number is masked', () => {
    const { call } = observing([ended]);
    const lines = [
      ...['version: 1', 'mode: observe', 'emergency: []'],
      'trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@a" } } }',
      'routes: [{ mode: decide, digits: "*", trunks: [carrier-a] }]',
    ];
    const policy = { hash: 'p', file: 'p.yaml', lines };
    const found = ObservedCall.parse(JSON.parse(JSON.stringify({ ...call('9200'), policy })));
    expect(observedCallText(found, false)).toContain('\nmode: decide of route "*" (p.yaml:5)\n');
    expect(observedCallText({ ...found, number: '92****00' }, false)).not.toContain('mode:');
  });

  it('has no number where numbers are masked, and is found by one', () => {
    const { database, call } = observing([ended], { maskNumbers: true });
    const rows = JSON.stringify(database.all('SELECT * FROM observed_calls'));
    expect(rows).not.toContain('4930123');
    expect(rows).not.toContain('"9200"');
    expect(call('9200')).toMatchObject({ call: `17.0@${START}`, number: '*'.repeat(4) });
  });

  it('goes with the days that are kept', () => {
    const { database, journal } = observing([ended], { times: 3 });
    const day = 86_400_000;
    retain(database, { days: 1, bytes: 1e9 }, START + day + 15_000);
    expect(journal().calls).toBe(1);
  });
});
