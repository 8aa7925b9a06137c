/** The dashboard's looks in a real browser: for everybody, in light and dark, on a phone; its pictures for the docs. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { DESK, open, PHONE, startBrowser } from './browser';
import { anHour, Served } from './served';

jest.setTimeout(60_000);

/** `CRANKBACK_TEST_SCREENSHOTS=true`: the pictures of docs/dashboard.md are taken anew. */
const PICTURES = join(__dirname, '../../docs/dashboard');

/** Each view with a sign that it is whole. */
const VIEWS: readonly (readonly [name: string, place: string, whole: string])[] = [
  ['now', '', 'table.list .sparkline'],
  ['trunk', 'trunk/carrier-a', 'canvas >> nth=1'],
  ['calls', 'calls', 'table.list'],
  ['call', 'call/0895555555', '.ladder li.failed'],
  ['policy', 'policy', '.file .used'],
  ['fleet', 'fleet', 'table.list'],
];

let browser: Browser;
let served: Served;

beforeAll(async () => {
  served = new Served(anHour());
  served.trunks.hold('carrier-b', { by: 'operator', why: 'works until noon' });
  [browser] = await Promise.all([startBrowser(), served.start()]);
});
afterAll(async () => {
  await browser.close();
  await served.stop();
});

describe.each([
  ['desk', DESK, ['light', 'dark']],
  ['phone', PHONE, ['dark', 'light']],
] as const)('on a %s', (size, viewport, [colorScheme, other]) => {
  it.each(VIEWS)(
    '%s can be read by everybody, light and dark, and fits the screen',
    async (name, place, whole) => {
      const { page, context, complaints } = await open(browser, served.at(place), {
        ...{ colorScheme, viewport },
      });
      try {
        await page.locator(whole).first().waitFor();
        await page.getByText('Asking …').first().waitFor({ state: 'detached' });
        expect(await findings(page)).toEqual([]);
        expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBe(viewport.width);
        if (process.env['CRANKBACK_TEST_SCREENSHOTS'] === 'true')
          await picture(page, `${name}-${colorScheme}-${size}`);
        await page.emulateMedia({ colorScheme: other });
        expect(await findings(page)).toEqual([]);
        expect(complaints).toEqual([]);
      } finally {
        await context.close();
      }
    },
  );
});

it('finds what is wrong with a page', async () => {
  const { page, context } = await open(browser, served.at());
  await page.locator('.sparkline').first().waitFor();
  await page.evaluate(
    `document.querySelectorAll('label').forEach((one) => one.replaceWith(one.querySelector('select')))`,
  );
  expect(await findings(page)).toEqual([expect.stringContaining('select-name') as string]);
  await context.close();
});

/** Serious and critical findings, each with its first element. */
async function findings(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, help, nodes: [first] }) =>
        `${id}: ${help}: ${first?.html ?? ''} ${first?.failureSummary ?? ''}`,
    );
}

async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}
