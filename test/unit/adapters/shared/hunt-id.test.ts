import { callerOf, huntIdOf } from '../../../../adapters/shared/hunt-id';

it.each(['1795239432.947', 'uuid-a', 'a@b'])('the hunt id of leg A %s leads back to it', (leg) => {
  expect(callerOf(huntIdOf(leg, 1_795_239_432_947))).toBe(leg);
});

it('two hunts of one leg A have different ids', () => {
  expect(huntIdOf('a', 1)).not.toBe(huntIdOf('a', 2));
});
