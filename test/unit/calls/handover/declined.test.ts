import type { CallEvent } from '../../../../src/events/call-event';
import { ObservedCalls } from '../../../../src/calls/observed-calls';
import type { FailedAttempt, Handover } from '../../../../src/calls/ports';
import { entryOf } from '../../../../src/journal/entries';
import { InProcessTrunks } from '../../../../src/trunks/limits/trunk-limits';
import { failed, HUNT_ID, routed, setUp } from '../../../doubles/call-pipeline';
import { policyOf, START } from '../../../doubles/policies';

/** Calls that begin with carrier-b are observed, those to 1XXX decided. */
const SOME = policyOf(`version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { mode: observe, dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes:
  - { mode: decide, digits: "1XXX", trunks: [carrier-b, carrier-a] }
  - { digits: "*", trunks: [carrier-b, carrier-a] }
rules:
  - { when: { context: internal, sip: 486 }, do: { retry: next-trunk } }
`);
const ALL = policyOf(`version: 1
emergency: []
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes: [{ digits: "*", trunks: [carrier-b, carrier-a] }]
`);

const CHANNEL = '1795239432.7';
const some = (options: Parameters<typeof setUp>[0] = {}) =>
  setUp({ policy: () => SOME, ...options });

function asked(number: string, more: Partial<Handover> = {}): Handover {
  return { ...routed(number), channel: CHANNEL, ...more };
}

/** The user's own dialplan has dialled it. */
function ownFailed(trunk: string, more: Partial<FailedAttempt> = {}, sip = 503): Handover {
  const evidence = [
    { source: 'dialplan', sip, rang: false, progress: false, origin: 'far', failedAfterMs: 40 },
  ] as const;
  const attempts = [{ trunk, evidence, counted: true, ...more }];
  const handover = failed(sip);
  const past = { trunk, sip, rang: false };
  return {
    ...handover,
    channel: CHANNEL,
    event: { kind: 'failed', attempts, usersOwn: true },
    hunt: { ...handover.hunt, attempts: [past], context: 'internal' },
  };
}

describe('a call on a route that is only observed', () => {
  it('is left to its dialplan at once, counted, and has one line that says why', async () => {
    const { listener, answers, declined, lines, counted, journal, reports } = some();
    listener.handover(asked('200'));
    expect([answers, declined]).toEqual([[], [HUNT_ID]]);
    expect(lines).toEqual([
      {
        ...{ level: 'info', message: 'left to your dialplan', pbx: 'asterisk', hunt: HUNT_ID },
        ...{ leg: 'PJSIP/caller-00000007', number: '200' },
        why: 'mode: observe of trunk carrier-b (policy.yaml:5)',
      },
    ]);
    expect(await counted('crankback_declined_total')).toEqual([{ pbx: 'asterisk', value: 1 }]);
    expect(await counted('crankback_decisions_total')).toEqual([]);
    expect(await counted('crankback_fallbacks_total')).toEqual([]);
    expect(journal.size).toBe(0);
    expect(reports).toEqual([{ abandoned: HUNT_ID }]);
  });

  it('is decided where the route says so', () => {
    const { listener, answers, declined } = some();
    listener.handover(asked('1000'));
    expect(answers).toMatchObject([{ outcome: { kind: 'dial', trunk: 'carrier-b' } }]);
    expect(declined).toEqual([]);
  });

  it('is observed under the id of its hunt, which the log has told', () => {
    const { listener, lines } = some();
    listener.handover(ownFailed('carrier-b', { counted: false }));
    listener.observedCallOver({ id: CHANNEL, answered: false });
    expect(lines[0]).toMatchObject({ message: 'left to your dialplan', hunt: HUNT_ID });
    expect(lines.at(-1)).toMatchObject({ message: 'observed call', call: HUNT_ID });
  });

  it('is told where the PBX does not take that', async () => {
    const { listener, service, lines, counted } = some({
      answer: () => Promise.reject(new Error('gone')),
    });
    listener.handover(asked('200'));
    await service.drain(1_000);
    expect(lines.at(-1)).toMatchObject({ message: 'answer not taken', why: 'gone' });
    expect(await counted('crankback_handovers_failed_total')).toMatchObject([{ value: 1 }]);
  });

  it('frees what an earlier hunt of the same leg had reserved', () => {
    const { listener, trunks } = some();
    const limited = { ...SOME.trunks.get('carrier-b'), limits: { concurrentCalls: 1 } };
    listener.handover(asked('1000', { huntId: 'earlier' }));
    expect(trunks.obstacle(limited as never, START)).toBeDefined();
    listener.handover(asked('200'));
    expect(trunks.obstacle(limited as never, START)).toBeUndefined();
  });

  it('is compared by what its handover knew, whatever its static way is called', () => {
    const { listener, lines } = some();
    listener.handover(
      asked('200', { hunt: { ...routed().hunt, context: 'internal', from: '1001' } }),
    );
    const caller = { id: CHANNEL, leg: 'PJSIP/caller-00000007', extension: 's' };
    const evidence = [
      { source: 'channel-events', sip: 486, rang: false, progress: false, origin: 'far' },
    ] as const;
    listener.observed({
      ...{ trunk: 'carrier-a', known: true, leg: 'PJSIP/carrier-a-1', answered: false, evidence },
      ...{
        caller: { ...caller, context: 'crankback-fallback' },
        number: '900200',
        beganAt: START + 11,
        overAt: START + 20,
      },
    });
    listener.observedCallOver({ id: CHANNEL, answered: false });
    expect(lines.at(-1)).toMatchObject({
      ...{ message: 'observed call', number: '200', trunk: 'carrier-a', did: 'ended' },
      ...{ would: 'dial carrier-b', rule: 'policy.yaml:10' },
    });
  });
});

