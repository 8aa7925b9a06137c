import { Registry } from 'prom-client';
import { asteriskDialect } from '../../../adapters/asterisk/trunks/codecs';
import winston from 'winston';
import { outcomeText as describeOutcome } from '../../../src/policy/decision-text';
import { createCallMetrics } from '../../../src/records/call-metrics';
import type { Handover, ObservedAttempt, PbxListener } from '../../../src/calls/ports';
import { CallPipeline } from '../../../src/calls/pipeline';
import { recordedStream } from '../../../src/app/records';
import { Journal } from '../../../src/records/journal';
import type { Evidence } from '../../../src/model/failure';
import type { Decision } from '../../../src/policy/decision';
import { explain } from '../../../src/policy/explain';
import type { Plan } from '../../../src/policy/plan/plan';
import type { Policy } from '../../../src/policy/policy';
import { InProcessTrunks } from '../../../src/trunks/limits/trunk-limits';
import { huntOf, policyOf, START } from '../../doubles/policies';

const POLICY = policyOf(`version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b:
    dial: { asterisk: "PJSIP/{number}@carrier-b" }
    rules:
      - { when: { sip: 404 }, do: { retry: next-trunk }, else: { relay: true } }
routes:
  - { digits: "1XXX", trunks: [carrier-a], mailbox: "{number}@default" }
  - { digits: "*", trunks: [carrier-a, carrier-b] }
`);

interface Line extends Record<string, unknown> {
  readonly level: string;
  readonly message: string;
}

function setUp(
  options: { answer?: () => Promise<void>; maskNumbers?: boolean; policy?: () => Policy } = {},
) {
  const trunks = new InProcessTrunks();
  const happened: string[] = [];
  const lines: Line[] = [];
  const log = winston.createLogger({
    level: 'debug',
    format: winston.format((info) => {
      happened.push(`log ${String(info.message)}`);
      lines.push({ ...info } as Line);
      return false;
    })(),
    transports: [new winston.transports.Console()],
  });
  const answers: Decision[] = [];
  const plans: (Plan | undefined)[] = [];
  const registry = new Registry();
  const maskNumbers = options.maskNumbers ?? false;
  const journal = new Journal(10, { maskNumbers });
  const events = recordedStream({
    log,
    metrics: createCallMetrics(registry),
    journal,
    dialects: new Map([['asterisk', asteriskDialect((trunk) => trunk)]]),
    maskNumbers,
    later: (run) => run(),
  });
  let listener: PbxListener | undefined;
  let stopped = 0;
  let raised = 0;
  const reports: unknown[] = [];
  const health = {
    report: (report: unknown) => void reports.push(report),
    abandon: (hunt: string) => void reports.push({ abandoned: hunt }),
    pinged: (ping: unknown) => void reports.push({ pinged: ping }),
  };
  const service = new CallPipeline({
    pbx: 'asterisk',
    port: {
      dialect: asteriskDialect((trunk) => trunk),
      reasonsKnown: false,
      generationRaised: () => Promise.resolve(),
      misconfiguration: () => Promise.resolve(undefined),
      start: (given) => (listener = given),
      answer: (_, decision, { plan }) => {
        happened.push('answer');
        answers.push(decision);
        plans.push(plan);
        return options.answer?.() ?? Promise.resolve();
      },
      tracked: () => ({}),
      stop: () => {
        stopped += 1;
        return Promise.resolve();
      },
    },
    policy: options.policy ?? (() => POLICY),
    trunks,
    health,
    raiseGeneration: () => (raised += 1),
    emit: (event) => events.emit(event),
    now: () => START + 100,
  });
  service.start();
  if (!listener) throw new Error('not started');
  return {
    service,
    listener,
    answers,
    plans,
    raised: () => raised,
    lines,
    happened,
    journal,
    trunks,
    stopped: () => stopped,
    reports,
    counted: async (name: string) => {
      const { values } = (await registry.getSingleMetric(name)?.get()) ?? { values: [] };
      return values.map(({ labels, value, ...more }) => ({ ...labels, ...more, value }));
    },
  };
}

const HUNT_ID = '1795239432.7@1795239432947';

function routed(number = '200'): Handover {
  return {
    huntId: HUNT_ID,
    leg: 'PJSIP/caller-00000007',
    at: START + 100,
    exactRelay: true,
    exactDetails: false,
    event: { kind: 'route' },
    hunt: huntOf([], { number }),
  };
}

function failed(sip: number, number = '200', more: Partial<Handover['hunt']> = {}): Handover {
  const evidence: Evidence[] = [
    { source: 'dialplan', sip, phrase: 'As Sent', rang: false, progress: false, origin: 'far' },
  ];
  return {
    ...routed(number),
    event: { kind: 'failed', attempts: [{ trunk: 'carrier-a', evidence, counted: false }] },
    hunt: huntOf([`carrier-a:${sip}`], { number, ...more }),
  };
}

