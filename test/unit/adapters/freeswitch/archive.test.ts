import type { ChannelData } from '../../../../adapters/freeswitch/esl/channel-data';
import {
  evidenceOf,
  fromChannelData,
  fromLeg,
} from '../../../../adapters/freeswitch/legs/evidence';
import type { Failure } from '../../../../src/model/failure';
import { normalize } from '../../../../src/normalize/normalize';
import {
  failureOnTheWire,
  unpack,
  wiredScenarios,
  type WiredAttempt,
} from '../../../doubles/archives';

const recordings = unpack('freeswitch', ['CHANNEL_HANGUP_COMPLETE', 'CHANNEL_EXECUTE']);
const wired = wiredScenarios('freeswitch');

interface Bridge {
  readonly data: ChannelData;
  readonly startedAt: number;
  /** Of how many legs it speaks: those of its dial string, tried one after the other. */
  readonly legs: number;
}

interface Seen {
  readonly bridges: readonly Bridge[];
  /** Unanswered legs, by the order of their making. */
  readonly legs: readonly ChannelData[];
  readonly answered: number;
}

const isOf = (event: ChannelData, name: string) => event['Event-Name'] === name;
const created = (event: ChannelData) => Number(event['Caller-Channel-Created-Time']);

/** Also of what is not read in service. */
type Recorded = ChannelData & Readonly<Record<string, string | undefined>>;

function read(events: readonly Recorded[]): Seen {
  const outbound = events.filter(
    (event) => isOf(event, 'CHANNEL_HANGUP_COMPLETE') && event['Call-Direction'] === 'outbound',
  );
  const wasAnswered = (leg: ChannelData) => leg['Caller-Channel-Answered-Time'] !== '0';
  const bridges: Bridge[] = [];
  let startedAt = 0;
  for (const event of events) {
    if (event['Application'] !== 'bridge') continue;
    if (isOf(event, 'CHANNEL_EXECUTE')) startedAt = Number(event['Event-Date-Timestamp']) / 1000;
    if (!isOf(event, 'CHANNEL_EXECUTE_COMPLETE')) continue;
    const legs = (event['Application-Data'] ?? '').split('|').length;
    bridges.push({ data: event, startedAt, legs });
  }
  return {
    bridges,
    legs: outbound.filter((leg) => !wasAnswered(leg)).sort((a, b) => created(a) - created(b)),
    answered: outbound.filter(wasAnswered).length,
  };
}

let checked = 0;

function expectWire(failure: Failure, attempt: WiredAttempt): void {
  const { class: name, fault, sip, rang, progress, phrase, location } = failureOnTheWire(attempt);
  expect(failure).toMatchObject({ class: name, fault, rang, progress });
  expect(failure.sip).toBe(attempt.status_lost ? undefined : sip);
  // Sofia keeps no phrase of a 3xx.
  if (sip !== 302) expect(failure.phrase).toBe(phrase);
  expect(failure.location).toBe(location);
  const reasons = failure.evidence.flatMap((evidence) => evidence.reasons ?? []);
  expect(reasons.length > 0).toBe((attempt.final?.reasons ?? []).length > 0);
  checked += 1;
}

const isFailed = ({ ended_by: by }: WiredAttempt) => by !== 'answer';
const failed = Object.entries(wired)
  .filter(([, { attempts }]) => attempts.some(isFailed))
  .map(([scenario, { attempts }]) => ({ scenario, attempts }));

function recordingOf(scenario: string, side: 'observer' | 'socket'): Seen | undefined {
  const events = recordings.get(side === 'socket' ? `${scenario}.socket` : `${scenario}.observer`);
  const plain = side === 'observer' ? recordings.get(scenario) : undefined;
  const found = events ?? plain;
  return found && read(found as readonly Recorded[]);
}

describe('the FreeSWITCH archive', () => {
  it('has a wire entry for every recording', () => {
    const names = [...recordings.keys()].map((name) => name.replace(/\.(observer|socket)$/, ''));
    expect([...new Set(names)].sort()).toEqual(Object.keys(wired).sort());
  });

  describe.each(failed)('$scenario', ({ scenario, attempts }) => {
    const seen = recordingOf(scenario, 'observer');
    const made = attempts.filter((attempt) => isFailed(attempt) && !attempt.no_leg);

    it("leg B's own end gives what was on the wire", () => {
      expect(seen?.legs).toHaveLength(made.length);
      expect(seen?.answered).toBe(attempts.filter((attempt) => !isFailed(attempt)).length);
      for (const [index, attempt] of made.entries()) {
        expectWire(normalize([fromLeg(seen?.legs[index] ?? {})]), attempt);
      }
    });

    it('so does the bridge on leg A, with leg B beside it', () => {
      let next = 0;
      for (const { data, startedAt, legs } of seen?.bridges ?? []) {
        next += legs;
        const attempt = attempts[next - 1];
        if (!attempt || !isFailed(attempt)) continue;
        const leg = attempt.no_leg ? undefined : seen?.legs[made.indexOf(attempt)];
        expectWire(normalize(evidenceOf(data, leg, startedAt)), attempt);
      }
      expect(next).toBe(attempts.length);
    });
  });

  const onSocket = failed.filter(({ scenario }) => recordings.has(`${scenario}.socket`));
  it.each(onSocket)('$scenario: so does leg A alone, on the socket', ({ scenario, attempts }) => {
    const { bridges } = recordingOf(scenario, 'socket') ?? { bridges: [] };
    let next = 0;
    for (const { data, startedAt, legs } of bridges) {
      next += legs;
      const attempt = attempts[next - 1];
      if (attempt && isFailed(attempt)) {
        expectWire(normalize([fromChannelData(data, startedAt)]), attempt);
      }
    }
  });

  afterAll(() => {
    const attempts = failed.flatMap((it) => it.attempts.filter(isFailed)).length;
    console.log(
      `FreeSWITCH archive: ${attempts} failed attempts checked against the wire, in ${checked} views`,
    );
    expect(checked).toBeGreaterThan(200);
  });
});
