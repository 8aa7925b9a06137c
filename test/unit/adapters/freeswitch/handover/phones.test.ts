import { createLogger } from 'winston';
import type { ChannelData } from '../../../../../adapters/freeswitch/esl/channel-data';
import { Handovers } from '../../../../../adapters/freeswitch/handover/handovers';
import { EndedLegs } from '../../../../../adapters/freeswitch/legs/legs';
import { TrunkNames } from '../../../../../adapters/freeswitch/trunks/trunk-names';
import { MirroredLegs } from '../../../../../adapters/shared/mirrored-legs';
import type { FailedAttempt, Handover } from '../../../../../src/calls/ports';

const START = 1_795_494_000_705_690;
const TRUNKS = [
  { name: 'carrier-a', dial: { freeswitch: 'sofia/gateway/carrier-a/{number}' } },
  { name: 'phones', dial: { freeswitch: 'user/{number}@default' } },
  { name: 'sales', dial: { freeswitch: 'group/sales@default' } },
].map((one) => ({ ...one, ringTimeout: 30_000 }));

function setUp() {
  const handed: Handover[] = [];
  const legs = new EndedLegs();
  const awaited = jest.spyOn(legs, 'awaitEnd');
  const handovers = new Handovers({
    log: createLogger({ silent: true }),
    drop: () => undefined,
    reportContext: () => ({
      trunkNames: new TrunkNames(TRUNKS),
      legs,
      mirrored: new MirroredLegs(undefined),
    }),
    isOurs: () => true,
    codecs: () => [],
    legs,
    isObserved: () => true,
    waitMs: 1,
    isUpToDate: () => true,
    listener: () => ({ handover: (one: Handover) => void handed.push(one) }) as never,
  });
  const attemptsOf = async (more: ChannelData): Promise<readonly FailedAttempt[]> => {
    await handovers.begin(
      {
        'Unique-ID': 'uuid-a',
        'Event-Date-Timestamp': String(START + 20_000),
        'Channel-Name': 'sofia/lab/caller@192.0.2.1',
        variable_crankback_contract: '1',
        variable_crankback_asked: 'uuid-1',
        variable_crankback_number: '1004',
        variable_crankback_state: `1/${START}//`,
        ...more,
      },
      { answer: () => Promise.resolve(), isOver: () => false, release: () => undefined },
    );
    const event = handed[0]?.event;
    return event?.kind === 'failed' ? event.attempts : [];
  };
  return { legs, attemptsOf, awaited };
}

const OURS = { variable_crankback_ours: '1', variable_crankback_leg: 'attempt' };
const ended = (status: string, more: ChannelData = {}): ChannelData => ({
  'Channel-Name': 'sofia/lab/1004@192.0.2.7:5060',
  variable_sip_term_status: status,
  variable_sip_reply_host: '192.0.2.7',
  ...more,
});
const listed = (...uuids: string[]) =>
  `ARRAY::${uuids.map((uuid) => `${uuid};Outbound Call;1004`).join('|:')}`;

/** A failed attempt of our own on `trunk`; leg A has this status. */
const own = (trunk: string, status: string, more: ChannelData = {}): ChannelData => ({
  variable_crankback_event: 'failed',
  variable_crankback_trunk: trunk,
  variable_crankback_leg: 'attempt',
  variable_crankback_dialled: String(START + 1_000),
  variable_crankback_state: `1/${START}///${trunk}:${status}:0`,
  variable_sip_invite_failure_status: status,
  ...more,
});

const statuses = ({ evidence, otherLegs = [] }: FailedAttempt) =>
  [{ evidence }, ...otherLegs].map((leg) => leg.evidence.map(({ sip }) => sip));

describe('phones that our own attempt rang', () => {
  it.each([
    ['486', '503'],
    ['503', '486'],
  ])('are legs of one attempt: %s, then %s', async (first, last) => {
    const { legs, attemptsOf } = setUp();
    legs.add('b', 'uuid-a', ended(first, OURS));
    legs.add('c', 'uuid-a', ended(last, OURS));
    const attempts = await attemptsOf(own('phones', last));
    expect(attempts.map(statuses)).toEqual([[[Number(first)], [Number(last)]]]);
  });

  it('are waited for, those of earlier attempts are not', async () => {
    const { legs, attemptsOf, awaited } = setUp();
    legs.add('earlier', 'uuid-a', ended('503', { ...OURS, variable_crankback_leg: 'before' }));
    legs.add('b', 'uuid-a', ended('486', OURS));
    legs.add('c', 'uuid-a', ended('503', OURS));
    await attemptsOf(
      own('phones', '503', { variable_originated_legs: listed('earlier', 'b', 'c') }),
    );
    expect(awaited.mock.calls.map(([uuid]) => uuid)).toEqual(['b', 'c']);
  });

  it('count by what leg A has kept where the end of one was not seen', async () => {
    const { legs, attemptsOf } = setUp();
    legs.add('b', 'uuid-a', ended('503', OURS));
    const attempts = await attemptsOf(
      own('phones', '486', { variable_originated_legs: listed('b', 'c') }),
    );
    expect(attempts.map(statuses)).toEqual([[[503], [486]]]);
  });

  it('are asked for by the attempt where only one was rung', async () => {
    const { legs, attemptsOf, awaited } = setUp();
    legs.add('b', 'uuid-a', ended('486', OURS));
    const attempts = await attemptsOf(
      own('phones', '486', { variable_originated_legs: listed('b') }),
    );
    expect(awaited.mock.calls.map(([uuid]) => uuid)).toEqual(['attempt']);
    expect(attempts.map(statuses)).toEqual([[[486, 486]]]);
  });

  it('are not waited for where none has registered', async () => {
    const { legs, attemptsOf, awaited } = setUp();
    legs.add('earlier', 'uuid-a', ended('503', { ...OURS, variable_crankback_leg: 'before' }));
    const more = { variable_originate_disposition: 'USER_NOT_REGISTERED' };
    const attempts = await attemptsOf(
      own('phones', '', { ...more, variable_originated_legs: listed('earlier') }),
    );
    expect(awaited).not.toHaveBeenCalled();
    expect(attempts).toMatchObject([{ evidence: [{ origin: 'local', pbxCause: 20 }] }]);
  });

  it('have nothing to do with a gateway, whose attempt has one leg', async () => {
    const { legs, attemptsOf, awaited } = setUp();
    legs.add('b', 'uuid-a', ended('503', OURS));
    const more = { variable_originated_legs: listed('b', 'c', 'd') };
    const attempts = await attemptsOf(own('carrier-a', '503', more));
    expect(awaited.mock.calls.map(([uuid]) => uuid)).toEqual(['attempt']);
    expect(attempts.map(statuses)).toEqual([[[503, 503]]]);
  });
});

