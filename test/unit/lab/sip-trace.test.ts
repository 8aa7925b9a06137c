import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTrace } from '../../../lab/runner/sip/trace';
import { attemptsAt, callerView, callsOf, handovers } from '../../../lab/runner/sip/wire';

const fixture = (name: string): string =>
  readFileSync(join(__dirname, 'fixtures', `${name}.msg`), 'utf8');
const noStrays = (): boolean => false;

describe('a trace that SIPp 3.8 wrote', () => {
  const trace = parseTrace(fixture('503.a'));

  test('has all messages in order, with direction, method and status', () => {
    const shown = trace.map(({ direction, request, status }) => [direction, request ?? status]);
    expect(shown).toEqual([
      ['received', 'INVITE'],
      ['sent', 100],
      ['sent', 503],
      ['received', 'ACK'],
    ]);
  });

  test('keeps the microseconds and the dialog of each message', () => {
    const [invite, , failure] = trace;
    expect(invite?.user).toBe('200');
    expect(invite?.branch).toMatch(/^z9hG4bKPj/);
    expect(invite?.toTag).toBeUndefined();
    expect(failure?.callId).toBe(invite?.callId);
    expect(failure?.method).toBe('INVITE');
    expect(failure?.toTag).toMatch(/SIPpTag1$/);
    const apart = (failure?.at ?? 0) - (invite?.at ?? 0);
    expect(apart).toBeGreaterThan(0);
    expect(apart).toBeLessThan(10);
    expect(apart).not.toBe(Math.round(apart));
  });

  test('is read as far as it goes when SIPp is still writing', () => {
    const whole = fixture('503.a');
    for (let length = 0; length < whole.length; length += 7) {
      const messages = parseTrace(whole.slice(0, length));
      expect(messages.length).toBeLessThanOrEqual(trace.length);
    }
    expect(parseTrace('')).toEqual([]);
    expect(parseTrace('no trace at all\n')).toEqual([]);
  });
});

