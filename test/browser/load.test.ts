/** Many trunks and many events: counted, since times would be those of the machine. */
import type { Browser } from 'playwright-core';
import { RecordedCalls } from '../doubles/recorded-calls';
import { open, startBrowser } from './browser';
import { begun, ended, Served } from './served';

jest.setTimeout(60_000);

const TRUNKS = Array.from({ length: 200 }, (_, index) => `carrier-${index}`);
const TEXT = `version: 1
emergency: []
trunks:
${TRUNKS.map((name) => `  ${name}: { dial: { asterisk: "PJSIP/{number}@${name}" } }`).join('\n')}
routes:
  - { digits: "*", trunks: [${TRUNKS.slice(0, 8).join(', ')}] }
`;
const ROUNDS = 5;
const EVENTS_A_ROUND = 600;

let browser: Browser;
let served: Served;

beforeAll(async () => {
  served = new Served(new RecordedCalls(TEXT), { text: TEXT });
  [browser] = await Promise.all([startBrowser(), served.start()]);
});
afterAll(async () => {
  await browser.close();
  await served.stop();
});

it('200 trunks and hundreds of events a second are drawn a few times a second, in bounded lists', async () => {
  const { page, context, complaints } = await open(browser, served.at());
  await page.getByText('200 in use').waitFor();
  expect(await page.locator('table.list tbody tr').count()).toBe(200);
  await page.getByLabel('Find a trunk').fill('carrier-19');
  await page.getByRole('link', { name: 'carrier-199' }).waitFor();
  expect(await page.locator('table.list tbody tr').count()).toBe(11);
  await page.getByLabel('Find a trunk').fill('');
  await page.goto(served.at('calls'));
  await page.getByText('● Live').waitFor();
  await page.evaluate(
    `window.drawn = 0; window.tasks = 0; window.since = performance.now();
     new MutationObserver(() => { window.drawn += 1; }).observe(document.querySelector('.connection'), { subtree: true, characterData: true, childList: true });
     new PerformanceObserver((list) => { window.tasks += list.getEntries().length; }).observe({ type: 'longtask' });`,
  );
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let index = 0; index < EVENTS_A_ROUND; index += 2) {
      served.tell(begun(`hunt-${round}-${index}`, `04${round}${index}`));
      served.tell(ended(`hunt-${round - 1}-${index}`));
    }
    const count = ((round + 1) * EVENTS_A_ROUND).toLocaleString('en-GB');
    await page.getByText(`${count} events`).waitFor();
  }
  const [drawn, tasks, ms] = await page.evaluate<[number, number, number]>(
    '[window.drawn, window.tasks, performance.now() - window.since]',
  );
  // Once each quarter of a second at most, whatever comes; nothing else may take long.
  expect(drawn).toBeGreaterThanOrEqual(ROUNDS);
  expect(drawn).toBeLessThanOrEqual(ms / 250 + 1);
  expect(tasks).toBeLessThanOrEqual(2 * drawn);
  expect(await page.locator('table.list tbody tr').count()).toBe(30);
  expect(complaints).toEqual([]);
  await context.close();
});
