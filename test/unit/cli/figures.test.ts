import { figuresText, periodOf } from '../../../src/cli/figures';
import { counts, type Counts } from '../../../src/figures/counts';
import { bucketOf } from '../../../src/figures/delays';

const SINCE = Date.UTC(2026, 0, 31, 12);
const A: Partial<Counts> = {
  ...{ calls: 8, attempts: 10, answered: 6, failed: 4, retries: 2, saved: 1, voicemailSaves: 1 },
  ...{
    leftBeforeRinging: 0,
    leftRinging: 1,
    talks: 2,
    talkMs: 250_000,
    pdd: { [bucketOf(2000)]: 6 },
  },
  classes: { 'trunk-congested': 3, cancelled: 1 },
  statuses: { 503: 3, 487: 1 },
};
const B: Partial<Counts> = { calls: 2, attempts: 2, answered: 2 };

type Answer = Parameters<typeof periodOf>[0][number];
function answer(of: Readonly<Record<string, Partial<Counts>>>, more: object = {}): Answer {
  const groups = Object.entries(of).map(([name, some]) => {
    return { name, counts: counts(some), ...(name === 'a' && { peak: 3, limit: 30 }) };
  });
  const about = { since: SINCE, until: SINCE + 3_600_000, by: 'trunk', uncounted: 0 };
  return { ...about, groups: groups as never, ...more };
}

describe('figures as a table', () => {
  it('have one line for each trunk and one for all, and what failed how', () => {
    const text = figuresText(periodOf([answer({ a: A, b: B })], '1h'));
    expect(text.split('\n').map((line) => line.replace(/ {2,}/g, ' | '))).toEqual([
      'last 1h: 2026-01-31T12:00:00Z to 2026-01-31T13:00:00Z',
      'TRUNK | CALLS | ATTEMPTS | ASR | NER | SEER | ACD | PDD 50/95/99 | SAVED | VOICEMAIL | FALLBACK | GAVE UP | RETRIES | HOLDS | AT ONCE',
      'a | 8 | 10 | 60.0% | 70.0% | 60.0% | 2:05 | 2.0/2.0/2.0 s | 1 | 1 | 0 | 0+1 | 2 (0.25 a call) | 0 | 3 of 30',
      'b | 2 | 2 | 100.0% | 100.0% | 100.0% | - | - | 0 | 0 | 0 | 0+0 | 0 (0.00 a call) | 0 | 0',
      'all | 10 | 12 | 66.7% | 75.0% | 66.7% | 2:05 | 2.0/2.0/2.0 s | 1 | 1 | 0 | 0+1 | 2 (0.20 a call)',
      '',
      'failed attempts',
      ' | a: 4: trunk-congested 3, cancelled 1; 503 3, 487 1',
      ' | all: 4: trunk-congested 3, cancelled 1; 503 3, 487 1',
    ]);
  });

  it('say nothing of holds and of calls at once where there is no trunk', () => {
    const lines = figuresText(periodOf([answer({ '': B, a: A })], '1h')).split('\n');
    const endOf = (name: string) =>
      lines.find((line) => line.startsWith(name))?.replace(/.* a call\) */, '');
    expect(['(none)', 'a ', 'all'].map(endOf)).toEqual(['', '0      3 of 30', '']);
  });

  it('say what is missing', () => {
    const more = { uncounted: 7, first: SINCE + 60_000 };
    const text = figuresText(periodOf([answer({}, more)], '1h'));
    expect(text.split('\n').slice(1)).toEqual([
      'figures begin at 2026-01-31T12:01:00Z',
      '7 minutes are not counted yet: ask again later',
      'no calls',
    ]);
  });

  it('show names without control characters, and calls without a route', () => {
    const text = figuresText(periodOf([answer({ 'x\u001b[2J': B, '': B }, { by: 'route' })], '1m'));
    expect(text).not.toContain('\u001b');
    expect(text).toContain('(none)');
  });
});

describe('figures of several instances', () => {
  const held = (heldMs: number) => ({ holds: { holds: 1, heldMs, held: false } });

  it('are those of all calls together', () => {
    const one = answer({ a: A, b: B });
    const other = answer({ c: B, a: { ...B, pdd: { [bucketOf(8000)]: 6 } } });
    const both = periodOf([one, other], '1h');
    expect(both.groups.map(({ name, counts: { attempts } }) => [name, attempts])).toEqual([
      ['a', 12],
      ['b', 2],
      ['c', 2],
    ]);
    expect(both.groups[0]?.figures.asr).toBe(8 / 12);
    expect(both.groups[0]?.figures.pddMs?.p95).toBeCloseTo(8000, -3);
    expect(both.all.counts.attempts).toBe(16);
  });

  it('do not add up holds that instances share, nor calls at once that each counts for itself', () => {
    const of = (heldMs: number, peak: number) =>
      answer({}, { groups: [{ name: 'a', counts: counts(B), peak, ...held(heldMs) }] });
    const both = periodOf([of(10, 3), of(30, 2)], '1h');
    expect(both.groups).toMatchObject([{ name: 'a', peak: 3, ...held(30) }]);
  });

  it('begin where the last of them begins', () => {
    const both = periodOf([answer({}, { first: 1 }), answer({}, { first: 9 })], '1h');
    expect(both.first).toBe(9);
  });
});
