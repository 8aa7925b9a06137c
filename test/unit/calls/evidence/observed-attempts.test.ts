import type { ObservedAttempt } from '../../../../src/calls/ports';
import type { Evidence } from '../../../../src/model/failure';
import { setUp } from '../../../doubles/call-pipeline';
import { START } from '../../../doubles/policies';

describe('an attempt that is only observed', () => {
  const attempt: ObservedAttempt = {
    trunk: 'carrier-a',
    known: true,
    leg: 'PJSIP/carrier-a-00000037',
    answered: false,
    number: '200',
    evidence: [{ source: 'channel-events', sip: 486, rang: false, progress: false, origin: 'far' }],
    ...{ beganAt: START - 12, overAt: START },
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
