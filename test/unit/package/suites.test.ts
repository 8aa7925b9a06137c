import { suites } from '../../suites.json';

const { projects } = jest.requireActual<{ projects: { displayName: string }[] }>(
  '../../../jest.config.js',
);
/** Longer than a change should wait: `npm run test:long`. */
const LONG = ['debian', 'long'];
/** Of the quarter of an hour that `.ci/run` may take, a minute is for the install and the build. Seconds. */
const LANE_LIMIT = 14 * 60;

test('`npm test` has every suite of jest once, but the long ones', () => {
  const names = projects.map(({ displayName }) => displayName);
  expect(suites.map(({ name }) => name).sort()).toEqual(
    names.filter((name) => !LONG.includes(name)).sort(),
  );
});

test.each(['lab', 'measures', 'computes'])(
  'the budgets of the lane %s keep `.ci/run` within a quarter of an hour',
  (lane) => {
    const here = suites.filter((suite) => suite.lane === lane);
    expect(here).not.toEqual([]);
    const seconds = here.reduce((sum, { budgetSeconds }) => sum + budgetSeconds, 0);
    expect(seconds).toBeLessThanOrEqual(LANE_LIMIT);
  },
);
