import { readReport } from '../../../../../adapters/asterisk/handover/contract';
import { newLeg, type LegRecord } from '../../../../../adapters/asterisk/legs/legs';
import {
  eventOf,
  huntOf,
  isContactMissing,
  type ReportContext,
} from '../../../../../adapters/asterisk/handover/hunt-of-report';
import { TrunkNames } from '../../../../../adapters/asterisk/trunks/trunk-names';

const TRUNKS = ['carrier-a', 'carrier-b'].map((name) => ({
  name,
  dial: { asterisk: `PJSIP/{number}@${name}` },
  firstResponse: 1,
  ringTimeout: 1,
}));
const STATE = 'state=1/1795239432.947/0123456789ab/0';
const CALLER = { id: 'a1', name: 'PJSIP/caller-00000001', caller: { number: '+4930' } };
const REDIRECTED = ['1', 'failed', 'number=200', `${STATE}/carrier-a::0`, 'trunk=carrier-a'];

function knowing(legs: readonly LegRecord[], more: Partial<ReportContext> = {}): ReportContext {
  return {
    trunkNames: new TrunkNames(TRUNKS),
    legs: { latestOf: (_, isWanted) => legs.findLast(isWanted) },
    translated: [],
    configuredOffer: () => undefined,
    mirrored: () => [],
    awaited: () => undefined,
    ...more,
  };
}

function read(args: readonly string[], known: ReportContext) {
  const report = readReport(args);
  const event = eventOf(report, CALLER.id, known);
  return { event, hunt: event && huntOf(report, event, CALLER, known) };
}

describe('a report', () => {
  it('tells who calls, from where, and who diverted the call', () => {
    const { hunt } = read(
      ['1', 'route', 'number=200', STATE, 'mailbox=', 'context=from-phones', 'diverting=77'],
      knowing([]),
    );
    expect(hunt).toMatchObject({ from: '+4930', context: 'from-phones', diverting: '77' });
    expect(hunt).not.toHaveProperty('mailbox');
  });

  it("of the user's own fork names trunks, and leaves out legs that are none", () => {
    const args = [
      '1',
      'failed-only',
      'number=200',
      `${STATE}/=PJSIP~carrier-b-00000002:503:0/=PJSIP~desk-00000003:486:0`,
      'leg=PJSIP/carrier-b-00000002',
      'tech=SIP%20503%20Full',
      'leg=PJSIP/desk-00000003',
      'tech=SIP%20486%20Busy',
    ];
    const { event, hunt } = read(args, knowing([]));
    expect(event).toMatchObject({ attempts: [{ trunk: 'carrier-b', counted: false }] });
    expect(hunt?.attempts).toEqual([{ trunk: 'carrier-b', sip: 503, rang: false }]);
    expect(read([...args.slice(0, 3), STATE, ...args.slice(-2)], knowing([])).event).toBe(
      undefined,
    );
  });

  it('after a followed 3xx keeps the new number and how many were followed', () => {
    const args = ['1', 'failed', 'number=200', `${STATE}/carrier-a::0/>99:1/carrier-b:503:0`];
    const { hunt } = read([...args, 'trunk=carrier-b'], knowing([]));
    expect(hunt).toMatchObject({ target: '99', hops: 1 });
    expect(hunt?.attempts.map(({ trunk }) => trunk)).toEqual(['carrier-a', 'carrier-b']);
  });
});

describe('codecs', () => {
  const PCMU = { name: 'PCMU', clockRate: 8000 };
  const PCMA = { name: 'PCMA', clockRate: 8000 };
  const known = knowing([], { translated: [PCMU, PCMA], configuredOffer: () => [PCMU] });
  const args = ['1', 'failed', 'number=200', `${STATE}/carrier-a:488:0`, 'native=ulaw'];
  const offeredIn = (...more: string[]) => {
    const { event, hunt } = read([...args, 'trunk=carrier-a', 'tech=SIP%20488', ...more], known);
    const attempt = event?.kind === 'failed' ? event.attempts[0] : undefined;
    return [hunt?.codecs, attempt?.evidence[0]?.offered];
  };

  it('of the hunt are what this Asterisk may offer; of the attempt, what it was told or is set to', () => {
    expect(offeredIn('offer=alaw')).toEqual([[PCMU, PCMA], [PCMA]]);
    expect(offeredIn('offer=')).toEqual([[PCMU, PCMA], [PCMU]]);
    expect(offeredIn()).toEqual([[PCMU, PCMA], [PCMU]]);
  });
});

describe('where a 3xx points to', () => {
  const leg = newLeg({ id: 'b1', name: 'PJSIP/carrier-a-00000001' }, 'a1', 0);
  const args = [...REDIRECTED, 'leg=', 'dialstatus=BUSY', 'cause=0'];

  it('is asked for a moment later where no event has told it', () => {
    const known = knowing([leg]);
    const { event } = read(args, known);
    expect(event && isContactMissing(event, CALLER.id, known)).toBe(true);
  });

  it.each([
    ['99', '99'],
    ['+12025550124;npdi;rn=+12025550100', '+12025550124'],
    ['9-1-1', '911'],
    ['j.doe', 'j.doe'],
  ])('is the user part that the event tells, without a host: %s', (forwardTo, user) => {
    const known = knowing([{ ...leg, forwarded: true, forwardTo }]);
    const { event, hunt } = read(args, known);
    expect(hunt?.contacts).toEqual([{ user, host: '' }]);
    expect(event && isContactMissing(event, CALLER.id, known)).toBe(false);
  });

  it('comes with its host from the mirrored SIP', () => {
    const contacts = [{ user: '99', host: 'a.example' }];
    const known = knowing([leg], {
      mirrored: () => [
        { source: 'hep', sip: 302, rang: false, progress: false, origin: 'far', contacts },
      ],
    });
    expect(read(args, known).hunt?.contacts).toEqual(contacts);
  });
});
