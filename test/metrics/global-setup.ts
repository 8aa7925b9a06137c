import { providePromtool } from '../../lab/provision/promtool';
import { provideRsyslog } from '../../lab/provision/rsyslog';

/** Without the real programs this suite has nothing to show: it fails, it does not skip. */
export default async function globalSetup(): Promise<void> {
  process.env.CRANKBACK_TEST_PROMTOOL = await providePromtool();
  process.env.CRANKBACK_TEST_RSYSLOG = JSON.stringify(await provideRsyslog());
}
