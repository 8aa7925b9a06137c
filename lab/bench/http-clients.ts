/** The clients of `npm run bench:http`: one reads calls without a pause, the others follow the events. */
import { setTimeout as pause } from 'node:timers/promises';

const [, , port = '', followers = '10'] = process.argv;
const base = `http://127.0.0.1:${port}/v1`;

async function main(): Promise<void> {
  const end = new AbortController();
  const { signal } = end;
  let [events, pages, bytes] = [0, 0, 0];
  const follow = async (): Promise<void> => {
    const { body } = await fetch(`${base}/events`, { signal });
    for await (const chunk of body ?? []) {
      events += Buffer.from(chunk).toString().split('\nevent: ').length - 1;
    }
  };
  const read = async (): Promise<void> => {
    let next = '';
    while (!signal.aborted) {
      const response = await fetch(`${base}/calls?limit=200${next}`, { signal });
      const text = await response.text();
      if (response.ok) [pages, bytes] = [pages + 1, bytes + text.length];
      const page = JSON.parse(text) as { next?: string };
      next = page.next === undefined ? '' : `&cursor=${page.next}`;
      // Below the limit of rates.
      await pause(50);
    }
  };
  const all = [read(), ...Array.from({ length: Number(followers) }, follow)];
  const begun = performance.now();
  process.send?.('ready');
  process.once('message', () => {
    end.abort();
    const seconds = (performance.now() - begun) / 1_000;
    const each = Math.round(events / Number(followers) / seconds);
    process.send?.(
      `${pages} pages, ${Math.round(bytes / 1_000)} kB; ${each} events/s to each of ${followers}`,
      () => process.exit(),
    );
  });
  await Promise.allSettled(all);
}

void main();
