import { aptInstall } from './debian/apt-install';
import { findProgram } from './find-program';
import { succeeds } from './run-command';

/** Debian's package, and what other systems call it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser on this machine. Installs Debian's as root if there is none; throws if that is not possible. */
export async function provideChromium(): Promise<string> {
  const found = await findProgram(NAMES);
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || !(await succeeds(['apt-get', '--version']))) {
    throw new Error('chromium is missing. What to do: install it, or run this as root on Debian.');
  }
  // Without a font it draws no text; Korean needs one of its own.
  await aptInstall(['chromium', 'fonts-dejavu-core'], ['fonts-nanum']);
  const installed = await findProgram(NAMES);
  if (installed !== undefined) return installed;
  throw new Error('chromium was installed and is not there: look at the output of apt-get.');
}
