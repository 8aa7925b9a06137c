import { EndedLegs } from '../../../../../adapters/freeswitch/legs/legs';

const END = { 'Hangup-Cause': 'USER_BUSY', variable_sip_term_status: '486', variable_secret: 'x' };

describe('legs that have ended', () => {
  it('keep what evidence needs, and nothing else', () => {
    const legs = new EndedLegs();
    legs.add('b', 'a', END);
    expect(legs.get('b')?.data).toEqual({
      'Hangup-Cause': 'USER_BUSY',
      variable_sip_term_status: '486',
    });
  });

  it('keep a bounded part of what a carrier or a caller makes long, and an offer whole or not at all', () => {
    const legs = new EndedLegs();
    const names = ['Caller-Destination-Number', 'variable_sip_invite_failure_phrase'] as const;
    for (const [leg, length, kept] of [
      ['b', 1_024, 1_024],
      ['c', 60_000, 1_024],
    ] as const) {
      const text = 'x'.repeat(length);
      legs.add(leg, 'a', Object.fromEntries(names.map((name) => [name, text])));
      for (const name of names) expect(legs.get(leg)?.data[name]).toHaveLength(kept);
    }
    legs.add('d', 'a', { variable_rtp_local_sdp_str: 'v'.repeat(8_192) });
    legs.add('e', 'a', { variable_rtp_local_sdp_str: 'v'.repeat(8_193) });
    expect(legs.get('d')?.data.variable_rtp_local_sdp_str).toHaveLength(8_192);
    expect(legs.get('e')?.data.variable_rtp_local_sdp_str).toBeUndefined();
  });

  it('are waited for, and not longer than allowed', async () => {
    const legs = new EndedLegs();
    const waiting = legs.awaitEnd('b', 5_000);
    legs.add('b', 'a', END);
    await waiting;
    await legs.awaitEnd('b', 5_000);
    await legs.awaitEnd('never', 1);
    expect(legs.get('never')).toBeUndefined();
    legs.forgetCaller('a');
    expect(legs.size).toBe(0);
  });

  it('are not kept where they end after their caller, or never had one', () => {
    const legs = new EndedLegs();
    legs.forgetCaller('a');
    legs.add('b', 'a', END);
    legs.add('c', undefined, END);
    expect(legs.size).toBe(0);
  });

  it('are counted once, whoever speaks of them first', () => {
    const legs = new EndedLegs();
    expect(legs.report('b')).toBe(false);
    expect(legs.add('b', 'a', END).counted).toBe(true);
    const other = legs.add('c', 'a', END);
    other.counted = true;
    expect(legs.report('c')).toBe(true);
  });

  it('of other callers are not forgotten with one', () => {
    const legs = new EndedLegs();
    legs.add('b', 'a', END);
    legs.add('d', 'c', END);
    legs.forgetCaller('a');
    expect(legs.get('b')).toBeUndefined();
    expect(legs.get('d')).toBeDefined();
  });
});

describe('legs that the caller has left', () => {
  const ours = { ...END, variable_crankback_ours: '1', variable_crankback_leg: 'attempt' };

  it('are those that no handover has asked for', () => {
    const legs = new EndedLegs();
    legs.add('b', 'a', ours);
    legs.add('c', 'a', END);
    expect(legs.untoldOf('a').map(({ uuid }) => uuid)).toEqual(['b']);
    expect(legs.ofAttempt('attempt').map(({ uuid }) => uuid)).toEqual(['b']);
    expect(legs.untoldOf('a')).toEqual([]);
  });

  it('are none of an attempt that was answered on another leg', () => {
    const legs = new EndedLegs();
    legs.settle('attempt');
    legs.add('b', 'a', ours);
    expect(legs.untoldOf('a')).toEqual([]);
  });

  it('may end after their caller, and still belong to its hunt', () => {
    const legs = new EndedLegs();
    legs.forgetCaller('a', 'hunt');
    expect(legs.leftHunt(legs.add('b', 'a', ours))).toBe('hunt');
    expect(legs.leftHunt(legs.add('c', 'a', END))).toBeUndefined();
    expect(legs.leftHunt(legs.add('d', 'z', ours))).toBeUndefined();
  });
});
