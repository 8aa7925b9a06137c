import { one, type EslScenario } from './scenario';

/** What ringing `trunk` comes to, with nothing more to try. */
const ring = (
  name: string,
  number: string,
  { phones, trunk = 'desks', ...carriers }: Ringing,
  [status, ...classes]: readonly [string, ...string[]],
  more: Partial<EslScenario> = {},
): EslScenario => ({
  ...one(name, number, carriers, status, [`dial ${trunk}`, `relay ${status.slice(0, 3)}`], classes),
  ...(phones && { phones }),
  ...more,
});

/** What the phones at these addresses say. */
interface Ringing extends Partial<Record<'a' | 'b' | 'c', string>> {
  readonly phones?: NonNullable<EslScenario['phones']>;
  readonly trunk?: string;
}

const ONE_PHONE = { 1004: ['a'] } as const;
const TWO_PHONES = { 1004: ['a', 'b'] } as const;
const TWO_USERS = { 1004: ['a'], 1005: ['b'] } as const;
const BUSY = ['486 Busy Here', 'busy'] as const;
const OFF = ['480 Temporarily Unavailable', 'unavailable'] as const;

/** Endpoints that are not gateways: users, groups, addresses, loopback. */
export const PHONE_SCENARIOS: readonly EslScenario[] = [
  ring('phone-486', '1004', { a: '486', phones: ONE_PHONE }, BUSY),
  ring('phone-480', '1004', { a: '480', phones: ONE_PHONE }, OFF),
  ring('phone-603', '1004', { a: '603', phones: ONE_PHONE }, ['603 Decline', 'declined']),
  {
    ...one(
      'phone-503',
      '1004',
      { a: '503', b: 'answer' },
      '200 OK',
      ['dial desks', 'dial carrier-b'],
      ['trunk-congested'],
    ),
    phones: ONE_PHONE,
  },
  // The order of the phones' answers does not matter: on leg A it would be the last one.
  ring('phones-486-503', '1004', { a: '486', b: '503', phones: TWO_PHONES }, BUSY),
  ring('phones-503-486', '1004', { a: '503', b: '486', phones: TWO_PHONES }, BUSY),
  ring('phones-mirrored', '1004', { a: '503', b: '486', phones: TWO_PHONES }, BUSY, {
    mirrored: true,
  }),
  ring('phones-603-486', '1004', { a: '603', b: '486', phones: TWO_PHONES }, [
    '603 Decline',
    'declined',
  ]),
  ring('phones-486-silent', '1004', { a: '486', b: 'silent', phones: TWO_PHONES }, BUSY),
  ring('phones-503-ring', '1004', { a: '503', b: 'ring', phones: TWO_PHONES }, [
    '480 Temporarily Unavailable',
    'no-answer',
  ]),
  {
    ...one(
      'phones-503-answer',
      '1004',
      { a: '503', b: 'ring-answer' },
      '200 OK',
      ['dial desks'],
      [],
    ),
    phones: TWO_PHONES,
    invited: ['a 1004', 'b 1004'],
  },
  {
    ...one('phone-unregistered', '1006', {}, '200 OK', [], ['unavailable']),
    decisions: ['dial desks', 'voicemail 1006@default unavailable'],
  },
  {
    ...one('phone-unknown', '1009', {}, '480 Temporarily Unavailable', [], ['unavailable']),
    decisions: ['dial desks', 'voicemail 1009@default unavailable', 'relay 480'],
  },
  ring('user-without-phones', '1102', { trunk: 'no-phone' }, OFF),
  ring('group-503-486', '1100', { a: '503', b: '486', phones: TWO_USERS, trunk: 'sales' }, BUSY),
  ring('group-486-off', '1100', { a: '486', phones: ONE_PHONE, trunk: 'sales' }, BUSY),
  ring('group-off', '1100', { trunk: 'sales' }, OFF),
  ring('group-unknown', '1101', { trunk: 'nobody' }, OFF),
  ring('address-486', '1200', { c: '486', trunk: 'direct' }, BUSY),
  ring('loopback-486', '1300', { a: '486', trunk: 'loop' }, BUSY),
  ring('loopback-503', '1301', { a: '503', trunk: 'loop' }, [
    '503 Service Unavailable',
    'trunk-congested',
  ]),
  {
    ...one(
      'own-phones',
      '721004',
      { a: '503', b: '486' },
      '486 Busy Here',
      ['relay 486'],
      ['busy'],
    ),
    phones: TWO_PHONES,
  },
  {
    ...one('own-group', '721100', { a: '503', b: '486' }, '486 Busy Here', ['relay 486'], ['busy']),
    phones: TWO_USERS,
  },
];
