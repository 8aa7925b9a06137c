import { fuzz } from '../properties/hep';

/** The figure that CHANGELOG and the issue name. */
const INPUTS = 1_000_000;
/** In one run fast-check keeps what it needs for shrinking. */
const PER_RUN = 20_000;

it(
  'a million datagrams crash nothing, hang nothing and grow nothing',
  () => {
    let slowestMs = 0;
    const results: Record<string, number> = {};
    const [rssBefore, started] = [process.memoryUsage().rss, performance.now()];
    for (let done = 0; done < INPUTS; done += PER_RUN) {
      const figures = fuzz(PER_RUN);
      slowestMs = Math.max(slowestMs, figures.slowestMs);
      for (const [result, count] of Object.entries(figures.results))
        results[result] = (results[result] ?? 0) + count;
    }
    const grownMb = Math.round((process.memoryUsage().rss - rssBefore) / 1024 / 1024);
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log({ inputs: INPUTS, seconds, slowestMs, grownMb, results });
    expect(Object.values(results).reduce((sum, count) => sum + count, 0)).toBe(INPUTS);
    // A hang; a stop of the garbage collector is far below.
    expect(slowestMs).toBeLessThan(2_000);
  },
  60 * 60 * 1000,
);
