/** The dashboard's looks in a real browser: for everybody, in light and dark, on a phone; its pictures for the docs. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { DESK, open, PHONE, startBrowser } from './browser';
import { DEFAULT_HEALTH } from '../../src/policy/health-settings';
import { SingleInstanceStore } from '../../src/trunks/health/single-instance-store';
import type { LimitSeen } from '../../src/trunks/limits/trunk-limits';
import type { RecordedCalls } from '../doubles/recorded-calls';
import { anHour, held, Served } from './served';

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
  ['fleet', 'fleet', '#shared-limits'],
];

let browser: Browser;
let served: Served;

beforeAll(async () => {
  served = new Served(recorded(), { store: bounded(), limitsOf });
  served.trunks.hold('carrier-b', { by: 'operator', why: 'works until noon' });
  [browser] = await Promise.all([startBrowser(), served.start()]);
});
afterAll(async () => {
  await browser.close();
  await served.stop();
});

/** The hour with what else happened in it. */
function recorded(): RecordedCalls {
  const calls = anHour();
  const at = Date.now();
  calls.write([
    { kind: 'pbx-connected', at: at - 50 * 60_000, pbx: 'asterisk' },
    { kind: 'pbx-gone', at: at - 7 * 60_000, pbx: 'freeswitch', why: 'connect ECONNREFUSED' },
    held('carrier-b', 'works until noon'),
  ]);
  return calls;
}

/** Trunks that the policy judges: carrier-a is answered seldom. */
function bounded(): SingleInstanceStore {
  const quality = {
    asr: { share: 0.35, minimum: 50, window: 600_000 },
    pdd: { above: 8_000, minimum: 20, window: 300_000 },
  };
  const store = new SingleInstanceStore({
    trunks: new Map([
      ['carrier-a', { ...DEFAULT_HEALTH, quality }],
      ['carrier-b', DEFAULT_HEALTH],
      ['carrier-c', DEFAULT_HEALTH],
    ]),
    ...{ now: Date.now, random: () => 0, instance: 'test' },
  });
  const failure = { class: 'busy', fault: 'callee', rang: false, sip: 486, origin: 'far' } as const;
  for (let index = 0; index < 24; index += 1)
    store.report({
      ...{ trunk: 'carrier-a', number: '0301', hunt: `h${index}` },
      outcome: index % 2 === 0 ? { kind: 'answered' } : { kind: 'failed', failure },
    });
  return store;
}

function limitsOf(trunk: string): readonly LimitSeen[] {
  if (trunk === 'carrier-c') return [];
  const [inUse, share] = trunk === 'carrier-a' ? [12, 20] : [6, 6];
  return [
    { counts: 'concurrent_calls', inUse, limit: 30, share, instances: 2 },
    ...(trunk === 'carrier-a'
      ? [{ counts: 'calls_per_second' as const, inUse: 1, limit: 5, share: 3, instances: 2 }]
      : []),
  ];
}

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

it.each([
  ['en', 1280],
  ['en', 970],
  ['ko', 970],
  ['ru', 970],
] as const)('no heading of a table is broken within a word: %s, %d wide', async (locale, width) => {
  const { page, context } = await open(browser, served.at(), {
    ...{ locale, viewport: { width, height: 800 } },
  });
  await page.locator('table.list .sparkline').first().waitFor();
  expect(await page.evaluate('document.scrollingElement.scrollWidth')).toBe(width);
  expect(await page.evaluate(BROKEN)).toEqual([]);
  await context.close();
});

/** Words of headings that stand on two lines. */
const BROKEN = `[...document.querySelectorAll('table.list thead th')].flatMap((head) => {
  const node = head.firstChild;
  return [...(node?.data ?? '').matchAll(/\\S+/g)].flatMap(({ 0: word, index }) => {
    const range = document.createRange();
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    return range.getClientRects().length > 1 ? [word] : [];
  });
})`;

it('the fleet shows what instances share of limits, and whose share is used up', async () => {
  const { page, context } = await open(browser, served.at('fleet'));
  const table = page.getByRole('table', { name: 'Shared limits' });
  const row = (trunk: string) => table.getByRole('row').filter({ hasText: trunk });
  await row('carrier-a').getByText('12 of 20: share of 30 over 2 instances').waitFor();
  await row('carrier-b')
    .locator('.bad')
    .getByText('6 of 6: share of 30 over 2 instances')
    .waitFor();
  expect(await row('carrier-c').count()).toBe(0);
  await context.close();
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
