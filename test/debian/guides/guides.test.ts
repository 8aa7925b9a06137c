/**
 * Follows docs/guides on a machine with an untouched Asterisk, and on one with FreeSWITCH's vanilla configuration: writes the
 * files, runs the commands, makes the calls.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildDebian } from '../../../lab/release/debian/build';
import { provision, type DockerTools } from '../../../lab/provision';
import { aptInstall } from '../../../lab/provision/debian/apt-install';
import { succeeds } from '../../../lab/provision/run-command';
import { stepsOf, type FileStep } from '../../doubles/guides';
import { packed, type Packed } from '../../doubles/packed';
import { Calls } from '../calls';
import { Machine } from '../machine';
import { asteriskImage, freeswitchImage } from '../machine-images';
import { WITHOUT_NETWORK } from '../story/freeswitch';
import { Follower } from './follower';

const ROOT = join(__dirname, '../../..');
const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
};

const FREESWITCH_IMAGE = process.env.CRANKBACK_TEST_FREESWITCH_IMAGE ?? '';

jest.setTimeout(300_000);

let tools: DockerTools;
let made: Packed;
let deb: string;
let machine: Machine;
let follower: Follower;

beforeAll(async () => {
  if (!(await succeeds(['dh', '--version']))) await aptInstall(['debhelper']);
  tools = await provision({ log: () => undefined });
  const image = await asteriskImage(tools, 'valkey-server valkey-tools');
  made = packed();
  const folder = join(made.folder, 'debian');
  mkdirSync(folder);
  const date = new Date('2026-01-02T03:04:05Z');
  const build = { root: ROOT, staged: made.staged, version: VERSION, date, env: {} };
  deb = buildDebian({ ...build, folder: join(folder, 'build') });
  machine = await Machine.boot(image, 'crankback-test-guides');
  machine.copy(deb, `/root/crankback_${VERSION}_all.deb`);
  follower = new Follower(machine, new Calls(machine), made.folder);
}, 900_000);

afterAll(() => {
  machine.stop();
  rmSync(made.folder, { recursive: true, force: true });
});

it.each(['asterisk', 'homer', 'several-instances', 'upgrade', 'uninstall'])(
  'docs/guides/%s.md leads where it says',
  (name) => follower.follow(`docs/guides/${name}.md`),
);

it('docs/guides/freepbx.md leads where it says, where a few files stand for FreePBX', async () => {
  const etc = '/etc/asterisk';
  machine.copy(join(__dirname, 'freepbx-extensions.conf'), `${etc}/extensions.conf`);
  machine.copy(join(__dirname, 'freepbx-additional.conf'), `${etc}/extensions_additional.conf`);
  machine.does(
    `: > ${etc}/extensions_custom.conf; printf '[general]\\nenabled = yes\\n#include ari_additional_custom.conf\\n' > ${etc}/ari.conf; : > ${etc}/ari_additional_custom.conf; printf '[general]\\nenabled = yes\\nbindaddr = 127.0.0.1\\n' > ${etc}/http.conf`,
  );
  const steps = stepsOf('docs/guides/freepbx.md');
  const files = steps.filter((step): step is FileStep => step.kind === 'file');
  const hook = files.find(({ text }) => text.includes('predial-hook'));
  machine.does(`apt-get install --yes /root/crankback_${VERSION}_all.deb`);
  expect(machine.does('crankback init --yes --dialplan')).toContain('FreePBX');
  await follower.take(files.find(({ how }) => how === 'now')!);
  await follower.take(hook!);
  machine.does("sed -i 's/^mode: observe/mode: decide/' /etc/crankback/policy.yaml");
  machine.does('systemctl restart asterisk && systemctl start crankback');
  await machine.says(
    'curl --silent http://127.0.0.1:8090/ready',
    /"ready":true,"reasons":\[\],"warnings":\[\]/,
  );
  for (const step of steps) if (step.kind === 'calls') await follower.take(step);
  machine.does('systemctl stop crankback');
  const [dead] = steps.flatMap((step) => (step.kind === 'calls' ? step.calls : []));
  await follower.take({ kind: 'calls', page: '', line: 0, calls: [dead!] });
});

if (FREESWITCH_IMAGE !== '')
  it('docs/guides/freeswitch.md leads where it says, from the vanilla configuration and back', async () => {
    const page = 'docs/guides/freeswitch.md';
    const etc = '/etc/freeswitch';
    const image = await freeswitchImage(tools, FREESWITCH_IMAGE);
    const pbx = await Machine.boot(image, 'crankback-test-guide-freeswitch');
    try {
      pbx.copy(deb, `/root/crankback_${VERSION}_all.deb`);
      pbx.copy(join(__dirname, 'freeswitch-register.xml'), '/root/register.xml');
      pbx.does(`cd ${etc} && ${WITHOUT_NETWORK.join(' && ')}`);
      const cli = (command: string): string => `fs_cli -p choose-another -x '${command}'`;
      const ready = async (): Promise<void> => {
        await pbx.says(cli('sofia status'), /carrier-[ab]\s[^]*carrier-[ab]\s/);
        const registered = cli('sofia status profile internal reg');
        if (pbx.does(registered).includes('1001@')) return;
        pbx.does('sipp -sf /root/register.xml -i 127.0.0.21 -p 5062 -m 1 -nostdin 127.0.0.1:5060');
        await pbx.says(registered, /1001@/);
      };
      const following = new Follower(pbx, new Calls(pbx), made.folder, {
        name: 'FreeSWITCH',
        ready,
      });
      const configuration = (): string =>
        pbx.does(
          `cd ${etc} && find . -type f -exec sha256sum {} + -printf "%m %u %g %p\\n" | sort`,
        );
      let before = '';
      for (const step of stepsOf(page)) {
        // Step 2 of the page.
        if (step.kind === 'shell' && step.text.startsWith('apt-get')) before = configuration();
        await following.take(step).catch((error: unknown) => {
          throw new Error(`${page}:${step.line}: ${(error as Error).message}`, { cause: error });
        });
      }
      expect(before).not.toBe('');
      expect(configuration()).toBe(before);
    } finally {
      pbx.stop();
    }
  }, 600_000);
