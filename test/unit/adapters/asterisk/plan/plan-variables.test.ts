import type { PlanText } from '../../../../../adapters/asterisk/plan/plan-text';
import { PlanVariables } from '../../../../../adapters/asterisk/plan/plan-variables';

const SHARED = { text: 'all', isShared: true };
const OWN = { text: 'mine', isShared: false };

function asterisk() {
  const told: string[] = [];
  let fails = false;
  const tell = (line: string): Promise<void> => {
    told.push(line);
    return fails ? Promise.reject(new Error('gone')) : Promise.resolve();
  };
  const variables = new PlanVariables({
    setVariable: (channel, name, value) => tell(`${channel} ${name}=${value}`),
    setGlobal: (name, value) => tell(`${name}=${value}`),
    deleteGlobal: (name) => tell(`delete ${name}`),
  });
  return {
    variables,
    /** As for each answer that has a plan with it. */
    leave: async (channel: string, plan: PlanText) => {
      const named = variables.named(plan);
      if (!variables.has(named)) await variables.leave(channel, named);
      return named.name;
    },
    fail: (yes: boolean) => (fails = yes),
    /** What has been asked of Asterisk since the last look. */
    said: () => told.splice(0),
  };
}

describe('a plan', () => {
  it('that many calls have is published once; the first call does not wait for that', async () => {
    const { leave, said } = asterisk();
    const name = await leave('a', SHARED);
    expect(name).toMatch(/^[0-9a-f]{12}$/);
    expect(said()).toEqual([`CRANKBACK_PLAN_${name}=all`, `a CRANKBACK_PLAN_${name}=all`]);
    expect(await leave('b', SHARED)).toBe(name);
    expect(said()).toEqual([]);
  });

  it('of one call alone is left with that call', async () => {
    const { leave, said } = asterisk();
    const name = await leave('a', OWN);
    expect(await leave('b', OWN)).toBe(name);
    expect(said()).toEqual([`a CRANKBACK_PLAN_${name}=mine`, `b CRANKBACK_PLAN_${name}=mine`]);
  });

  it('is published by the next call where that has failed, and harms no call', async () => {
    const { leave, said, fail } = asterisk();
    fail(true);
    const name = await leave('a', SHARED);
    fail(false);
    said();
    await leave('b', SHARED);
    expect(said()).toContain(`CRANKBACK_PLAN_${name}=all`);
  });

  it('of an earlier policy is taken back, and published again when it is wanted again', async () => {
    const { variables, leave, said } = asterisk();
    const name = await leave('a', SHARED);
    said();
    const cleared = variables.clear();
    await leave('b', SHARED);
    await cleared;
    expect(said()).toEqual([`delete CRANKBACK_PLAN_${name}`, `b CRANKBACK_PLAN_${name}=all`]);
    await leave('c', SHARED);
    expect(said()[0]).toBe(`CRANKBACK_PLAN_${name}=all`);
  });

  it('is published anew when Asterisk may have been restarted', async () => {
    const { variables, leave, said } = asterisk();
    const name = await leave('a', SHARED);
    variables.forget();
    said();
    await leave('b', SHARED);
    expect(said()).toContain(`CRANKBACK_PLAN_${name}=all`);
  });

  it('is one of 64 at most that are published', async () => {
    const { leave, said } = asterisk();
    for (let count = 0; count < 70; count++)
      await leave('a', { text: String(count), isShared: true });
    expect(said().filter((line) => line.startsWith('CRANKBACK_PLAN_'))).toHaveLength(64);
  });
});
