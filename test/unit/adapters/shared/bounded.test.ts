import { BoundedMap, BoundedSet } from '../../../../adapters/shared/bounded';

it('a bounded map forgets the key that was set first', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1).set('b', 2).set('a', 3).set('c', 4);
  expect([...map]).toEqual([
    ['b', 2],
    ['c', 4],
  ]);
});

it('a bounded set forgets the member that was added first', () => {
  const set = new BoundedSet<string>(2);
  set.add('a').add('b').add('a').add('c');
  expect([...set]).toEqual(['b', 'c']);
});
