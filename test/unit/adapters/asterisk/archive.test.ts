import { readEvent } from '../../../../adapters/asterisk/ari/events';
import { evidenceOf, fromLeg } from '../../../../adapters/asterisk/legs/evidence';
import { Legs, type LegRecord } from '../../../../adapters/asterisk/legs/legs';
import type { AttemptReport } from '../../../../adapters/asterisk/handover/contract';
import type { Failure } from '../../../../src/model/failure';
import { normalize } from '../../../../src/normalize/normalize';
import {
  failureOnTheWire,
  unpack,
  wiredScenarios,
  type WiredAttempt,
} from '../../../doubles/archives';

const WORDS = [
  'Dial',
  'ChannelStateChange',
  'ChannelHangupRequest',
  'ChannelDestroyed',
  'StasisStart',
];
const recordings = unpack('asterisk', WORDS);
const wired = wiredScenarios('asterisk');

interface Seen {
  /** Of each PJSIP leg that ended unanswered, from its events alone, in the order of dialling. */
  readonly legs: readonly Failure[];
  /** Of each report of a failed Dial(), the leg's events beside it. */
  readonly reports: readonly Failure[];
  readonly answered: number;
}

interface Recorded {
  readonly type?: string;
  readonly timestamp?: string;
  readonly args?: readonly string[];
  readonly channel?: { readonly id: string };
  readonly userevent?: Readonly<Record<'N' | 'DS' | 'HC' | 'TECH' | 'KEYS', string>>;
}

/** Plays the events of one recording to the adapter. */
function replay(events: readonly Recorded[]): Seen {
  const tracker = new Legs();
  const dialled: string[] = [];
  const ended = new Map<string, Failure>();
  const reports: Failure[] = [];
  const lastEnded = new Map<string, LegRecord>();
  let answered = 0;
  for (const recorded of events) {
    const report = reportOf(recorded);
    if (report) {
      reports.push(normalize(evidenceOf(report, lastEnded.get(recorded.channel?.id ?? ''))));
      continue;
    }
    const event = readEvent(recorded);
    if (event === undefined || event === 'unusable' || event.type === 'StasisStart') continue;
    const at = Date.parse(recorded.timestamp ?? '');
    const change = tracker.apply(event, at);
    if (!change?.leg.name.startsWith('PJSIP/')) continue;
    const { leg } = change;
    if (change.kind === 'dialled') dialled.push(leg.id);
    if (change.kind === 'answered') answered += 1;
    if (change.kind === 'ended') {
      ended.set(leg.id, normalize([fromLeg(leg, at)]));
      if (leg.callerId !== undefined) lastEnded.set(leg.callerId, leg);
    }
  }
  const legs = dialled.flatMap((id) => ended.get(id) ?? []);
  return { legs, reports, answered };
}

/** The two forms in which these dialplans told what Dial() left. */
function reportOf({ args, userevent }: Recorded): AttemptReport | undefined {
  if (userevent) {
    return report(userevent.DS, userevent.HC, userevent.KEYS, userevent.TECH);
  }
  const [design, , dialStatus = '', cause = '', leg = '', tech = ''] = args ?? [];
  return design === 'da' ? report(dialStatus, cause, leg, tech) : undefined;
}

function report(dialStatus: string, cause: string, leg: string, tech: string): AttemptReport {
  const heard = { rang: false, progress: false };
  return { trunk: 'trunk', leg, dialStatus, cause: Number(cause), tech, ...heard };
}

let checked = 0;

/** The failure is what was on the wire; phrases and Reason values only as far as ARI tells them. */
function expectWire(failure: Failure | undefined, attempt: WiredAttempt): void {
  const onWire = failureOnTheWire(attempt);
  const { class: name, sip, fault, rang } = onWire;
  expect(failure).toMatchObject({ class: name, fault, rang });
  expect(failure?.sip).toBe(sip);
  if (failure?.phrase !== undefined) expect(failure.phrase).toBe(attempt.final?.phrase);
  expect(failure?.contradictions).toEqual([]);
  // No cause was on the wire of these calls, as far as Asterisk can see.
  if (sip !== 302) expect(failure?.q850).toBeUndefined();
  checked += 1;
}

const failed = Object.entries(wired).flatMap(([scenario, { attempts }]) => {
  const seen = attempts.filter(({ ended_by: by, unseen }) => by !== 'answer' && !unseen);
  return seen.length > 0 ? [{ scenario, attempts: seen }] : [];
});

describe('the Asterisk archive', () => {
  it('has a wire entry for every recording but q2, which never dials', () => {
    expect([...recordings.keys()].filter((name) => name !== 'q2').sort()).toEqual(
      Object.keys(wired).sort(),
    );
  });

  describe.each(failed)('$scenario', ({ scenario, attempts }) => {
    const seen = replay(recordings.get(scenario) ?? []);

    it('gives what was on the wire', () => {
      if (scenario.startsWith('da')) {
        expect(seen.reports).toHaveLength(attempts.length);
        for (const [index, attempt] of attempts.entries()) expectWire(seen.reports[index], attempt);
        return;
      }
      expect(seen.legs).toHaveLength(attempts.length);
      for (const [index, attempt] of attempts.entries()) expectWire(seen.legs[index], attempt);
    });

    it('has as many answers as the wire', () => {
      const answers = wired[scenario]?.attempts.filter(({ ended_by: by }) => by === 'answer');
      expect(seen.answered).toBe(answers?.length);
    });
  });

  it('reports of Dial() give the status and phrase of all statuses from 400', () => {
    const { reports } = replay(recordings.get('observe-q7') ?? []);
    const attempts = wired['observe-q7']?.attempts ?? [];
    expect(reports).toHaveLength(attempts.length);
    for (const [index, attempt] of attempts.entries()) {
      // These dialplans let Dial() follow redirects.
      if ((attempt.final?.status ?? 0) >= 400) expectWire(reports[index], attempt);
    }
  });

  afterAll(() => {
    const attempts = failed.flatMap((it) => it.attempts).length;
    console.log(
      `Asterisk archive: ${attempts} failed attempts checked against the wire, in ${checked} views`,
    );
    expect(checked).toBeGreaterThan(300);
  });
});
