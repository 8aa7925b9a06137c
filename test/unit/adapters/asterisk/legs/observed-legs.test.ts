import winston from 'winston';
import { readEvent } from '../../../../../adapters/asterisk/ari/events';
import type { AriRest } from '../../../../../adapters/asterisk/ari/rest';
import { ObservedLegs } from '../../../../../adapters/asterisk/legs/observed-legs';
import { TrunkNames } from '../../../../../adapters/asterisk/trunks/trunk-names';
import { MirroredLegs } from '../../../../../adapters/shared/mirrored-legs';
import type { AbandonedAttempt, PbxListener, SipMirror } from '../../../../../src/calls/ports';
import { recordedEvents } from '../../../../doubles/captures';

it('the mirror is told the Call-IDs of the legs that Asterisk dials, never a caller’s', () => {
  const dialled: string[] = [];
  const mirror: SipMirror = {
    sentFrom: () => undefined,
    dialled: (callId) => void dialled.push(callId),
    pingStatus: () => undefined,
    callIdOf: () => undefined,
    leg: () => undefined,
    awaitFinal: () => Promise.resolve(undefined),
  };
  const observed = new ObservedLegs({
    rest: {} as AriRest,
    log: winston.createLogger({ silent: true }),
    now: () => 0,
    mirror,
    mirrored: new MirroredLegs(mirror),
    media: { configuredOffer: () => undefined },
    listener: () => undefined,
    trunks: () => new Map(),
    trunkNames: () => new TrunkNames([]),
  });
  for (const recorded of recordedEvents('503')) {
    const event = readEvent(recorded);
    if (event !== undefined && event !== 'unusable') observed.apply(event);
  }
  // Of both attempts; the caller's is 1-193@172.30.77.30.
  expect(dialled).toHaveLength(new Set(dialled).size);
  expect(dialled).toContain('ff71386d-2eba-4e79-a157-922cea86b887');
  expect(dialled.filter((callId) => callId.includes('@'))).toEqual([]);
});

describe('a caller who leaves', () => {
  function replay(scenario: string): { abandoned: AbandonedAttempt[]; observed: number } {
    const abandoned: AbandonedAttempt[] = [];
    let observed = 0;
    const listener = {
      abandoned: (attempt: AbandonedAttempt) => void abandoned.push(attempt),
      observed: () => (observed += 1),
      callerGone: () => undefined,
      answered: () => undefined,
    } as unknown as PbxListener;
    const legs = new ObservedLegs({
      rest: {} as AriRest,
      log: winston.createLogger({ silent: true }),
      now: () => 0,
      mirrored: new MirroredLegs(undefined),
      media: { configuredOffer: () => undefined },
      listener: () => listener,
      trunks: () => new Map(),
      trunkNames: () =>
        new TrunkNames(
          ['carrier-a', 'carrier-b'].map((name) => ({
            name,
            dial: { asterisk: `PJSIP/{number}@${name}` },
            firstResponse: 1,
            ringTimeout: 1,
          })),
        ),
    });
    for (const recorded of recordedEvents(scenario)) {
      const event = readEvent(recorded);
      if (event === undefined || event === 'unusable') continue;
      if (event.type === 'StasisStart') legs.begun(event.channel.id, 'hunt', '200');
      else legs.apply(event);
    }
    return { abandoned, observed };
  }

  it('has left the attempt that was ringing: reported once, and not as a foreign one', () => {
    expect(replay('cancel')).toEqual({
      abandoned: [
        {
          huntId: 'hunt',
          number: '200',
          trunk: 'carrier-a',
          evidence: [
            {
              source: 'channel-events',
              sip: 487,
              rang: true,
              progress: true,
              failedAfterMs: 0,
              origin: 'ours',
            },
          ],
        },
      ],
      observed: 0,
    });
  });

  it.each(['302', '486', '503', 'answer', 'ring-timeout', 'given-up', 'unregistered'])(
    'only: %s is reported by its handover or was answered',
    (scenario) => {
      expect(replay(scenario).abandoned).toEqual([]);
    },
  );
});
