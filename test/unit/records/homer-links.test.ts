import { homerLinks } from '../../../src/records/homer-links';
import { isHomerUrl } from '../../../src/settings/homer-url';

const PATTERN = 'https://homer.example.org/?call_id={callId}&from={from}&to={to}#dashboard';
const CALL = { startedAt: 1_700_000_000_000, endedAt: 1_700_000_100_000 };
const of = (callerCallId?: string, ...legs: readonly (string | undefined)[]) => ({
  ...CALL,
  callerCallId,
  legs: legs.map((callId) => (callId === undefined ? {} : { times: { callId } })),
});

describe('a link to Homer', () => {
  it('is made for each Call-ID once, the caller’s first, with a minute around the call', () => {
    const links = homerLinks(PATTERN, of('caller', 'leg-1', undefined, 'leg-2', 'leg-1'));
    expect(links.map(({ callId }) => callId)).toEqual(['caller', 'leg-1', 'leg-2']);
    expect(links[0]?.url).toBe(
      'https://homer.example.org/?call_id=caller&from=1699999940000&to=1700000160000#dashboard',
    );
  });

  it('leads an hour on where the call has not ended', () => {
    const call = { startedAt: 0, legs: [{ times: { callId: 'a' } }] };
    expect(homerLinks('http://h/{to}/{callId}', call)[0]?.url).toBe('http://h/3660000/a');
  });

  it('is made for twenty legs at most', () => {
    const many = Array.from({ length: 100 }, (_, n) => `leg-${n}`);
    expect(homerLinks(PATTERN, of(undefined, ...many))).toHaveLength(20);
  });

  it.each([
    ['a b@192.0.2.1:5060', 'a%20b%40192.0.2.1%3A5060'],
    ['x&from=0#"\'><script>', 'x%26from%3D0%23%22%27%3E%3Cscript%3E'],
    ['../../other/{from}', '..%2F..%2Fother%2F%7Bfrom%7D'],
    ['a\r\nb\u202e', 'a%0D%0Ab%E2%80%AE'],
    ['half \ud800 of it', 'half%20%EF%BF%BD%20of%20it'],
    ["$& $1 $'", '%24%26%20%241%20%24%27'],
  ])('has a Call-ID encoded: %j', (callId, encoded) => {
    const [link] = homerLinks(PATTERN, of(callId));
    expect(link?.url).toBe(
      `https://homer.example.org/?call_id=${encoded}&from=1699999940000&to=1700000160000#dashboard`,
    );
  });
});

it.each([
  [PATTERN, true],
  ['http://10.0.0.1:9080/call/{callId}', true],
  ['https://homer.example.org/?x=[%22{callId}%22]', true],
  ['https://homer.example.org/', false],
  ['https://{callId}/', false],
  ['https://homer{callId}.example.org/', false],
  ['https://homer.example.org{callId}', false],
  ['javascript:alert("{callId}")', false],
  ['https://user:pw@homer.example.org/{callId}', false],
  ['https://homer.example.org/ {callId}', false],
])('the pattern %s may be used: %s', (pattern, isUsable) => {
  expect(isHomerUrl(pattern)).toBe(isUsable);
});