describe('a call on the wire', () => {
  test('carrier and caller tell the same 503 from their own sides', () => {
    const attempts = attemptsAt('carrier-a', parseTrace(fixture('503.a')), noStrays);
    expect(attempts).toMatchObject([{ trunk: 'carrier-a', said: [100, 503] }]);
    const caller = callerView(parseTrace(fixture('503.caller')));
    expect(caller.finals).toHaveLength(1);

    const [handover, more] = handovers(attempts, caller, []);
    expect(more).toBeUndefined();
    expect(handover).toMatchObject({ from: 'carrier-a', to: 'caller', since: 'answer' });
    expect(handover?.ms).toBeGreaterThan(0);
    expect(handover?.ms).toBeLessThan(100);
  });

  test('a caller who cancels ends the hunt: nothing was handed over', () => {
    const attempts = attemptsAt('carrier-a', parseTrace(fixture('cancel.a')), noStrays);
    const caller = callerView(parseTrace(fixture('cancel.caller')));
    expect(attempts).toMatchObject([{ said: [100, 180, 487] }]);
    expect(attempts[0]?.cancelledAt).toBeDefined();
    expect(caller).toMatchObject({ cancelled: true, finals: [487], provisionals: [100, 180] });
    expect(handovers(attempts, caller, [])).toEqual([]);
  });

  test('retransmissions are one attempt, strays are none', () => {
    const trace = parseTrace(fixture('silent-timeout.a'));
    const invites = trace.filter(({ request }) => request === 'INVITE');
    expect(invites.length).toBeGreaterThan(1);
    expect(attemptsAt('carrier-a', trace, noStrays)).toMatchObject([{ said: [] }]);
    const callId = invites[0]?.callId;
    expect(attemptsAt('carrier-a', trace, (invite) => invite.callId === callId)).toEqual([]);
  });

  test('a re-INVITE of a call before, which its carrier left unanswered, is no attempt', () => {
    const trace = parseTrace(fixture('reinvite-of-a-call-before.b'));
    expect(trace.map(({ request, status }) => request ?? status)).toEqual([
      ...['INVITE', 100, 200, 'ACK', 'BYE', 200],
    ]);
    expect(attemptsAt('carrier-b', trace, noStrays)).toEqual([]);
  });

  test('where nothing listens the time counts from the caller’s INVITE', () => {
    const answered = { trunk: 'carrier-b', callId: 'x', said: [100, 200] } as const;
    const caller = {
      finals: [200],
      provisionals: [100],
      invitedAt: 1000,
      finalAt: 2300,
      cancelled: false,
    };
    expect(handovers([{ ...answered, invitedAt: 2010 }], caller, ['carrier-a'])).toEqual([
      { from: 'carrier-a', to: 'carrier-b', ms: 1010, atMost: 1010, since: 'invite' },
    ]);
  });

  test('the 487 to our own CANCEL is no answer of the carrier', () => {
    const given = { callId: 'x', said: [100, 487], invitedAt: 1000, cancelledAt: 3000 } as const;
    const attempts = [
      { ...given, trunk: 'carrier-a', failedAt: 3002 },
      { trunk: 'carrier-b', callId: 'y', said: [200], invitedAt: 3001 },
    ] as const;
    const caller = { finals: [200], provisionals: [], finalAt: 3100, cancelled: false };
    expect(handovers(attempts, caller, [])).toEqual([
      { from: 'carrier-a', to: 'carrier-b', ms: 2001, atMost: 2001, since: 'invite' },
    ]);
  });

  test('a stamp that SIPp took late makes the time uncertain, not negative', () => {
    // As recorded on a busy machine: the next carrier had its INVITE before the 503 was stamped.
    const attempts = [
      {
        trunk: 'phones',
        callId: 'x',
        said: [100, 503],
        invitedAt: 225,
        notFailedAt: 226,
        failedAt: 237,
      },
      { trunk: 'carrier-b', callId: 'y', said: [100, 200], invitedAt: 236.5 },
    ] as const;
    const caller = { finals: [200], provisionals: [], finalAt: 239, cancelled: false };
    expect(handovers(attempts, caller, [])).toEqual([
      { from: 'phones', to: 'carrier-b', ms: -0.5, atMost: 10.5, since: 'answer' },
    ]);
  });

  test('the stamp before a failure comes from the trace', () => {
    const trace = parseTrace(fixture('503.a'));
    const [attempt] = attemptsAt('carrier-a', trace, noStrays);
    expect(attempt?.notFailedAt).toBe(trace[1]?.at);
    expect(attempt?.failedAt).toBe(trace[2]?.at);
  });
});

describe('a re-INVITE of the caller', () => {
  it('is no call, and what it gets is no answer to one', () => {
    const message = { callId: 'a', method: 'INVITE', text: '', at: 1 } as const;
    const { finals } = callerView([
      { ...message, direction: 'sent', request: 'INVITE', branch: '1' },
      { ...message, direction: 'received', status: 200, branch: '1', toTag: 't' },
      { ...message, direction: 'sent', request: 'INVITE', branch: '2', toTag: 't' },
      { ...message, direction: 'received', status: 488, branch: '2', toTag: 't' },
    ]);
    expect(finals).toEqual([200]);
  });
});

describe('the calls of a caller', () => {
  const sent = {
    method: 'INVITE',
    text: '',
    at: 1,
    direction: 'sent',
    request: 'INVITE',
  } as const;

  it('have no message that the PBX still repeats to an earlier caller', () => {
    const calls = callsOf([
      {
        method: 'BYE',
        text: '',
        at: 0,
        direction: 'received',
        request: 'BYE',
        callId: '1-1@host',
        branch: 'a',
      },
      { ...sent, callId: '1-2@host', branch: '1' },
    ]);
    expect(calls).toHaveLength(1);
  });

  it('have no second dialog that the caller begins', () => {
    const calls = callsOf([
      { ...sent, callId: '1-2@host', branch: '1' },
      { ...sent, callId: 'second///1-2@host', branch: '2' },
    ]);
    expect(calls).toHaveLength(1);
  });
});
