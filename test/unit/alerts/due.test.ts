import { dueFor, grouped, MOST_IN_MESSAGE, withTold, type Told } from '../../../src/alerts/due';
import { advance, NONE } from '../../../src/alerts/incidents';
import { AT, condition } from '../../doubles/alerts';

const NOTHING: Told = new Map();
const MINUTE = 60_000;
const opened = advance(NONE, [condition()], AT).incidents;
const changed = advance(opened, [condition({ story: 'b' })], AT + 6 * MINUTE).incidents;
const closed = advance(changed, [], AT + 7 * MINUTE).incidents;

function courses(incidents: typeof opened, told: Told, wanted = {}) {
  return dueFor(wanted, incidents.all, told).changes.map(({ course }) => course);
}

describe('a receiver', () => {
  it('is told the course of an incident, each step once', () => {
    let told = NOTHING;
    const seen = [opened, opened, changed, closed, closed].map((incidents) => {
      const { changes, told: kept } = dueFor({}, incidents.all, told);
      told = withTold(kept, changes);
      return changes.map(({ course }) => course);
    });
    expect(seen).toEqual([['opened'], [], ['changed'], ['closed'], []]);
  });

  it('that was away is told what is still so, as it is now', () => {
    expect(courses(changed, NOTHING)).toEqual(['opened']);
  });

  it('that was away is not told of what began and ended meanwhile', () => {
    expect(courses(closed, NOTHING)).toEqual([]);
  });

  it('that knows of it is told its end, also where it does not want it any more', () => {
    const { changes, told } = dueFor({}, opened.all, NOTHING);
    expect(courses(closed, withTold(told, changes), { only: ['asr'] })).toEqual(['closed']);
  });

  it('gets what it wants', () => {
    expect(courses(opened, NOTHING, { only: ['asr'] })).toEqual([]);
    expect(courses(opened, NOTHING, { only: ['trunk-held'] })).toEqual(['opened']);
    expect(courses(opened, NOTHING, { least: 'critical' })).toEqual([]);
  });

  it('forgets what nobody has any more', () => {
    expect(dueFor({}, opened.all, new Map([['gone', 1]])).told.size).toBe(0);
  });
});

describe('messages', () => {
  const of = (trunks: number, each = 1) =>
    advance(
      NONE,
      Array.from({ length: trunks * each }, (_, index) =>
        condition({
          subject: { kind: 'trunk', name: `carrier-${index % trunks}` },
          about: String(index),
        }),
      ),
      AT,
    ).changes;

  it('are one for each subject', () => {
    expect(grouped(of(3, 2)).map(({ length }) => length)).toEqual([2, 2, 2]);
  });

  it('are one for all where there are many, and bounded', () => {
    expect(grouped(of(6)).map(({ length }) => length)).toEqual([6]);
    expect(grouped(of(300)).map(({ length }) => length)).toEqual([MOST_IN_MESSAGE]);
  });
});
