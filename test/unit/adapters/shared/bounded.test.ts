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

it('what was deleted, set again or cleared meanwhile does not change which key is the oldest', () => {
  const map = new BoundedMap<string, number>(2);
  map.set('a', 1).set('b', 2).set('c', 3);
  map.delete('b');
  map.set('b', 4).set('d', 5);
  expect([...map.keys()]).toEqual(['b', 'd']);
  map.clear();
  map.set('e', 6).set('f', 7).set('g', 8).set('h', 9);
  expect([...map.keys()]).toEqual(['g', 'h']);
});
