import { Fitting } from '../../../src/notify/fitting';
import { showing } from '../../../src/records/shown';
import { condition } from '../../doubles/alerts';

const shown = showing({ maskNumbers: true });

describe('conditions that leave the process', () => {
  it('are made once while they say the same, and anew when they say something else', () => {
    const fitting = new Fitting(shown);
    const look = (why: string) => {
      fitting.begin();
      return fitting.fit(condition({ why }));
    };
    const first = look('call +4930123456');
    expect(look('call +4930123456')).toBe(first);
    expect(look('no credit').why).toBe('no credit');
    expect(first.why).not.toContain('123456');
  });

  it('are forgotten with the look in which they are no more', () => {
    const fitting = new Fitting(shown);
    fitting.begin();
    const first = fitting.fit(condition());
    fitting.begin();
    fitting.begin();
    expect(fitting.fit(condition())).not.toBe(first);
  });

  it('of two trunks are two, however alike', () => {
    const fitting = new Fitting(shown);
    fitting.begin();
    fitting.fit(condition());
    fitting.begin();
    const other = { kind: 'trunk', name: 'carrier-b' } as const;
    expect(fitting.fit(condition({ subject: other })).subject).toEqual(other);
  });
});
