import { suites } from '../../suites.json';

const { projects } = jest.requireActual<{ projects: { displayName: string }[] }>(
  '../../../jest.config.js',
);
/** Longer than a change should wait: `npm run test:long`. */
const LONG = ['debian', 'long'];

test('`npm test` has every suite of jest once, but the long ones', () => {
  const names = projects.map(({ displayName }) => displayName);
  expect(suites.map(({ name }) => name).sort()).toEqual(
    names.filter((name) => !LONG.includes(name)).sort(),
  );
});