describe('a handover', () => {
  it('is answered exactly once, before anything is logged', () => {
    for (const handover of [routed(), failed(503), failed(488)]) {
      const { listener, happened, answers } = setUp();
      listener.handover(handover);
      expect(answers).toHaveLength(1);
      expect(happened[0]).toBe('answer');
      expect(happened.filter((what) => what === 'answer')).toHaveLength(1);
    }
  });

  it('is kept in the journal: attempts with what the carrier said, decisions with their rule', () => {
    const { listener, journal } = setUp();
    listener.handover(routed());
    listener.handover(failed(503));
    const record = journal.find(HUNT_ID);
    expect(record).toMatchObject({
      pbx: 'asterisk',
      leg: 'PJSIP/caller-00000007',
      number: '200',
      startedAt: START,
      policyHash: POLICY.hash,
      attempts: [
        {
          trunk: 'carrier-a',
          sip: 503,
          phrase: 'As Sent',
          class: 'trunk-congested',
          rang: false,
        },
      ],
    });
    expect(record?.decisions.map(({ outcome }) => outcome)).toEqual([
      { kind: 'dial', trunk: 'carrier-a', number: '200' },
      { kind: 'dial', trunk: 'carrier-b', number: '200' },
    ]);
    expect(record?.decisions[1]).toMatchObject({
      at: START + 100,
      class: 'trunk-congested',
      rule: { file: 'built-in/defaults.yaml' },
    });
  });

  it('is logged: one line per attempt and per decision, naming rule and refusals', () => {
    const { listener, lines } = setUp();
    listener.handover(failed(486));
    expect(lines).toEqual([
      expect.objectContaining({
        level: 'info',
        message: 'attempt',
        hunt: HUNT_ID,
        number: '200',
        trunk: 'carrier-a',
        sip: 486,
        phrase: 'As Sent',
        class: 'busy',
        fault: 'callee',
      }),
      expect.objectContaining({
        level: 'info',
        message: 'decision',
        outcome: 'relay 486',
        refused: 'no-mailbox',
        rule: expect.stringMatching(/^built-in\/defaults\.yaml:\d+$/) as string,
      }),
    ]);
  });

  it('of a missing mailbox repeats no attempt and relays the failure', () => {
    const { listener, journal, lines, answers } = setUp();
    listener.handover(failed(486, '1001'));
    listener.handover(failed(486, '1001', { mailboxMissing: true }));
    expect(answers.map(({ outcome }) => outcome)).toEqual([
      { kind: 'voicemail', mailbox: '1001@default', greeting: 'busy' },
      { kind: 'relay', sip: 486 },
    ]);
    expect(journal.find(HUNT_ID)?.attempts).toHaveLength(1);
    expect(lines.filter(({ message }) => message === 'attempt')).toHaveLength(1);
  });

  it("of a user's own fork is decided by the callee's word, and counts each leg once", async () => {
    const { listener, journal, lines, answers, counted } = setUp();
    const leg = (trunk: string, sip: number, alreadyCounted: boolean) => ({
      trunk,
      evidence: [{ source: 'dialplan', sip, rang: false, progress: false, origin: 'far' as const }],
      counted: alreadyCounted,
    });
    listener.handover({
      ...routed('1001'),
      event: {
        kind: 'failed',
        attempts: [leg('carrier-a', 486, true), leg('carrier-b', 503, false)],
      },
      hunt: huntOf(['carrier-a:486', 'carrier-b:503'], { number: '1001' }),
    });
    expect(answers).toMatchObject([{ outcome: { kind: 'voicemail', greeting: 'busy' } }]);
    expect(journal.find(HUNT_ID)?.attempts).toMatchObject([
      { trunk: 'carrier-a', sip: 486, class: 'busy' },
      { trunk: 'carrier-b', sip: 503, class: 'trunk-congested' },
    ]);
    expect(await counted('crankback_attempts_total')).toMatchObject([
      { trunk: 'carrier-b', class: 'trunk-congested', value: 1 },
    ]);
    expect(lines.filter(({ message }) => message === 'attempt')).toHaveLength(1);
  });

  it('whose attempt is answered late has that in its record, one warning and one count', async () => {
    const { listener, journal, lines, counted } = setUp();
    listener.handover(failed(503));
    listener.lateAnswer({ huntId: HUNT_ID, trunk: 'carrier-a', leg: 'PJSIP/carrier-a-00000008' });
    listener.lateAnswer({ trunk: 'carrier-b', leg: 'PJSIP/carrier-b-00000009' });
    expect(journal.find(HUNT_ID)?.attempts).toMatchObject([{ lateAnswer: true }]);
    expect(lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { message: 'late-answer', trunk: 'carrier-a', hunt: HUNT_ID },
      { message: 'late-answer', trunk: 'carrier-b' },
    ]);
    expect(await counted('crankback_late_answers_total')).toMatchObject([
      { trunk: 'carrier-a', value: 1 },
      { trunk: 'carrier-b', value: 1 },
    ]);
  });

  it('of a fork asks the rules of the trunk whose answer decides', () => {
    const { listener, answers } = setUp();
    const legs = ['carrier-b', 'carrier-a'].map((trunk) => ({
      trunk,
      counted: true,
      evidence: [
        {
          source: 'dialplan',
          sip: trunk === 'carrier-b' ? 404 : 500,
          rang: false,
          progress: false,
          origin: 'far' as const,
        },
      ],
    }));
    listener.handover({
      ...routed(),
      event: { kind: 'failed', attempts: legs },
      hunt: huntOf(['carrier-b:404', 'carrier-a:500']),
    });
    // The rule of carrier-b, whose 404 is the answer; there is no trunk left for it.
    expect(answers).toMatchObject([
      { outcome: { kind: 'relay', sip: 404 }, refused: ['no-trunk-left'] },
    ]);
  });

  it.each([488, 606, 415, 406])('of a %i brings exactly one warning that says why', (sip) => {
    const { listener, lines } = setUp();
    listener.handover(failed(sip));
    const warnings = lines.filter(({ level }) => level === 'warn');
    expect(warnings).toEqual([
      expect.objectContaining({
        message: 'codec_mismatch',
        trunk: 'carrier-a',
        refusedWith: `${sip} As Sent`,
      }),
    ]);
  });

  it.each(['480 Codec Mismatch', '499 codec mismatch (g729)', '488 Private IP Address'])(
    'of a %s brings that warning too',
    (said) => {
      const { listener, lines } = setUp();
      const handover = failed(Number(said.slice(0, 3)));
      if (handover.event.kind !== 'failed') throw new Error('no failure');
      const attempts = handover.event.attempts.map((one) => ({
        ...one,
        evidence: one.evidence.map((it) => ({ ...it, phrase: said.slice(4) })),
      }));
      listener.handover({ ...handover, event: { ...handover.event, attempts } });
      const stories = lines.filter(({ message }) => message === 'codec_mismatch');
      expect(stories).toMatchObject([{ refusedWith: said, hunt: HUNT_ID }]);
    },
  );

  it('of an invalid number is 484 and one masked line', () => {
    const { listener, lines, answers } = setUp();
    listener.handover({
      ...routed(''),
      event: { kind: 'invalid-number', number: '0049301234567&Local/9@x\nINFO forged' },
    });
    expect(answers.map(({ outcome }) => outcome)).toEqual([{ kind: 'relay', sip: 484 }]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ level: 'warn', message: 'invalid number' });
    expect(lines[0]?.number).toMatch(/^00\*+\?\?$/);
  });

  it('shows numbers masked where that is asked for, and whole otherwise', () => {
    const number = '4930123456';
    for (const maskNumbers of [false, true]) {
      const { listener, lines } = setUp({ maskNumbers });
      listener.handover(routed(number));
      listener.handover(failed(488, number));
      const shown = new Set(lines.map((line) => line.number));
      expect([...shown]).toEqual([maskNumbers ? '49******56' : number]);
      expect(JSON.stringify(lines).includes(number)).toBe(!maskNumbers);
    }
  });

  it('counts attempts, decisions and the time of answers', async () => {
    const { listener, counted } = setUp();
    listener.handover(routed());
    listener.handover(failed(503));
    await Promise.resolve();
    expect(await counted('crankback_attempts_total')).toEqual([
      { pbx: 'asterisk', trunk: 'carrier-a', class: 'trunk-congested', value: 1 },
    ]);
    expect(await counted('crankback_decisions_total')).toEqual([
      { pbx: 'asterisk', outcome: 'dial', class: 'none', value: 1 },
      { pbx: 'asterisk', outcome: 'dial', class: 'trunk-congested', value: 1 },
    ]);
    const times = await counted('crankback_answer_seconds');
    expect(times).toContainEqual(
      expect.objectContaining({ metricName: 'crankback_answer_seconds_count', value: 2 }),
    );
  });
});

