import { Keys } from '../../../../adapters/redis/keys';

const shared = (keys: Keys) => [
  keys.members,
  keys.places,
  keys.changes,
  keys.channel,
  keys.journal,
];

describe('the names in Redis', () => {
  it('on one Redis are those of every version: old and new instances share what they know', () => {
    const keys = new Keys('p:');
    expect([keys.state('a'), keys.tally('a'), keys.lease('a'), keys.shares('a', 'calls')]).toEqual([
      ...['p:{a}:state', 'p:{a}:tally', 'p:{a}:lease', 'p:{a}:calls'],
    ]);
    expect(shared(keys)).toEqual(['p:members', 'p:places', 'p:changes', 'p:states', 'p:journal']);
    expect(keys.shards).toEqual([0]);
    expect([keys.shard('a'), keys.latest(0), keys.trial(0)]).toEqual([0, 'p:latest', 'p:trial']);
  });

  it('in a Cluster have the tag of a shard, the same on every machine; limits have one for all', () => {
    const keys = new Keys('p:', true);
    expect(keys.shards).toHaveLength(8);
    expect([keys.state('carrier-a'), keys.latest(keys.shard('carrier-a'))]).toEqual([
      ...['p:{426}:carrier-a:state', 'p:{426}:latest'],
    ]);
    const tagOf = (key: string) => /\{(.*?)\}/.exec(key)?.[1];
    for (const trunk of ['a', 'b', 'ü', 'x{y}z', '']) {
      const shard = keys.shard(trunk);
      const [state, ...others] = [
        ...[keys.state(trunk), keys.tally(trunk), keys.lease(trunk)],
        ...[keys.latest(shard), keys.trial(shard)],
      ].map(tagOf);
      expect(others).toEqual([state, state, state, state]);
      expect(tagOf(keys.shares(trunk, 'calls'))).toBe('limits');
    }
  });

  it('divide trunks evenly', () => {
    const keys = new Keys('p:', true);
    const counts = keys.shards.map(() => 0);
    for (let index = 0; index < 8_000; index++) counts[keys.shard(`carrier-${index}`)]! += 1;
    expect(Math.min(...counts)).toBeGreaterThan(800);
  });
});
