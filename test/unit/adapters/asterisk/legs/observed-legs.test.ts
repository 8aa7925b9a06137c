import winston from 'winston';
import { readEvent } from '../../../../../adapters/asterisk/ari/events';
import type { AriRest } from '../../../../../adapters/asterisk/ari/rest';
import { ObservedLegs } from '../../../../../adapters/asterisk/legs/observed-legs';
import { TrunkNames } from '../../../../../adapters/asterisk/trunks/trunk-names';
import { MirroredLegs } from '../../../../../adapters/shared/mirrored-legs';
import type { SipMirror } from '../../../../../src/calls/ports';
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
