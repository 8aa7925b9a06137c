import { huntOf, START } from '../../../doubles/policies';
import { POLICY, setUp, HUNT_ID, routed, failed } from '../../../doubles/call-pipeline';

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

  it('that takes the static fallback is never recorded as carried out: one warning, one count', async () => {
    const { listener, journal, lines, counted } = setUp();
    listener.handover(routed('1001'));
    const fallback = { leg: 'PJSIP/caller-00000001', number: '1001', from: 'crankback-dial' };
    listener.fellBack({ huntId: HUNT_ID, ...fallback, answered: true });
    const [decision] = journal.find(HUNT_ID)?.decisions ?? [];
    expect(decision?.failed).toBe('not carried out: crankback-dial');
    expect(journal.find(HUNT_ID)?.fellBackAt).toBeDefined();
    expect(lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { message: 'fallback', hunt: HUNT_ID, place: 'crankback-dial', number: '1001' },
    ]);
    expect(await counted('crankback_fallbacks_total')).toMatchObject([{ value: 1 }]);
  });

  it('that takes the static fallback unanswered leaves the decisions before as they were', () => {
    const { listener, journal } = setUp();
    listener.handover(routed('1001'));
    const fallback = { leg: 'PJSIP/caller-00000001', number: '1001', from: 'crankback-ask' };
    listener.fellBack({ huntId: HUNT_ID, ...fallback, answered: false });
    expect(journal.find(HUNT_ID)?.decisions[0]?.failed).toBeUndefined();
    expect(journal.find(HUNT_ID)?.fellBackAt).toBeDefined();
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

  it('of a 415 that refuses the type of our body has a line of its own', () => {
    const { listener, lines } = setUp();
    const handover = failed(415);
    if (handover.event.kind !== 'failed') throw new Error('no failure');
    const bodies = {
      sentBody: { types: ['multipart/mixed', 'application/sdp', 'application/isup'] },
      takenBodies: { types: ['application/sdp'] },
    };
    const attempts = handover.event.attempts.map((one) => ({
      ...one,
      evidence: one.evidence.map((it) => ({ ...it, ...bodies })),
    }));
    listener.handover({ ...handover, event: { ...handover.event, attempts } });
    expect(lines.filter(({ level }) => level === 'warn')).toEqual([
      expect.objectContaining({
        message: 'body_refused',
        class: 'bad-request',
        cause: 'body-type',
        why: expect.stringContaining('it takes bodies of application/sdp') as string,
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
    const times = await counted('crankback_handover_seconds');
    expect(times).toContainEqual(
      expect.objectContaining({ metricName: 'crankback_handover_seconds_count', value: 2 }),
    );
  });
});
