import { providePromtool } from '../../lab/provision/promtool';

/** Without a real promtool this suite has nothing to show: it fails, it does not skip. */
export default async function globalSetup(): Promise<void> {
  process.env.CRANKBACK_TEST_PROMTOOL = await providePromtool();
}
