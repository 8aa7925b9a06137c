import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { administratorEnvironment } from './debian/administrator-environment';
import { aptInstall } from './debian/apt-install';
import { succeeds } from './run-command';

/** Debian's package, and what other systems call it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** The browser on this machine. Installs Debian's as root if there is none; throws if that is not possible. */
export async function provideChromium(): Promise<string> {
  const found = await findChromium();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || !(await succeeds(['apt-get', '--version']))) {
    throw new Error('chromium is missing. What to do: install it, or run this as root on Debian.');
  }
  // Without a font it draws no text; Korean needs one of its own.
  await aptInstall(['chromium', 'fonts-dejavu-core'], ['fonts-nanum']);
  const installed = await findChromium();
  if (installed !== undefined) return installed;
  throw new Error('chromium was installed and is not there: look at the output of apt-get.');
}

async function findChromium(): Promise<string | undefined> {
  for (const folder of (administratorEnvironment().PATH ?? '').split(delimiter))
    for (const name of NAMES) {
      const path = join(folder, name);
      const isThere = await access(path, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (isThere) return path;
    }
  return undefined;
}
