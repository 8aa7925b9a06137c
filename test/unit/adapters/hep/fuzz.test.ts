import { fuzz } from '../../../properties/hep';

it('no datagram crashes, hangs or grows the collector; every stage is reached', () => {
  const { results } = fuzz(3_000);
  for (const stage of [
    'joined',
    'known',
    'ignored',
    'bad-sip',
    'bad-length',
    'incomplete',
  ] as const)
    expect(results[stage]).toBeGreaterThan(0);
});
