import { join } from 'node:path';
import type { DockerTools } from '../../lab/provision';
import { getBaseImage } from '../../lab/provision/debian/base-image';
import { run } from '../../lab/provision/run-command';

const HINT = 'read what docker said';

/**
 * A Debian 13 with systemd and an untouched Asterisk.
 * @param packages of Debian, as well
 * @returns the image's tag
 */
export async function asteriskImage(tools: DockerTools, packages = ''): Promise<string> {
  await getBaseImage('trixie', [], () => undefined);
  return built(tools, 'asterisk', `PACKAGES=${packages}`);
}

/**
 * The same of an image with `freeswitch` and `fs_cli` in its PATH and the vanilla configuration in /etc/freeswitch.
 * @returns the image's tag
 */
export function freeswitchImage(tools: DockerTools, of: string): Promise<string> {
  return built(tools, 'freeswitch', `FREESWITCH=${of}`);
}

async function built(tools: DockerTools, pbx: string, argument: string): Promise<string> {
  const tag = `crankback-test/${pbx}`;
  const options = ['--build-arg', argument, '--tag', tag, join(__dirname, pbx)];
  await run([...tools.build, ...options], HINT, { env: tools.env });
  return tag;
}
