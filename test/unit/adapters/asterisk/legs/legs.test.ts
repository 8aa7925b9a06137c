import { readEvent, type WantedEvent } from '../../../../../adapters/asterisk/ari/events';
import { fromLeg } from '../../../../../adapters/asterisk/legs/evidence';
import { Legs, type LegRecord } from '../../../../../adapters/asterisk/legs/legs';

function read(event: object): WantedEvent {
  const result = readEvent(event);
  if (typeof result !== 'object') throw new Error(JSON.stringify(event));
  return result;
}

const any = () => true;
const named = (name: string) => (leg: LegRecord) => leg.name === name;
const channel = (id: string) => ({ id, name: `PJSIP/carrier-a-0000000${id.slice(-1)}` });

const dial = (dialstatus: string, peer = 'b1', caller = 'a1') =>
  read({ type: 'Dial', dialstatus, peer: channel(peer), caller: channel(caller) });
const destroyed = (id = 'b1') =>
  read({ type: 'ChannelDestroyed', channel: channel(id), cause: 0, tech_cause: 480 });
const hangup = (more: object, id = 'b1') =>
  read({ type: 'ChannelHangupRequest', channel: channel(id), ...more });

describe('an event', () => {
  it.each([
    [{ type: 'ChannelCreated', channel: channel('1') }, undefined],
    [{ type: 'ApplicationReplaced' }, undefined],
    [{ type: 'Dial', dialstatus: '' }, 'unusable'],
    [{ type: 'Dial', dialstatus: 3, peer: channel('1') }, 'unusable'],
    [{ type: 'StasisStart', args: 'route', channel: channel('1') }, 'unusable'],
    [{ type: 'StasisStart', args: [1], channel: channel('1') }, 'unusable'],
    [{ type: 'ChannelDestroyed', channel: { id: '1' }, cause: 16 }, 'unusable'],
    [{}, 'unusable'],
    [null, 'unusable'],
    ['Dial', 'unusable'],
    [42, 'unusable'],
    [[], 'unusable'],
  ])('%j is %p', (event, expected) => {
    expect(readEvent(event)).toEqual(expected);
  });
});

