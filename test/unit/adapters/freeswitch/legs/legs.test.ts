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
