import { farEndOf, TrunkNames } from '../../../../../adapters/freeswitch/trunks/trunk-names';

const trunk = (name: string, freeswitch?: string) => ({
  name,
  ringTimeout: 1_000,
  dial: freeswitch === undefined ? {} : { freeswitch },
});
const names = new TrunkNames([
  trunk('a', 'sofia/gateway/gw-a/{number}'),
  trunk('b', 'sofia/external/{number}@192.0.2.1:5060'),
  trunk('c', 'sofia/gateway/external::gw-c/{number}'),
  trunk('second-of-a', 'sofia/gateway/gw-a/{number}'),
  trunk('asterisk-only'),
]);

describe('the trunk of a leg', () => {
  it.each([
    ['by its gateway', { variable_sip_gateway_name: 'gw-a', 'Channel-Name': 'sofia/x/1' }, 'a'],
    ['by profile and host', { 'Channel-Name': 'sofia/external/49@192.0.2.1:5060' }, 'b'],
    ['by a gateway named with its profile', { variable_sip_gateway_name: 'gw-c' }, 'c'],
    ['not by another host', { 'Channel-Name': 'sofia/external/49@192.0.2.2' }, undefined],
    ['not by nothing', {}, undefined],
  ])('is known %s', (_, leg, expected) => {
    expect(names.trunkOf(leg)).toBe(expected);
  });

  it('that no policy names is the PBX’s own name of the place', () => {
    expect(farEndOf({ variable_sip_gateway_name: 'other' })).toBe('sofia/gateway/other');
    expect(farEndOf({ 'Channel-Name': 'loopback/1-b' })).toBe('loopback/1-b/');
  });
});

it('the trunks of a user’s own bridge are those of its dial string, in order', () => {
  const dialString =
    '[leg_timeout=5]sofia/gateway/gw-a/1,sofia/external/1@192.0.2.1:5060|user/1000|sofia/gateway/gw-c/1';
  expect(names.trunksIn(dialString)).toEqual(['a', 'b', 'c']);
});