describe('a dialled leg', () => {
  it.each([
    ['crankback-emergency', true],
    ['crankback-emergency-leg', true],
    ['crankback-attempt', undefined],
    ['from-phones', undefined],
  ])('of a caller in %s is an emergency call’s: %p', (context, emergency) => {
    const caller = { ...channel('a1'), dialplan: { context } };
    const event = read({ type: 'Dial', dialstatus: '', peer: channel('b1'), caller });
    expect(new Legs().apply(event, 7)?.leg.emergency).toBe(emergency);
  });

  it('is reported once when dialled, when heard, and when it ends', () => {
    const legs = new Legs();
    const kinds = [
      dial(''),
      dial('RINGING'),
      read({ type: 'ChannelStateChange', channel: { ...channel('b1'), state: 'Ringing' } }),
      dial('NOANSWER'),
      destroyed(),
      destroyed(),
    ].map((event) => legs.apply(event, 7)?.kind);
    expect(kinds).toEqual(['dialled', 'progressed', 'progressed', undefined, 'ended', undefined]);
    expect(legs.size).toBe(0);
    expect(legs.latestOf('a1', any)).toMatchObject({ id: 'b1', rang: true, dialledAt: 7 });
  });

  it.each([
    ['RINGING', { rang: true, progress: false }],
    ['PROGRESS', { rang: false, progress: true }],
    ['PROCEEDING', { rang: false, progress: false }],
  ])('with %s was heard', (dialstatus, expected) => {
    const legs = new Legs();
    legs.apply(dial(''), 0);
    expect(legs.apply(dial(dialstatus), 0)?.kind).toBe('progressed');
    expect(legs.latestOf('a1', any)).toMatchObject(expected);
  });

  it('that was answered ends without a failure', () => {
    const legs = new Legs();
    legs.apply(dial(''), 0);
    expect(legs.apply(dial('ANSWER'), 0)?.kind).toBe('answered');
    expect(legs.latestOf('a1', any)).toBeUndefined();
    expect(legs.apply(destroyed(), 9)).toMatchObject({ kind: 'over', leg: { endedAt: 9 } });
    expect(legs.size).toBe(0);
  });

  it('whose beginning was missed is not followed', () => {
    const legs = new Legs();
    expect(legs.apply(dial('RINGING'), 0)).toBeUndefined();
    expect(legs.apply(hangup({ cause: 17, tech_cause: 486 }), 0)).toBeUndefined();
    expect(legs.apply(destroyed(), 0)).toBeUndefined();
    expect([legs.size, legs.latestOf('a1', any)]).toEqual([0, undefined]);
  });

  it('is ended by whoever ended it first; what Asterisk asks for itself does not count', () => {
    const legs = new Legs();
    legs.apply(dial(''), 0);
    legs.apply(hangup({ cause: 32, soft: true }), 0);
    legs.apply(hangup({ cause: 17, tech_cause: 486 }), 0);
    legs.apply(hangup({ cause: 127, tech_cause: 500 }), 0);
    const leg = legs.latestOf('a1', any);
    expect(leg && fromLeg(leg)).toMatchObject({ sip: 486, origin: 'far' });
  });

  it('without tech_cause, as before Asterisk 22.7, has its cause only', () => {
    const legs = new Legs();
    legs.apply(dial(''), 0);
    legs.apply(hangup({ cause: 17 }), 0);
    const leg = legs.latestOf('a1', any);
    const evidence = leg && fromLeg(leg);
    expect(evidence).toMatchObject({ pbxCause: 17, origin: 'far' });
    expect(evidence).not.toHaveProperty('q850');
    expect(evidence).not.toHaveProperty('sip');
  });
});

describe("a caller's latest leg", () => {
  it('is the next one as soon as that is dialled', () => {
    const legs = new Legs();
    legs.apply(dial('', 'b1'), 0);
    legs.apply(destroyed('b1'), 0);
    legs.apply(dial('', 'b2'), 0);
    expect(legs.latestOf('a1', any)?.id).toBe('b2');
    expect(legs.latestOf('a1', named('PJSIP/carrier-a-00000001'))?.id).toBe('b1');
    expect(legs.latestOf('a1', named('PJSIP/carrier-a-00000003'))).toBeUndefined();
    expect(legs.latestOf('a1', named('PJSIP/carrier-a-00000002'))?.id).toBe('b2');
    expect(legs.latestOf('a2', any)).toBeUndefined();
  });

  it('is forgotten with the caller', () => {
    const legs = new Legs();
    for (const forget of [() => legs.forgetCaller('a1'), () => legs.apply(destroyed('a1'), 0)]) {
      legs.apply(dial(''), 0);
      legs.apply(destroyed(), 0);
      expect(legs.latestOf('a1', any)).toBeDefined();
      forget();
      expect(legs.latestOf('a1', any)).toBeUndefined();
    }
  });
});

describe('legs whose end was missed', () => {
  it('are forgotten after a reconnect', () => {
    const legs = new Legs();
    legs.apply(dial('', 'b1', 'a1'), 0);
    legs.apply(dial('', 'b2', 'a2'), 0);
    legs.keepOnly(new Set(['b2', 'a2']));
    expect(legs.size).toBe(1);
    expect(legs.latestOf('a2', any)?.id).toBe('b2');
  });

  it('are bounded: the oldest give way', () => {
    const legs = new Legs();
    for (let index = 0; index < 20_100; index++) legs.apply(dial('', `b${index}`, `a${index}`), 0);
    expect(legs.size).toBe(20_000);
    expect(legs.latestOf('a0', any)).toBeUndefined();
    expect(legs.latestOf('a20099', any)?.id).toBe('b20099');
  });
});
