import { advance, isOpen, MOST_OPEN, NONE, type Incidents } from '../../../src/alerts/incidents';
import type { Condition } from '../../../src/alerts/incident';
import { AT, condition } from '../../doubles/alerts';

const MINUTE = 60_000;

/** Plays looks, one after the other. @returns what was worth telling at each */
function play(...looks: readonly (readonly [at: number, conditions: readonly Condition[]])[]) {
  let incidents: Incidents = NONE;
  return looks.map(([at, conditions]) => {
    const next = advance(incidents, conditions, AT + at);
    incidents = next.incidents;
    return next.changes.map(({ course, incident }) => `${course} ${incident.why}`);
  });
}

describe('an incident', () => {
  it('is told once while it lasts, and once at its end', () => {
    const held = [condition()];
    expect(play([0, held], [1_000, held], [2_000, held], [3_000, []], [4_000, []])).toEqual([
      ['opened 5 faults in a row'],
      [],
      [],
      ['closed 5 faults in a row'],
      [],
    ]);
  });

  it('opens once it has been so for long enough without a pause', () => {
    const held = [condition({ for: 10_000 })];
    expect(
      play([0, held], [5_000, []], [6_000, held], [15_000, held], [16_000, held]).map(
        ({ length }) => length,
      ),
    ).toEqual([0, 0, 0, 0, 1]);
  });

  it('does not close and open again where it comes back within its quiet time', () => {
    const held = [condition({ quiet: MINUTE })];
    expect(
      play([0, held], [30_000, []], [50_000, held], [100_000, []], [110_001, []]).map(
        ({ length }) => length,
      ),
    ).toEqual([1, 0, 0, 0, 1]);
  });

  it('is told again as another story, and no more often than every five minutes', () => {
    const told = play(
      [0, [condition({ story: 'a', why: 'a' })]],
      [MINUTE, [condition({ story: 'b', why: 'b' })]],
      [5 * MINUTE, [condition({ story: 'b', why: 'b' })]],
      [6 * MINUTE, [condition({ story: 'c', why: 'c' })]],
      [10 * MINUTE, [condition({ story: 'c', why: 'c' })]],
    );
    expect(told).toEqual([['opened a'], [], ['changed b'], [], ['changed c']]);
  });

  it('is told again where it gets worse, and not where it gets better', () => {
    const at = (minutes: number, level: number) =>
      [minutes * MINUTE, [condition({ level, why: String(level) })]] as const;
    expect(play(at(0, 1), at(6, 2), at(12, 1), at(18, 2), at(24, 3))).toEqual([
      ['opened 1'],
      ['changed 2'],
      [],
      [],
      ['changed 3'],
    ]);
  });

  it('has another id when it opens again', () => {
    const first = advance(NONE, [condition()], AT);
    const over = advance(first.incidents, [], AT + 1);
    const second = advance(over.incidents, [condition()], AT + 2);
    const ids = [first, second].map(({ changes }) => changes[0]?.incident.id);
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toMatch(/^[\w.-]+$/);
  });

  it('keeps what is known of it up to date between what is told', () => {
    const first = advance(NONE, [condition({ evidence: { times: 1 } })], AT);
    const next = advance(first.incidents, [condition({ evidence: { times: 7 } })], AT + 1);
    expect(next.incidents.all[0]?.evidence).toEqual({ times: 7 });
  });
});

describe('many incidents', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      condition({ subject: { kind: 'trunk', name: `carrier-${index}` } }),
    );

  it('are bounded, and the others counted', () => {
    const { incidents, changes } = advance(NONE, many(MOST_OPEN + 7), AT);
    expect(changes).toHaveLength(MOST_OPEN);
    expect(incidents.leftOut).toBe(7);
  });

  it('that have closed are kept for a day, the latest two hundred', () => {
    const { incidents } = advance(NONE, many(300), AT);
    const over = advance(incidents, [], AT + 1).incidents;
    expect(over.all).toHaveLength(200);
    expect(over.all.some(isOpen)).toBe(false);
    expect(advance(over, [], AT + 24 * 60 * MINUTE + 1).incidents.all).toEqual([]);
  });
});
