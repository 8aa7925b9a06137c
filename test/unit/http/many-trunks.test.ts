/** A policy of 10,000 trunks: calls are decided between the slices of an answer. */
import { Registry } from 'prom-client';
import { createHttpServer } from '../../../src/http/server';
import { DEFAULT_HEALTH } from '../../../src/policy/health-settings';
import { Journal } from '../../../src/records/journal';
import { SingleInstanceStore } from '../../../src/trunks/health/single-instance-store';
import { serveV1 } from '../../doubles/v1';

const TRUNKS = 10_000;
/** As many as are read in a millisecond or two. */
const MOST_AT_ONCE = 250;

/** Counts how many trunks are read between two turns of the loop. */
class WatchedStore extends SingleInstanceStore {
  most = 0;
  private sinceTurn = 0;

  override reportOf(trunk: string) {
    if (this.sinceTurn === 0) setImmediate(() => (this.sinceTurn = 0));
    this.sinceTurn += 1;
    this.most = Math.max(this.most, this.sinceTurn);
    return super.reportOf(trunk);
  }
}

it.each(['/trunks', '/v1/trunks'])('%s is read in slices', async (url) => {
  const names = Array.from({ length: TRUNKS }, (_, index) => `trunk-${index}`);
  const trunks = new WatchedStore({
    trunks: new Map(names.map((name) => [name, DEFAULT_HEALTH])),
    ...{ now: () => 1_000, random: () => 0, instance: 'test' },
  });
  const { server } = url === '/trunks' ? { server: plain(trunks) } : serveV1({ store: trunks });
  const answer = await server.inject(url);
  await server.close();
  const told = answer.json<{ trunks: { trunk: string }[] }>().trunks;
  expect(told.map(({ trunk }) => trunk)).toEqual(names);
  expect(trunks.most).toBeGreaterThan(0);
  expect(trunks.most).toBeLessThanOrEqual(MOST_AT_ONCE);
});

function plain(trunks: SingleInstanceStore) {
  return createHttpServer({
    ...{ registry: new Registry(), journal: new Journal({ hunts: 1 }), trunks },
    ...{ readiness: () => [], warnings: () => [] },
  });
}