describe('a call that the user’s own dialplan dialled first', () => {
  it('is observed with the trunk that it was dialled on, though its route begins elsewhere', () => {
    const { listener, answers, declined } = some();
    listener.handover(ownFailed('carrier-b'));
    expect([answers, declined]).toEqual([[], [HUNT_ID]]);
    listener.handover({ ...ownFailed('carrier-a'), huntId: 'next' });
    expect(answers).toMatchObject([{ outcome: { kind: 'dial', trunk: 'carrier-b' } }]);
  });

  it('is counted and compared once, whether events have told the attempt or not', async () => {
    const { listener, lines, counted, reports } = some();
    listener.handover(ownFailed('carrier-b', { counted: false }));
    listener.observedCallOver({ id: CHANNEL, answered: false });
    expect(reports).toMatchObject([
      { abandoned: HUNT_ID },
      { trunk: 'carrier-b', outcome: { kind: 'failed' } },
    ]);
    expect(lines.at(-2)).toMatchObject({ message: 'attempt', trunk: 'carrier-b', observed: true });
    expect(lines.at(-1)).toMatchObject({ message: 'observed call', would: 'dial carrier-a' });
    expect(await counted('crankback_attempts_total')).toMatchObject([{ value: 1 }]);
  });

  it('is told with its mirrored SIP where that is still on its way', async () => {
    const { listener, lines } = some();
    const more = { source: 'hep', sip: 503, phrase: 'Full', rang: false, progress: false };
    const late = Promise.resolve([{ ...more, origin: 'far' } as const]);
    listener.handover(ownFailed('carrier-b', { counted: false, late }));
    expect(lines.map(({ message }) => message)).toEqual(['left to your dialplan']);
    await late;
    expect(lines.at(-1)).toMatchObject({ message: 'attempt', phrase: 'Full' });
  });

  it('is not told twice', () => {
    const { listener, lines } = some();
    listener.handover(ownFailed('carrier-b'));
    expect(lines.map(({ message }) => message)).toEqual(['left to your dialplan']);
  });
});

describe('a hunt that has begun', () => {
  it('stays decided when its route is only observed by now', () => {
    let policy = ALL;
    const { listener, answers, declined } = setUp({ policy: () => policy });
    listener.handover(asked('200'));
    policy = SOME;
    listener.handover({ ...failed(503), channel: CHANNEL });
    expect(answers).toHaveLength(2);
    listener.handover(asked('200', { huntId: 'next' }));
    expect(declined).toEqual(['next']);
  });

  it('stays decided after a restart, and with a missing mailbox', () => {
    const { listener, answers, declined } = some();
    const own = ownFailed('carrier-b');
    const attempts = own.event.kind === 'failed' ? own.event.attempts : [];
    listener.handover({ ...own, event: { kind: 'failed', attempts } });
    listener.handover({ ...own, huntId: 'next', hunt: { ...own.hunt, mailboxMissing: true } });
    expect([answers.length, declined]).toEqual([2, []]);
  });
});

describe('calls that are left to their dialplan', () => {
  it('are bounded, and one with a number that cannot be dialled is not kept', () => {
    const calls = new ObservedCalls(new InProcessTrunks());
    calls.declined(asked("1'; DROP"));
    expect(calls.size).toBe(0);
    for (let id = 0; id < 20_100; id += 1) calls.declined(asked('200', { channel: String(id) }));
    expect(calls.size).toBe(20_000);
    expect(calls.over({ id: '20099', answered: true }, SOME)).toBeUndefined();
    expect(calls.size).toBe(19_999);
  });

  it('are no entry of the journal by themselves', () => {
    const event: CallEvent = {
      ...{ kind: 'declined', at: START, pbx: 'asterisk', hunt: HUNT_ID, leg: 'x', number: '200' },
      mode: { mode: 'observe', of: 'the policy' },
    };
    expect(entryOf(event, (value) => value)).toBeUndefined();
  });
});
