/**
 * The clients of `npm run bench:dashboards`: pages of the dashboard, each asking what its view asks as often as it does
 * (`web/views`) and following the events, and a Prometheus. Told `begin` and `end` by the parent. Browsers and Prometheus
 * are on other machines: here they take of the processors what the service leaves.
 */
import { constants, setPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

setPriority(constants.priority.PRIORITY_LOW);
const [, , port = '', pages = '10'] = process.argv;
const base = `http://127.0.0.1:${port}`;

/** What a page asks again and again: path, and seconds between an answer and the next question. */
type View = readonly (readonly [path: () => string, seconds: number])[];

const anHourAgo = (): string => new Date(Date.now() - 3_600_000).toISOString();
const NOW: View = [
  [() => '/v1/trunks', 10],
  [() => '/v1/figures', 30],
  [() => '/v1/series?stepSeconds=300', 30],
  [() => '/v1/changes', 30],
];
const TRUNK: View = [
  [() => '/v1/trunks/carrier-1', 10],
  [() => `/v1/figures?trunk=carrier-1&since=${anHourAgo()}`, 30],
  [() => `/v1/series?trunk=carrier-1&since=${anHourAgo()}&stepSeconds=300`, 30],
  [() => `/v1/trunks/carrier-1/failures?since=${anHourAgo()}`, 30],
  [() => `/v1/changes?trunk=carrier-1&since=${anHourAgo()}`, 30],
];
const CALLS: View = [[() => '/v1/calls', 10]];
/** In turn: most look at what happens now. */
const VIEWS = [NOW, NOW, TRUNK, NOW, CALLS];

let aborter = new AbortController();
let counts = { answers: 0, failed: 0, scrapes: 0, eventBytes: 0 };

async function ask(path: string): Promise<void> {
  const { signal } = aborter;
  const response = await fetch(base + path, { signal });
  await response.arrayBuffer();
  if (path === '/metrics') counts.scrapes += 1;
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
  const { body } = await fetch(`${base}/v1/events`, { signal: aborter.signal });
  for await (const chunk of body ?? []) counts.eventBytes += (chunk as Uint8Array).length;
}

function begin(): void {
  aborter = new AbortController();
  counts = { answers: 0, failed: 0, scrapes: 0, eventBytes: 0 };
  const all = [again(() => '/metrics', 1)];
  for (let page = 0; page < Number(pages); page += 1) {
    all.push(follow());
    for (const [path, seconds] of VIEWS[page % VIEWS.length] ?? NOW) all.push(again(path, seconds));
  }
  for (const one of all)
    void one.catch((error: unknown) => {
      if (!aborter.signal.aborted) throw error;
    });
}

process.on('message', (message) => {
  if (message === 'begin') begin();
  else {
    process.send?.(counts);
    aborter.abort();
  }
});
process.once('disconnect', () => process.exit());
process.send?.('ready');
