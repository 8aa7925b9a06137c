/** Follows docs/guides on a machine with an untouched Asterisk: writes the files, runs the commands, makes the calls. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildDebian } from '../../../lab/release/debian/build';
import { provision } from '../../../lab/provision';
import { aptInstall } from '../../../lab/provision/debian/apt-install';
import { succeeds } from '../../../lab/provision/run-command';
import { stepsOf, type FileStep } from '../../doubles/guides';
import { packed, type Packed } from '../../doubles/packed';
import { Calls } from '../calls';
import { Machine } from '../machine';
import { asteriskImage } from '../machine-images';
import { Follower } from './follower';

const ROOT = join(__dirname, '../../..');
const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
};

jest.setTimeout(300_000);

let made: Packed;
let machine: Machine;
let follower: Follower;

beforeAll(async () => {
  if (!(await succeeds(['dh', '--version']))) await aptInstall(['debhelper']);
  const tools = await provision({ log: () => undefined });
  const image = await asteriskImage(tools, 'valkey-server valkey-tools');
  made = packed();
  const folder = join(made.folder, 'debian');
  mkdirSync(folder);
  const date = new Date('2026-01-02T03:04:05Z');
  const deb = { root: ROOT, staged: made.staged, version: VERSION, date, env: {} };
  machine = await Machine.boot(image, 'crankback-test-guides');
  machine.copy(
    buildDebian({ ...deb, folder: join(folder, 'build') }),
    `/root/crankback_${VERSION}_all.deb`,
  );
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
