/**
 * The clients of `npm run bench:dashboards`: pages of the dashboard, each asking what its view asks as often as it does
 * and following the events, and a Prometheus. Told by the parent which port they ask, and `end`. Browsers and Prometheus
 * are on other machines: here they take of the processors what the service leaves.
 */
import { constants, setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { EVENTS, METRICS, NOW, VIEWS } from './views';

setPriority(constants.priority.PRIORITY_LOW);
const [, , pages = '10'] = process.argv;
let base = '';
let aborter = new AbortController();
let counts = { answers: 0, failed: 0, scrapes: 0, eventBytes: 0 };

async function ask(path: string): Promise<void> {
  const { signal } = aborter;
  const response = await fetch(base + path, { signal });
  await response.arrayBuffer();
  if (path === METRICS) counts.scrapes += 1;
  else if (response.ok) counts.answers += 1;
  else counts.failed += 1;
}

/** As of a page that was opened at any time: a block sees its share of what is asked seldom. */
async function again(path: () => string, seconds: number): Promise<void> {
  const { signal } = aborter;
  await pause(seconds * Math.random() * 1_000, undefined, { signal });
  for (;;) {
    await ask(path());
    await pause(seconds * 1_000, undefined, { signal });
  }
}

async function follow(): Promise<void> {
  const { body } = await fetch(`${base}${EVENTS}`, { signal: aborter.signal });
  for await (const chunk of body ?? []) counts.eventBytes += (chunk as Uint8Array).length;
}

/** @param port of the service, or of what stands in for it */
function begin(port: number): void {
  base = `http://127.0.0.1:${port}`;
  aborter = new AbortController();
  counts = { answers: 0, failed: 0, scrapes: 0, eventBytes: 0 };
  const all = [again(() => METRICS, 1)];
  for (let page = 0; page < Number(pages); page += 1) {
    all.push(follow());
    for (const [path, seconds] of VIEWS[page % VIEWS.length] ?? NOW) all.push(again(path, seconds));
  }
  for (const one of all)
    void one.catch((error: unknown) => {
      if (!aborter.signal.aborted) throw error;
    });
}

process.on('message', (message: number | 'end') => {
  if (message !== 'end') begin(message);
  else {
    process.send?.(counts);
    aborter.abort();
  }
});
process.once('disconnect', () => process.exit());
process.send?.('ready');
