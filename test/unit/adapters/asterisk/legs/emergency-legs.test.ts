import { createLogger } from 'winston';
import type { PolicyMode } from '../../../../../src/policy/policy-data';
import { ObservedLegs } from '../../../../../adapters/asterisk/legs/observed-legs';
import { TrunkNames } from '../../../../../adapters/asterisk/trunks/trunk-names';
import { MirroredLegs } from '../../../../../adapters/shared/mirrored-legs';

const TRUNK = {
  name: 'carrier-a',
  dial: { asterisk: 'PJSIP/{number}@carrier-a' },
  firstResponse: 4000,
  ringTimeout: 30_000,
};

/** What is hung up after a leg to carrier-a was dialled from this context and nothing came back. */
async function givenUpFrom(context: string, mode?: PolicyMode): Promise<string[]> {
  const hungUp: string[] = [];
  const legs = new ObservedLegs({
    rest: {
      lastResponse: () => Promise.resolve(undefined),
      channelState: () => Promise.resolve('Down'),
      hangup: (id: string) => Promise.resolve(void hungUp.push(id)),
    } as never,
    log: createLogger({ silent: true }),
    now: () => Date.now(),
    mirrored: new MirroredLegs(undefined, undefined),
    media: { configuredOffer: () => undefined },
    listener: () => undefined,
    trunks: () => new Map([[TRUNK.name, TRUNK]]),
    isObserved: () => mode === 'observe',
    trunkNames: () => new TrunkNames([TRUNK]),
  });
  legs.apply({
    type: 'Dial',
    dialstatus: '',
    caller: { id: 'a1', name: 'PJSIP/caller-00000001', dialplan: { context } },
    peer: { id: 'b1', name: 'PJSIP/carrier-a-00000002' },
  });
  await jest.advanceTimersByTimeAsync(TRUNK.firstResponse);
  await jest.advanceTimersByTimeAsync(1);
  legs.stop();
  return hungUp;
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it('a carrier that says nothing to an emergency call is given up as with any other call', async () => {
  expect(await givenUpFrom('crankback-emergency')).toEqual(['b1']);
  expect(await givenUpFrom('crankback-emergency-leg')).toEqual(['b1']);
});

it('nothing is given up on a trunk that is only observed', async () => {
  expect(await givenUpFrom('crankback-emergency', 'observe')).toEqual([]);
});

it('a call that never came to us is left alone', async () => {
  expect(await givenUpFrom('from-phones')).toEqual([]);
});
