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
  trunk('phones', 'user/{number}@example.com'),
  trunk('boss', 'user/1000'),
  trunk('desks', 'user/9{number}0'),
  trunk('sales', 'group/sales@example.com'),
]);

const user = (name: string, domain: string) => ({
  'Channel-Name': 'sofia/internal/1004@192.0.2.7:5060',
  variable_dialed_user: name,
  variable_dialed_domain: domain,
});

describe('the trunk of a leg', () => {
  it.each([
    ['by its gateway', { variable_sip_gateway_name: 'gw-a', 'Channel-Name': 'sofia/x/1' }, 'a'],
    ['by profile and host', { 'Channel-Name': 'sofia/external/49@192.0.2.1:5060' }, 'b'],
    ['by a gateway named with its profile', { variable_sip_gateway_name: 'gw-c' }, 'c'],
    ['not by another host', { 'Channel-Name': 'sofia/external/49@192.0.2.2' }, undefined],
    ['not by nothing', {}, undefined],
    ['by its user and domain', user('1004', 'example.com'), 'phones'],
    ['by its user in any domain', user('1000', 'example.org'), 'boss'],
    ['by what stands around the number', user('91230', 'example.org'), 'desks'],
    [
      'by its user, whoever else has that address',
      { ...user('1004', 'example.com'), 'Channel-Name': 'sofia/external/49@192.0.2.1:5060' },
      'phones',
    ],
    [
      'by the gateway that a user has left by',
      { ...user('1004', 'example.com'), variable_sip_gateway_name: 'gw-a' },
      'a',
    ],
    ['not by a user of another domain', user('1004', 'example.org'), undefined],
    ['not by a user without a number', user('90', 'example.org'), undefined],
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
    '[leg_timeout=5]sofia/gateway/gw-a/1,sofia/external/1@192.0.2.1:5060|user/1000|sofia/gateway/gw-c/1,group/x';
  expect(names.trunksIn(dialString)).toEqual(['a', 'b', 'boss', 'c']);
});

it('the trunks of a user’s own bridge are found behind variables of every kind', () => {
  const dialString =
    '<x=1>{a=b,c=${d},e=${f(g|h)}}{i=j}[k=l,m=${n}]sofia/gateway/gw-a/1|[o=p|q]user/1000:_:{r=s}sofia/gateway/gw-c/${t}';
  expect(names.trunksIn(dialString)).toEqual(['a', 'boss', 'c']);
  expect(names.trunksIn('{left open,sofia/gateway/gw-a/1')).toEqual([]);
  expect(names.trunksIn(',|:_:')).toEqual([]);
});

describe('the group of a leg', () => {
  const legA = { variable_dialed_group: 'sales', variable_dialed_domain: 'example.com' };
  const leg = { 'Channel-Name': 'sofia/internal/1004@192.0.2.7:5060' };

  it('is what leg A has dialled', () => {
    expect(names.groupTrunkOf(leg, legA)).toBe('sales');
    expect(names.groupTrunkOf(leg, { ...legA, variable_dialed_group: 'other' })).toBeUndefined();
    expect(names.groupTrunkOf(leg, {})).toBeUndefined();
  });

  it('is none of a leg that names its own user or gateway', () => {
    expect(names.groupTrunkOf({ ...leg, variable_dialed_user: '1004' }, legA)).toBeUndefined();
    expect(names.groupTrunkOf({ ...leg, variable_sip_gateway_name: 'x' }, legA)).toBeUndefined();
  });
});

it('only users and groups ring several phones', () => {
  expect(['phones', 'boss', 'sales', 'a', 'none'].map((name) => names.mayFork(name))).toEqual([
    ...[true, true, true],
    ...[false, false],
  ]);
});
