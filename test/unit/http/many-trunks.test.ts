/** A policy of 10,000 trunks: calls are decided between the slices of an answer. */
import { Registry } from 'prom-client';
import { createHttpServer } from '../../../src/http/server';
import type { TrunkOffers } from '../../../src/http/trunks';
import { DEFAULT_HEALTH } from '../../../src/policy/health-settings';
import { Journal } from '../../../src/records/journal';
import { SingleInstanceStore } from '../../../src/trunks/health/single-instance-store';
import { serveV1 } from '../../doubles/v1';

const TRUNKS = 10_000;
/** As many as are read in a millisecond or two. */
const MOST_AT_ONCE = 250;

/** Counts how often it is asked between two turns of the loop. */
class Watch {
  most = 0;
  private sinceTurn = 0;

  asked(): void {
    if (this.sinceTurn === 0) setImmediate(() => (this.sinceTurn = 0));
    this.sinceTurn += 1;
    this.most = Math.max(this.most, this.sinceTurn);
  }
}

class WatchedStore extends SingleInstanceStore {
  readonly watch = new Watch();

  override reportOf(trunk: string) {
    this.watch.asked();
    return super.reportOf(trunk);
  }
}

it.each(['/trunks', '/v1/trunks'])('%s is read in slices', async (url) => {
  const names = Array.from({ length: TRUNKS }, (_, index) => `trunk-${index}`);
  const trunks = new WatchedStore({
    trunks: new Map(names.map((name) => [name, DEFAULT_HEALTH])),
    ...{ now: () => 1_000, random: () => 0, instance: 'test' },
  });
  const learned = new Watch();
  const offers: TrunkOffers = {
    of: () => {
      learned.asked();
      return { codecs: [{ name: 'PCMA', clockRate: 8000 }], until: 2_000 };
    },
    forget: () => undefined,
  };
  const { server } =
    url === '/trunks' ? { server: plain(trunks, offers) } : serveV1({ store: trunks, offers });
  const answer = await server.inject(url);
  await server.close();
  const told = answer.json<{ trunks: { trunk: string; offer: { codecs: unknown } }[] }>().trunks;
  expect(told.map(({ trunk }) => trunk)).toEqual(names);
  expect(told.at(-1)?.offer.codecs).toHaveLength(1);
  for (const { most } of [trunks.watch, learned]) {
    expect(most).toBeGreaterThan(0);
    expect(most).toBeLessThanOrEqual(MOST_AT_ONCE);
  }
});

function plain(trunks: SingleInstanceStore, offers: TrunkOffers) {
  return createHttpServer({
    ...{ registry: new Registry(), journal: new Journal({ hunts: 1 }), trunks, offers },
    ...{ readiness: () => [], warnings: () => [] },
  });
}
