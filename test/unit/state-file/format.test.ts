import fc from 'fast-check';
import { readHolds, writeHolds, type Clocks } from '../../../src/state-file/format';
import type { TrunkHold } from '../../../src/trunks/health/health-store';

const NOON = Date.UTC(2026, 0, 31, 12);
const MINUTE = 60_000;
const clocks: Clocks = { now: NOON, machine: NOON };

function held(trunk: string, more: object = {}): TrunkHold {
  const hold = {
    id: 'i:1',
    cause: 'operator' as const,
    absolute: true,
    why: 'maintenance',
    since: NOON - MINUTE,
    ...more,
  };
  return { trunk, state: { phase: 'held', generation: 3, trips: 2, hold } };
}

const later = (ms: number): Clocks => ({ now: NOON + ms, machine: NOON + ms });

describe('holds in a state file', () => {
  it('are the same when they are read again', () => {
    const holds = [held('a'), held('b', { until: NOON + MINUTE })];
    expect(readHolds(writeHolds(holds, clocks), clocks)).toEqual({ holds, wrong: [] });
  });

  it('are left out once they are over, also by the time that passed meanwhile', () => {
    const text = writeHolds([held('a'), held('b', { until: NOON + MINUTE })], clocks);
    const trunks = (at: Clocks) => readHolds(text, at).holds.map(({ trunk }) => trunk);
    expect(trunks(later(MINUTE - 1))).toEqual(['a', 'b']);
    expect(trunks(later(MINUTE))).toEqual(['a']);
  });

  it('keep their distance from the machine’s date, wherever this process’s clock stands', () => {
    const ahead = { now: NOON + 3_600_000, machine: NOON };
    const holds = [held('a', { since: ahead.now - MINUTE, until: ahead.now + MINUTE })];
    expect(readHolds(writeHolds(holds, ahead), clocks).holds).toEqual([
      held('a', { until: NOON + MINUTE }),
    ]);
  });

  it('last no longer on a machine that has lost its date', () => {
    const text = writeHolds([held('a', { until: NOON + MINUTE })], clocks);
    const [read] = readHolds(text, { now: 5 * MINUTE, machine: 5 * MINUTE }).holds;
    expect(read?.state.hold).toMatchObject({ since: 5 * MINUTE, until: 6 * MINUTE });
  });

  it('have a reason that can be read again, whatever it holds', () => {
    const why = `\u001b[2J${'😀'.repeat(400)}\ud800`;
    const { holds, wrong } = readHolds(writeHolds([held('a', { why })], clocks), clocks);
    expect(wrong).toEqual([]);
    expect(holds[0]?.state.hold.why).toMatch(/^\?\[2J(😀)+$/u);
  });

  it.each<[string, unknown, string]>([
    ['garbage', '{{{', 'no JSON'],
    ['nothing', '', 'no JSON'],
    ['another version', { version: 2, holds: [] }, 'version'],
    ['a list', [], 'file'],
    ['no list of holds', { version: 1, holds: {} }, 'holds'],
  ])('are none in a file with %s, and what is wrong is said', (_name, content, place) => {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    const { holds, wrong } = readHolds(text, clocks);
    expect(holds).toEqual([]);
    expect(wrong.join()).toContain(place);
  });

  it.each([
    ['trunk', { trunk: '' }],
    ['id', { id: 'a b' }],
    ['generation', { generation: 2 ** 53 - 1 }],
    ['trips', { trips: -1 }],
    ['why', { why: '\u001b' }],
    ['since', { since: 'yesterday' }],
    ['until', { until: 1e300 }],
    ['leftMs', { leftMs: 1e15 }],
  ])('are taken beside one with a wrong %s, whose place is named', (field, more) => {
    const file = JSON.parse(writeHolds([held('a'), held('b')], clocks)) as { holds: object[] };
    file.holds[0] = { ...file.holds[0], ...more };
    const { holds, wrong } = readHolds(JSON.stringify(file), clocks);
    expect(holds).toEqual([held('b')]);
    expect(wrong).toEqual([expect.stringMatching(`^holds\\.0\\.${field}: `) as string]);
  });

  it('of whatever a file holds never throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(readHolds(text, clocks).holds).toEqual([]);
      }),
    );
    fc.assert(
      fc.property(fc.array(fc.jsonValue(), { maxLength: 20 }), (holds) => {
        const { wrong } = readHolds(JSON.stringify({ version: 1, holds }), clocks);
        expect(wrong.length).toBeLessThanOrEqual(10);
      }),
    );
  });
});