describe('a relay to a leg that cannot be sent any status', () => {
  it('is recorded and logged as degraded, an exact one is not', () => {
    for (const exactRelay of [true, false]) {
      const { listener, journal, lines } = setUp();
      listener.handover({ ...failed(486), exactRelay });
      expect(journal.find(HUNT_ID)?.decisions[0]?.degraded).toBe(
        exactRelay ? undefined : 'relay-degraded',
      );
      expect(JSON.stringify(lines).includes('relay-degraded')).toBe(!exactRelay);
    }
  });
});

describe('after a restart in the middle of a hunt', () => {
  it('the record has the attempts that only the call itself remembers', () => {
    const { listener, journal, answers } = setUp();
    listener.handover({ ...failed(486), hunt: huntOf(['carrier-b:503', 'carrier-a:486']) });
    expect(journal.find(HUNT_ID)?.attempts).toMatchObject([
      { trunk: 'carrier-b', sip: 503, class: 'trunk-congested', recovered: true },
      { trunk: 'carrier-a', sip: 486, phrase: 'As Sent', class: 'busy' },
    ]);
    expect(answers).toHaveLength(1);
  });
});

describe('a decision and the mirrored SIP that is still on its way', () => {
  const BY_STATUS = policyOf(`version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes: [{ digits: "*", trunks: [carrier-a, carrier-b] }]
rules:
  - { when: { sip: 503 }, do: { retry: next-trunk } }
  - { when: { sip: 500, q850: 1 }, do: { relay: { as: 404 } } }
  - { when: { class: redirected }, do: { redirect: { domains: pbx.example.com } } }
`);
  const hep: Evidence = { source: 'hep', rang: false, progress: false, origin: 'far' };

  /** Of a failed attempt whose SIP comes when it is told to. */
  function late(sip: number, number = '200') {
    let come: (more: readonly Evidence[]) => void = () => undefined;
    const promise = new Promise<readonly Evidence[]>((resolve) => (come = resolve));
    const handover = failed(sip, number);
    if (handover.event.kind !== 'failed') throw new Error('no failure');
    const attempts = handover.event.attempts.map((one) => ({ ...one, late: promise }));
    const comes = async (...more: Evidence[]) => {
      come(more);
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { handover: { ...handover, event: { ...handover.event, attempts } }, comes };
  }

  it('does not wait where no rule asks for anything that only it tells', async () => {
    for (const [sip, number] of [
      [503, '200'],
      [486, '200'],
      [500, '112'],
    ] as const) {
      const { listener, answers, counted } = setUp({ policy: () => BY_STATUS });
      listener.handover(late(sip, number).handover);
      expect(answers).toHaveLength(1);
      expect(await counted('crankback_hep_wait_seconds')).toEqual([]);
    }
  });

  it('waits where a rule does, and decides on all of it once it has come', async () => {
    for (const [more, outcome] of [
      [[{ ...hep, sip: 500, reasons: [{ protocol: 'Q.850', cause: 1 }] }], 'relay 404'],
      [[{ ...hep, sip: 500, reasons: [] }], 'dial carrier-b'],
      [[], 'dial carrier-b'],
    ] as const) {
      const { listener, answers, journal, counted } = setUp({ policy: () => BY_STATUS });
      const { handover, comes } = late(500);
      listener.handover(handover);
      expect(answers).toEqual([]);
      await comes(...more);
      const decisions = journal.find(HUNT_ID)?.decisions ?? [];
      expect(decisions.map(describeOutcome)).toEqual([outcome]);
      const inputs = decisions[0]?.inputs;
      expect(inputs && explain(BY_STATUS, inputs).decision.outcome).toEqual(answers[0]?.outcome);
      expect(await counted('crankback_attempts_total')).toHaveLength(1);
      expect(await counted('crankback_hep_wait_seconds')).toContainEqual(
        expect.objectContaining({ metricName: 'crankback_hep_wait_seconds_count', value: 1 }),
      );
    }
  });

  it('learns from it where a 3xx points to', async () => {
    const { listener, answers } = setUp({ policy: () => BY_STATUS });
    const { handover, comes } = late(302);
    listener.handover(handover);
    await comes({ ...hep, sip: 302, contacts: [{ user: '300', host: 'pbx.example.com' }] });
    expect(answers).toMatchObject([{ outcome: { kind: 'redirect', target: '300' } }]);
  });

  it('is not made for a caller who leaves meanwhile; what the trunk did counts', async () => {
    const { listener, answers, reports, journal } = setUp({ policy: () => BY_STATUS });
    const { handover, comes } = late(500);
    listener.handover(handover);
    listener.callerGone(HUNT_ID);
    await comes();
    expect(answers).toEqual([]);
    expect(reports).toContainEqual(expect.objectContaining({ trunk: 'carrier-a' }));
    expect(journal.find(HUNT_ID)?.attempts).toMatchObject([{ trunk: 'carrier-a', sip: 500 }]);
  });

  it('is waited for when draining', async () => {
    const { service, listener, answers, stopped } = setUp({ policy: () => BY_STATUS });
    const { handover, comes } = late(500);
    listener.handover(handover);
    const drained = service.drain(60_000);
    await comes();
    await drained;
    expect(answers).toHaveLength(1);
    expect(stopped()).toBe(1);
  });
});

describe('INVITEs of one attempt before the one that counts', () => {
  const earlier = [{ sip: 503, phrase: 'Full', farEnd: '192.0.2.1:5060' }, { farEnd: 'h:1' }];

  it('are told of an answered attempt, where there were any', async () => {
    const { listener, lines, journal } = setUp();
    listener.handover(routed());
    listener.answered(HUNT_ID, 'carrier-a', Promise.resolve([]));
    await Promise.resolve();
    expect(lines.some(({ message }) => message === 'answered')).toBe(false);
    expect(journal.find(HUNT_ID)?.answered).toEqual({ trunk: 'carrier-a' });
    listener.answered(HUNT_ID, 'carrier-a', Promise.resolve(earlier));
    await Promise.resolve();
    expect(lines.at(-1)).toMatchObject({
      message: 'answered',
      trunk: 'carrier-a',
      earlier: ['503 Full at 192.0.2.1:5060', 'nothing at h:1'],
    });
    expect(journal.find(HUNT_ID)?.answered).toEqual({ trunk: 'carrier-a', earlier });
  });

  it('are told of a failed one', () => {
    const { listener, lines } = setUp();
    const handover = failed(503);
    if (handover.event.kind !== 'failed') throw new Error('no failure');
    const attempts = handover.event.attempts.map((one) => ({
      ...one,
      evidence: one.evidence.map((it) => ({ ...it, subAttempts: earlier })),
    }));
    listener.handover({ ...handover, event: { ...handover.event, attempts } });
    expect(lines[0]).toMatchObject({
      message: 'attempt',
      earlier: ['503 Full at 192.0.2.1:5060', 'nothing at h:1'],
    });
  });
});

describe('what a second offer teaches', () => {
  const LEARNING = policyOf(`version: 1
emergency: [112]
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } } }
routes: [{ digits: "*", trunks: [carrier-a] }]
rules: [{ when: { sip: 488 }, do: { retry: same-trunk, codecs: [alaw], learn: true } }]
`);
  const ALAW = { name: 'PCMA', clockRate: 8000 };
  const able = (handover: Handover): Handover => ({
    ...handover,
    hunt: { ...handover.hunt, codecs: [ALAW] },
  });
  const learnt = () => {
    const all = setUp({ policy: () => LEARNING });
    all.listener.handover(able(failed(488)));
    expect(all.answers.at(-1)?.outcome).toMatchObject({ codecs: [ALAW] });
    return all;
  };

  it('is offered first once it was accepted, until the trunk refuses again', () => {
    const { listener, answers, lines, trunks, journal } = learnt();
    expect(trunks.offer('carrier-a', START)).toBeUndefined();
    listener.answered(HUNT_ID, 'carrier-a');
    listener.handover(able(routed()));
    expect(answers.at(-1)?.outcome).toMatchObject({ codecs: [ALAW] });
    expect(answers.at(-1)?.outcome).not.toHaveProperty('reoffer');
    const inputs = journal.find(HUNT_ID)?.decisions.at(-1)?.inputs;
    expect(inputs && explain(LEARNING, inputs).decision.outcome).toEqual(answers.at(-1)?.outcome);
    listener.handover(able(failed(488)));
    expect(trunks.offer('carrier-a', START)).toBeUndefined();
    expect(lines.map(({ message }) => message)).toEqual(
      expect.arrayContaining(['offer learned', 'learned offer forgotten']),
    );
  });

  it('is nothing where another attempt was answered', () => {
    const { listener, trunks } = learnt();
    listener.answered(HUNT_ID, 'carrier-b');
    listener.handover(able(failed(486)));
    listener.answered(HUNT_ID, 'carrier-a');
    expect(trunks.offer('carrier-a', START)).toBeUndefined();
  });
});

describe('a number that the dialplan should have refused', () => {
  it('reaches no trunk', () => {
    for (const number of ['', '2&PJSIP/1@carrier-b', '2'.repeat(33)]) {
      const { listener, journal } = setUp();
      listener.handover(routed(number));
      expect(journal.find(HUNT_ID)?.decisions[0]?.outcome).toEqual({ kind: 'relay', sip: 484 });
    }
  });
});

describe('an answer that the PBX does not take', () => {
  it('is logged, counted and recorded, and nothing is thrown', async () => {
    const { listener, lines, journal, counted, service } = setUp({
      answer: () => Promise.reject(new Error('POST /channels/1/continue: Asterisk answered 404')),
    });
    listener.handover(routed());
    await service.drain(1000);
    expect(journal.find(HUNT_ID)?.decisions[0]?.failed).toMatch(/answered 404/);
    expect(lines.at(-1)).toMatchObject({ level: 'warn', message: 'answer not taken' });
    expect(await counted('crankback_answers_failed_total')).toEqual([
      { pbx: 'asterisk', value: 1 },
    ]);
  });
});

describe('draining', () => {
  it('lets answers under way finish before it leaves the PBX', async () => {
    let finish: () => void = () => undefined;
    const { service, listener, stopped } = setUp({
      answer: () => new Promise<void>((resolve) => (finish = resolve)),
    });
    listener.handover(routed());
    const drained = service.drain(60_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped()).toBe(0);
    finish();
    await drained;
    expect(stopped()).toBe(1);
  });

  it('does not wait for an answer that never comes', async () => {
    const { service, listener, stopped } = setUp({
      answer: () => new Promise<void>(() => undefined),
    });
    listener.handover(routed());
    await service.drain(20);
    expect(stopped()).toBe(1);
  });

  it('without answers under way ends at once', async () => {
    const { service, stopped } = setUp();
    await service.drain(60_000);
    expect(stopped()).toBe(1);
  });
});

describe('the connection', () => {
  it('is not there at first, and its last state is told', () => {
    const { service, listener } = setUp();
    expect(service.connectionState()).toEqual({ connected: false, why: 'not yet connected' });
    listener.connection({ connected: true });
    expect(service.connectionState()).toEqual({ connected: true });
  });

  it('is worth one line per news, however often it is tried', async () => {
    const { listener, lines, counted } = setUp();
    for (let round = 0; round < 5; round++) listener.connection({ connected: false, why: 'x' });
    listener.connection({ connected: false, why: 'y' });
    listener.connection({ connected: true });
    listener.connection({ connected: true });
    expect(await counted('crankback_pbx_connected')).toEqual([{ pbx: 'asterisk', value: 1 }]);
    listener.connection({ connected: false, why: 'y' });
    expect(lines.map(({ message, why }) => [message, why])).toEqual([
      ['not connected', 'x'],
      ['not connected', 'y'],
      ['connected', undefined],
      ['not connected', 'y'],
    ]);
    expect(await counted('crankback_pbx_connected')).toEqual([{ pbx: 'asterisk', value: 0 }]);
  });
});

describe('an attempt that is only observed', () => {
  const attempt: ObservedAttempt = {
    trunk: 'carrier-a',
    known: true,
    leg: 'PJSIP/carrier-a-00000037',
    answered: false,
    number: '200',
    evidence: [{ source: 'channel-events', sip: 486, rang: false, progress: false, origin: 'far' }],
    durationMs: 12,
  };

  it('is logged with trunk, status and class, counted, and decides nothing', async () => {
    const { listener, lines, counted, answers } = setUp();
    listener.observed(attempt);
    expect(lines).toEqual([
      expect.objectContaining({
        message: 'attempt',
        observed: true,
        trunk: 'carrier-a',
        sip: 486,
        class: 'busy',
        ms: 12,
      }),
    ]);
    expect(await counted('crankback_attempts_total')).toEqual([
      { pbx: 'asterisk', trunk: 'carrier-a', class: 'busy', value: 1 },
    ]);
    expect(answers).toEqual([]);
  });

  it('and refused for its codecs has its story', () => {
    const { listener, lines } = setUp();
    const [evidence] = attempt.evidence as [Evidence];
    listener.observed({ ...attempt, evidence: [{ ...evidence, sip: 488, offered: [] }] });
    expect(lines.map(({ message }) => message)).toEqual(['codec_mismatch', 'attempt']);
    expect(lines[0]).toMatchObject({ trunk: 'carrier-a', number: '200', leg: attempt.leg });
  });

  it('to a far end that is no trunk is counted under one name and not logged', async () => {
    const { listener, lines, counted } = setUp();
    for (let index = 0; index < 100; index++) {
      listener.observed({ ...attempt, known: false, trunk: `PJSIP/phone-${index}` });
    }
    expect(lines).toEqual([]);
    expect(await counted('crankback_attempts_total')).toEqual([
      { pbx: 'asterisk', trunk: 'other', class: 'busy', value: 100 },
    ]);
  });

  it('and answered is counted as such', async () => {
    const { listener, lines, counted } = setUp();
    listener.observed({ ...attempt, answered: true, evidence: [] });
    expect(lines).toEqual([expect.objectContaining({ message: 'attempt', answered: true })]);
    expect(await counted('crankback_attempts_total')).toEqual([
      { pbx: 'asterisk', trunk: 'carrier-a', class: 'answered', value: 1 },
    ]);
  });
});

describe('a caller who is gone', () => {
  it('ends the record of the hunt once, and an unknown hunt changes nothing', () => {
    const { listener, journal } = setUp();
    listener.handover(routed());
    listener.callerGone('unknown@1');
    expect(journal.find(HUNT_ID)?.endedAt).toBeUndefined();
    listener.callerGone(HUNT_ID);
    listener.callerGone(HUNT_ID);
    expect(journal.find(HUNT_ID)?.endedAt).toBe(START + 100);
  });
});

describe('what a rule asks for beside its treatment', () => {
  const policy = policyOf(`version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
routes: [{ digits: "*", trunks: [carrier-a, carrier-b] }]
rules:
  - { when: { sip: 402 }, do: { retry: next-trunk, alert: finance, trunk: { hold: 15m } } }
`);
  const setUpWith = () => setUp({ policy: () => policy });

  it('holds the trunk for the next call, raises and counts the alert, and says by which rule', async () => {
    const { listener, lines, answers, counted } = setUpWith();
    listener.handover(failed(402));
    listener.handover({ ...routed('201'), huntId: 'other@1', leg: 'PJSIP/caller-00000008' });
    expect(answers.map(({ outcome }) => outcome)).toMatchObject([
      { trunk: 'carrier-b' },
      { trunk: 'carrier-b' },
    ]);
    expect(lines).toContainEqual(
      expect.objectContaining({
        message: 'trunk held',
        trunk: 'carrier-a',
        seconds: 900,
        rule: 'policy.yaml:8',
      }),
    );
    expect(lines).toContainEqual(
      expect.objectContaining({ message: 'alert', alert: 'finance', trunk: 'carrier-a' }),
    );
    expect(await counted('crankback_alerts_total')).toEqual([
      { pbx: 'asterisk', alert: 'finance', value: 1 },
    ]);
  });

  it('happens once per attempt, also where its mailbox turns out to be missing', async () => {
    const { listener, counted } = setUpWith();
    listener.handover(failed(402));
    listener.handover(failed(402, '200', { mailboxMissing: true }));
    expect(await counted('crankback_alerts_total')).toMatchObject([{ value: 1 }]);
  });
});

describe('channels', () => {
  it('are taken by an attempt and given back when it failed, or the call ended', () => {
    const { listener, trunks } = setUp();
    const inUse = () => [trunks.inUseOn('carrier-a'), trunks.inUseOn('carrier-b')];
    listener.handover(routed());
    expect(inUse()).toEqual([1, 0]);
    listener.handover(failed(503));
    expect(inUse()).toEqual([0, 1]);
    listener.callerGone(HUNT_ID);
    expect(inUse()).toEqual([0, 0]);
  });

  it('of an earlier hunt are given back when the same leg begins another', () => {
    const { listener, trunks } = setUp();
    listener.handover(routed());
    listener.handover({ ...routed(), huntId: '1795239432.7@1795239499999' });
    expect(trunks.inUseOn('carrier-a')).toBe(1);
  });
});

describe('a policy that changes', () => {
  it('counts from the next decision on, and each record names its own', () => {
    const other = policyOf(`version: 1
emergency: []
trunks: { carrier-z: { dial: { asterisk: "PJSIP/{number}@z" } } }
routes: [{ digits: "*", trunks: [carrier-z] }]
`);
    let current = POLICY;
    const { listener, answers, journal } = setUp({ policy: () => current });
    listener.handover(routed());
    current = other;
    listener.handover(failed(503));
    expect(answers.map(({ outcome }) => outcome)).toMatchObject([
      { trunk: 'carrier-a' },
      { trunk: 'carrier-z' },
    ]);
    const hashes = journal.find(HUNT_ID)?.decisions.map(({ inputs }) => inputs?.policyHash);
    expect(hashes).toEqual([POLICY.hash, other.hash]);
  });
});

describe('a recorded decision', () => {
  it('is explained from its inputs alone', () => {
    const { listener, journal, answers } = setUp();
    listener.handover(failed(503));
    const inputs = journal.find(HUNT_ID)?.decisions[0]?.inputs;
    if (!inputs) throw new Error('no inputs');
    expect(explain(POLICY, inputs)).toMatchObject({
      decision: answers[0],
      rules: [{ source: 'built-in' }],
      trunks: [
        { trunk: 'carrier-a', state: 'tried' },
        { trunk: 'carrier-b', state: 'free' },
      ],
      left: { attempts: 2, startWithin: 19_900 },
    });
  });

  it('shows no number in the journal when numbers are masked', () => {
    const { listener, journal } = setUp({ maskNumbers: true });
    listener.handover(routed('0301234567'));
    expect(journal.find(HUNT_ID)?.decisions[0]?.outcome).toMatchObject({ number: '03******67' });
  });
});

/** What the dialplan tells when it has gone on by its plan. */
function wentOn(attempts: readonly string[], sip: number, trunk = 'carrier-a'): Handover {
  const standard = sip === 503 ? 'Service Unavailable' : 'Not Found';
  const said = { source: 'dialplan', sip, phrase: standard, origin: 'far' } as const;
  const evidence: Evidence[] = [{ ...said, rang: false, progress: false }];
  return {
    ...routed(),
    event: { kind: 'failed', attempts: [{ trunk, evidence, counted: false }] },
    hunt: { ...huntOf(attempts), mailboxMissing: false },
  };
}

describe('a plan', () => {
  const start = (options: Parameters<typeof setUp>[0] = {}) => {
    const started = setUp(options);
    started.listener.handover({ ...routed(), hunt: huntOf([], { number: '200', from: '4930' }) });
    return started;
  };

  it('goes along with the answer that begins an attempt, and with no other', () => {
    const { listener, plans } = start();
    expect(plans).toMatchObject([{ attempts: 1 }]);
    listener.handover(failed(404));
    expect(plans[1]).toBeUndefined();
  });

  it('that was used is a decision like any other: journalled, explained, counted', async () => {
    const { listener, journal, plans, answers, reports, lines, trunks, counted } = start();
    listener.planned(wentOn(['carrier-a:503'], 503), { sip: 503, afterProgress: false });
    expect(answers).toHaveLength(1);
    const record = journal.find(HUNT_ID);
    expect(record?.attempts).toMatchObject([{ trunk: 'carrier-a', sip: 503 }]);
    const [, decision] = record?.decisions ?? [];
    expect(decision).toMatchObject({
      outcome: { kind: 'dial', trunk: 'carrier-b' },
      planned: true,
      class: 'trunk-congested',
      rule: { file: 'built-in/defaults.yaml' },
      inputs: { hunt: { from: '4930', attempts: [{ trunk: 'carrier-a', sip: 503 }] } },
    });
    if (!decision?.inputs) throw new Error('no inputs');
    expect(explain(POLICY, decision.inputs).decision.outcome).toEqual(decision.outcome);
    expect(reports).toMatchObject([{ trunk: 'carrier-a', outcome: { kind: 'failed' } }]);
    expect(lines.filter(({ message }) => message === 'decision')).toMatchObject([
      { outcome: 'dial carrier-a' },
      { outcome: 'dial carrier-b', planned: true },
    ]);
    expect(trunks.inUseOn('carrier-a')).toBe(0);
    expect(trunks.inUseOn('carrier-b')).toBe(1);
    expect(plans).toMatchObject([{ attempts: 1 }]);
    expect(await counted('crankback_plans_used_total')).toMatchObject([{ value: 1 }]);
    expect(await counted('crankback_plan_mismatches_total')).toEqual([]);
  });

  it('that says something else than the policy does is reported, and what happened is recorded', async () => {
    const { listener, journal, plans, lines, counted } = start();
    const slot = plans[0]?.beforeProgress.get(503);
    if (!slot) throw new Error('no slot');
    Object.assign(slot, { decision: { ...slot.decision, outcome: { kind: 'relay', sip: 500 } } });
    listener.planned(wentOn(['carrier-a:503'], 503), { sip: 503, afterProgress: false });
    expect(journal.find(HUNT_ID)?.decisions[1]?.outcome).toEqual({ kind: 'relay', sip: 500 });
    expect(lines.filter(({ level }) => level === 'error')).toMatchObject([
      { message: 'plan mismatch', planned: 'relay 500', decided: 'dial carrier-b' },
    ]);
    expect(await counted('crankback_plan_mismatches_total')).toMatchObject([{ value: 1 }]);
  });

  it('of before a restart leaves the attempt in the record, and no decision', () => {
    const { listener, journal, reports, lines } = setUp();
    listener.planned(wentOn(['carrier-a:503'], 503), { sip: 503, afterProgress: false });
    expect(journal.find(HUNT_ID)).toMatchObject({
      attempts: [{ trunk: 'carrier-a' }],
      decisions: [],
    });
    expect(reports).toMatchObject([{ trunk: 'carrier-a' }]);
    expect(lines).toContainEqual(expect.objectContaining({ message: 'planned step' }));
  });

  it('of an earlier attempt is not taken for the one under way', () => {
    const { listener, journal } = start();
    listener.planned(wentOn(['carrier-a:503', 'carrier-b:503'], 503, 'carrier-b'), {
      sip: 503,
      afterProgress: false,
    });
    expect(journal.find(HUNT_ID)?.decisions).toHaveLength(1);
  });

  it('is void once the retry budget has run out', () => {
    const policy = policyOf(`version: 1
emergency: [112]
trunks: { carrier-a: { dial: { asterisk: "PJSIP/{number}@a" } }, carrier-b: { dial: { asterisk: "PJSIP/{number}@b" } } }
routes: [{ digits: "*", trunks: [carrier-a, carrier-b] }]
limits: { retry_budget: { ratio: 100%, min_per_second: 0 } }
`);
    const { listener, raised } = start({ policy: () => policy });
    expect(raised()).toBe(0);
    listener.planned(wentOn(['carrier-a:503'], 503), { sip: 503, afterProgress: false });
    expect(raised()).toBe(1);
    listener.handover({ ...routed(), huntId: 'another@1', leg: 'PJSIP/caller-00000008' });
    expect(raised()).toBe(1);
  });
});
