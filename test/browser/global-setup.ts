import { provideChromium } from '../../lab/provision/chromium';

/** Without a real browser this suite has nothing to show: it fails, it does not skip. */
export default async function globalSetup(): Promise<void> {
  process.env['CRANKBACK_TEST_CHROMIUM'] = await provideChromium();
}
