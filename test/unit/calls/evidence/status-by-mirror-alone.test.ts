import { readReport } from '../../../../adapters/asterisk/handover/contract';
import { eventOf } from '../../../../adapters/asterisk/handover/hunt-of-report';
import { newLeg } from '../../../../adapters/asterisk/legs/legs';
import { TrunkNames } from '../../../../adapters/asterisk/trunks/trunk-names';
import { SipCollector } from '../../../../adapters/hep/collector';
import { MirroredLegs } from '../../../../adapters/shared/mirrored-legs';
import { HUNT_ID, routed, setUp } from '../../../doubles/call-pipeline';
import { huntOf } from '../../../doubles/policies';
import { encoded, packet, PBX, request, response } from '../../../doubles/sip';

/** What the dialplan says of every 3xx that Dial() did not follow; the leg's events are still on their way. */
const REDIRECTED = [
  ...['1', 'failed', 'number=200', 'state=1/1795239432.947/0123456789ab/0/carrier-a::0'],
  ...['trunk=carrier-a', 'leg=', 'dialstatus=BUSY', 'cause=0', 'tech=SIP%20100%20Trying'],
];

/** A handover of a 302 of which mirrored SIP has only the INVITE so far. */
function redirected(number: string) {
  const collector = new SipCollector({ now: () => 0, counted: () => undefined });
  collector.sentFrom('pbx', [PBX]);
  const comes = (text: string): void => collector.receive(encoded(packet(text)));
  comes(request('INVITE'));
  const mirrored = new MirroredLegs(collector, 60_000);
  const leg = { ...newLeg({ id: 'b', name: 'PJSIP/carrier-a-00000001' }, 'a', 0), callId: 'leg-b' };
  const event = eventOf(readReport(REDIRECTED), 'a', {
    trunkNames: new TrunkNames([
      {
        name: 'carrier-a',
        dial: { asterisk: 'PJSIP/{number}@carrier-a' },
        firstResponse: 1,
        ringTimeout: 1,
      },
    ]),
    legs: { latestOf: () => leg },
    translated: [],
    configuredOffer: () => undefined,
    mirrored: (one) => mirrored.evidence(one?.callId),
    awaited: (one, told) => mirrored.awaited(one?.callId, told),
  });
  if (!event) throw new Error('no event');
  return {
    comes,
    handover: { ...routed(number), event, hunt: huntOf(['carrier-a:'], { number }) },
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a status that only mirrored SIP has', () => {
  it('is waited for, and stands in the record', async () => {
    const { listener, answers, journal, lines } = setUp();
    const { comes, handover } = redirected('200');
    listener.handover(handover);
    await settled();
    expect(answers).toEqual([]);
    comes(response('407 Proxy Authentication Required'));
    await settled();
    expect(answers).toEqual([]);
    comes(request('INVITE', { cseq: 2, branch: 'z9hG4bK2' }));
    comes(response('302 Moved Temporarily', { cseq: 2, branch: 'z9hG4bK2' }));
    await settled();
    expect(answers).toHaveLength(1);
    const expected = { trunk: 'carrier-a', sip: 302, class: 'redirected' };
    expect(journal.find(HUNT_ID)?.attempts).toMatchObject([expected]);
    expect(lines.find(({ message }) => message === 'attempt')).toMatchObject(expected);
  });

  it('comes into the record also where no decision waited for it', async () => {
    const { listener, answers, journal, lines } = setUp();
    const { comes, handover } = redirected('112');
    listener.handover(handover);
    expect(answers).toHaveLength(1);
    expect(journal.find(HUNT_ID)?.attempts[0]).not.toHaveProperty('sip');
    comes(response('302 Moved Temporarily'));
    await settled();
    expect(journal.find(HUNT_ID)?.attempts).toMatchObject([{ sip: 302, class: 'redirected' }]);
    expect(journal.find(HUNT_ID)?.attempts[0]).not.toHaveProperty('q850');
    expect(lines.find(({ message }) => message === 'attempt completed')).toMatchObject({
      trunk: 'carrier-a',
      sip: 302,
    });
  });
});