describe("phones that the user's own bridge rang", () => {
  const user = { variable_dialed_user: '1004', variable_dialed_domain: 'default' };
  const during = (from: number, to: number): ChannelData => ({
    'Caller-Channel-Created-Time': String(START + from),
    'Caller-Channel-Hangup-Time': String(START + to),
  });
  const failedOnly = { variable_crankback_event: 'failed-only' };

  it('at once are one attempt', async () => {
    const { legs, attemptsOf } = setUp();
    legs.add('b', 'uuid-a', ended('503', { ...user, ...during(0, 20) }));
    legs.add('c', 'uuid-a', ended('486', { ...user, ...during(1, 30) }));
    const attempts = await attemptsOf({
      ...failedOnly,
      variable_originated_legs: listed('b', 'c'),
    });
    expect(attempts.map(statuses)).toEqual([[[503], [486]]]);
  });

  it('one after the other are two attempts', async () => {
    const { legs, attemptsOf } = setUp();
    legs.add('b', 'uuid-a', ended('503', { ...user, ...during(0, 20) }));
    legs.add('c', 'uuid-a', ended('486', { ...user, ...during(21, 30) }));
    const attempts = await attemptsOf({
      ...failedOnly,
      variable_originated_legs: listed('b', 'c'),
    });
    expect(attempts.map(statuses)).toEqual([[[503]], [[486]]]);
  });

  it('of a group are known by leg A', async () => {
    const { legs, attemptsOf } = setUp();
    legs.add('b', 'uuid-a', ended('503', during(0, 20)));
    legs.add('c', 'uuid-a', ended('486', during(0, 20)));
    const attempts = await attemptsOf({
      ...failedOnly,
      variable_originated_legs: listed('b', 'c'),
      variable_dialed_group: 'sales',
      variable_dialed_domain: 'default',
    });
    expect(attempts.map(({ trunk }) => trunk)).toEqual(['sales']);
    expect(attempts.map(statuses)).toEqual([[[503], [486]]]);
  });

  it('beside a gateway are another attempt', async () => {
    const { legs, attemptsOf } = setUp();
    legs.add('b', 'uuid-a', ended('486', { ...user, ...during(0, 20) }));
    const gateway = { variable_sip_gateway_name: 'carrier-a' };
    legs.add('c', 'uuid-a', ended('503', { ...gateway, ...during(0, 20) }));
    const attempts = await attemptsOf({
      ...failedOnly,
      variable_originated_legs: listed('b', 'c'),
    });
    expect(attempts.map(({ trunk }) => trunk)).toEqual(['phones', 'carrier-a']);
  });
});

describe('a loopback leg', () => {
  const near = {
    ...OURS,
    'Channel-Name': 'loopback/9200-a',
    'Hangup-Cause': 'NORMAL_TEMPORARY_FAILURE',
    variable_other_loopback_leg_uuid: 'far',
  };
  const behind = ended('503', {
    'Hangup-Cause': 'NORMAL_TEMPORARY_FAILURE',
    variable_sip_reason: 'Q.850;cause=34',
  });
  const said = { variable_sip_term_status: '503', variable_sip_reason: 'Q.850;cause=34' };

  it('ended with what was said last behind it', () => {
    const legs = new EndedLegs();
    legs.add('first', 'far', ended('486'));
    legs.add('last', 'far', behind);
    legs.add('another', 'elsewhere', ended('404'));
    legs.forgetCaller('far');
    legs.add('near', 'uuid-a', near);
    expect(legs.ofAttempt('attempt').map(({ data }) => data)).toMatchObject([said]);
    expect(legs.get('near')?.data).toMatchObject(said);
  });

  it('is waited for until that is known, in whatever order the ends come', async () => {
    const legs = new EndedLegs();
    const known = legs.awaitEnd('attempt', 60_000);
    legs.add('near', 'uuid-a', near);
    legs.forgetCaller('far');
    await Promise.resolve();
    legs.add('last', 'far', behind);
    await known;
    expect(legs.ofAttempt('attempt').map(({ data }) => data)).toMatchObject([said]);
    await legs.awaitEnd('attempt', 60_000);
    expect(legs.get('near')?.data).toMatchObject(said);
  });

  it.each([
    ['nothing was dialled behind it', undefined],
    ['the call went on after that', { ...behind, 'Hangup-Cause': 'USER_BUSY' }],
  ])('says what it says itself where %s', async (_, inner) => {
    const legs = new EndedLegs();
    if (inner) legs.add('last', 'far', inner);
    legs.add('near', 'uuid-a', near);
    await legs.awaitEnd('attempt', 1);
    expect(legs.get('near')?.data).toEqual(near);
  });
});
