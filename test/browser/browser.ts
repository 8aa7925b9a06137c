import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** A browser of its own, with a profile of its own, that asks nobody but us. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CRANKBACK_TEST_CHROMIUM'] ?? 'chromium',
    headless: true,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}

export const DESK = { width: 1280, height: 900 };
export const PHONE = { width: 360, height: 740 };

export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the browser complained of: errors, and whatever the page's policy (CSP) refused. */
  readonly complaints: readonly string[];
}

/** A page at an address, in a context of its own. */
export async function open(
  browser: Browser,
  url: string,
  { token, ...options }: Parameters<Browser['newContext']>[0] & { readonly token?: string } = {},
): Promise<Opened> {
  const context = await browser.newContext({
    ...{ viewport: DESK, locale: 'en-GB', reducedMotion: 'reduce', timezoneId: 'Etc/UTC' },
    ...options,
  });
  context.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  if (token !== undefined)
    await page.addInitScript(`sessionStorage.setItem('crankback-token', '${token}')`);
  await page.addInitScript(
    `document.addEventListener('securitypolicyviolation', (event) =>
       console.error('refused by the page’s policy: ' + event.violatedDirective));`,
  );
  await page.goto(url);
  return { page, context, complaints };
}
