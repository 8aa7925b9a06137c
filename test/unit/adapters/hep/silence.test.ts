import { SipCollector } from '../../../../adapters/hep/collector';
import { CARRIER, encoded, packet, PBX, request, response } from '../../../doubles/sip';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const NONE = /not one packet of it has come/;
const PASSWORD = /another password or none/;
const NOT_OURS = /none of them is known to have left the PBX/;

function collector(password?: string) {
  const log: string[] = [];
  const made = new SipCollector({
    now: () => Date.now(),
    counted: () => undefined,
    unheard: (finding) => log.push(finding),
    ...(password !== undefined && { password }),
  });
  made.sentFrom('pbx', [PBX]);
  const receive = (text: string, wire = {}) => made.receive(encoded(packet(text, wire)));
  return { made, log, receive, pass: (ms: number) => jest.advanceTimersByTimeAsync(ms) };
}

describe('a port that hears nothing', () => {
  it('is nothing to speak of while the PBX has no calls', async () => {
    const { made, log, pass } = collector();
    await pass(3_600_000);
    // Nobody has answered, so nothing may have been sent.
    made.leg('local-failure');
    void made.awaitFinal('given-up', { withinMs: 1 });
    made.pingStatus('sip:x', 0);
    await pass(3_600_000);
    expect([made.findings(), log]).toEqual([[], []]);
  });

  it.each([
    ['a call was refused', (made: SipCollector) => made.awaitFinal('a', { withinMs: 5, sip: 503 })],
    ['an OPTIONS was answered', (made: SipCollector) => made.pingStatus('sip:x', 2000)],
  ])('is a finding once %s, and one line of the log', async (_, happens) => {
    const { made, log, pass } = collector();
    void happens(made);
    void happens(made);
    expect(made.findings()).toEqual([]);
    await pass(6_000);
    void happens(made);
    await pass(60_000);
    expect(made.findings()).toEqual([expect.stringMatching(NONE)]);
    expect(log).toEqual(made.findings());
  });

  it('is none any more once the PBX’s SIP comes', async () => {
    const { made, receive, pass } = collector();
    made.pingStatus('sip:x', 2000);
    await pass(6_000);
    receive(request('INVITE'));
    expect(made.findings()).toEqual([]);
  });

  it('says so where packets come, but with another password', async () => {
    const { made, log, receive, pass } = collector('secret');
    made.pingStatus('sip:x', 2000);
    receive(request('INVITE'));
    await pass(6_000);
    expect(log).toEqual([expect.stringMatching(PASSWORD)]);
  });

  it('says so where packets come, but only of others', async () => {
    const { made, log, receive, pass } = collector();
    made.pingStatus('sip:x', 2000);
    receive(request('INVITE'), { source: CARRIER, destination: PBX });
    receive(response('503 x'), { source: CARRIER, destination: PBX });
    await pass(6_000);
    expect(log).toEqual([expect.stringMatching(NOT_OURS)]);
  });
});
