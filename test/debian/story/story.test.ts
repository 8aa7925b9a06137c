/**
 * From a running PBX to a protected trunk, and off again without a trace: what docs/install.md, docs/init.md,
 * docs/observing.md, docs/asterisk.md and docs/freeswitch.md tell an operator to type, on a machine with an untouched Debian
 * Asterisk, and on one with FreeSWITCH's vanilla configuration.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { provision, type DockerTools } from '../../../lab/provision';
import { aptInstall } from '../../../lab/provision/debian/apt-install';
import { debianImage, getBaseImage } from '../../../lab/provision/debian/base-image';
import { succeeds } from '../../../lab/provision/run-command';
import { buildDebian } from '../../../lab/release/debian/build';
import { buildImage } from '../../../lab/release/image/build';
import { ran } from '../../../lab/release/ran';
import type { PlayedCall } from '../../doubles/guides';
import { packed } from '../../doubles/packed';
import { Calls } from '../calls';
import { filesOf } from '../files-of';
import { Machine } from '../machine';
import { asterisk } from './asterisk';
import { freeswitch } from './freeswitch';
import { packageKinds, type Made } from './packages';

const ROOT = join(__dirname, '../../..');
const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
};
const NEXT = `${VERSION}+next`;
/** Debian has no FreeSWITCH: an image of Debian 13 that has it, `freeswitch` and `fs_cli` in its PATH. */
const FREESWITCH_IMAGE = process.env.CRANKBACK_TEST_FREESWITCH_IMAGE ?? '';
const PBXES = [asterisk, ...(FREESWITCH_IMAGE === '' ? [] : [freeswitch(FREESWITCH_IMAGE)])];
const STORIES = PBXES.flatMap((pbx) =>
  packageKinds(pbx.etc).map((kind, at) => ({
    pbx,
    kind,
    name: `${kind.name}, beside ${pbx.name}`,
    machineName: `crankback-test-story-${pbx.name.toLowerCase()}-${at}`,
  })),
);
/** Without the reading: docs/install.md promises ten minutes with it. */
const MACHINE_TIME_LIMIT_S = 240;

jest.setTimeout(300_000);

let made: Made;
let tools: DockerTools;

beforeAll(async () => {
  if (!(await succeeds(['dh', '--version']))) await aptInstall(['debhelper']);
  tools = await provision({ log: () => undefined });
  const { folder, staged, archive } = packed();
  const deb = (version: string): string => {
    const build = join(folder, version, 'build');
    mkdirSync(build, { recursive: true });
    const date = new Date('2026-01-02T03:04:05Z');
    return buildDebian({ root: ROOT, staged, folder: build, version, date, env: {} });
  };
  await getBaseImage('trixie', [], () => undefined);
  const tag = (version: string): string => `crankback-test/story-image:${version}`;
  for (const version of ['present', 'next']) {
    const base = debianImage('trixie');
    const commit = 'of-the-test';
    await buildImage(tools, { root: ROOT, staged, tag: tag(version), version, commit, base });
  }
  const debs = { present: deb(VERSION), next: deb(NEXT) };
  const manifest = join(staged, 'package.json');
  const told = JSON.parse(readFileSync(manifest, 'utf8')) as object;
  writeFileSync(manifest, JSON.stringify({ ...told, version: `${VERSION}-next.1` }));
  const next = ran('npm', ['pack', '--silent', '--pack-destination', '..'], staged).trim();
  made = {
    folder,
    deb: debs,
    npm: { present: archive, next: join(folder, next) },
    image: { present: tag('present'), next: tag('next') },
  };
}, 900_000);

afterAll(() => {
  rmSync(made.folder, { recursive: true, force: true });
  // Nobody shall take it for shown where it was not.
  const told = FREESWITCH_IMAGE || 'not told, CRANKBACK_TEST_FREESWITCH_IMAGE names no image';
  console.log(`The story of FreeSWITCH: ${told}`);
});

describe.each(STORIES)('with $name', ({ pbx, kind, name, machineName }) => {
  let machine: Machine;
  let calls: Calls;
  let before: string;
  let began: number;
  const crankback = (line: string): string => kind.crankback(machine, made, line);
  const ready = (): Promise<void> =>
    machine.says('curl -s http://127.0.0.1:8090/ready || true', /"ready":true/);
  /** A national call, which carrier-a refuses; carrier-b would take it. */
  const call = (last: string): PlayedCall =>
    calls.make({ to: pbx.national + last, carriers: { 'carrier-a': '503' }, phone: '' });
  const refused = (last: string): PlayedCall => ({
    to: pbx.national + last,
    carriers: { 'carrier-a': '503' },
    phone: '503',
  });
  const taken = (last: string): PlayedCall => ({
    to: pbx.national + last,
    carriers: { 'carrier-a': '503', 'carrier-b': '200' },
    phone: '200',
  });
  const files = (): string => filesOf(machine, [...pbx.changing, pbx.etc], []);
  const configuration = (): string =>
    machine.does(
      `cd ${pbx.etc} && find . -type f -exec sha256sum {} + -printf "%m %u %g %p\\n" | sort`,
    );

  beforeAll(async () => {
    machine = await Machine.boot(await pbx.image(tools), machineName, kind.shared);
    await pbx.settle(machine);
    calls = new Calls(machine);
    kind.bring(machine, made);
    before = files() + configuration();
  }, 900_000);

  afterAll(() => {
    kind.stop(machine);
    machine.stop();
    const volumes = Object.values(kind.shared);
    if (volumes.length > 0) ran('docker', ['volume', 'rm', ...volumes], '/');
  });

  it('is installed, and proposes a policy that observes', () => {
    began = performance.now();
    kind.install(machine, made);
    const told = crankback(`init --yes${pbx.told}`);
    expect(told).toMatch(/carrier-a +the dialplan dials it/);
    expect(told).toMatch(/^carrier-b +/m);
    expect(machine.does('cat /etc/crankback/policy.yaml')).toMatch(/^mode: observe$/m);
    pbx.reload(machine);
    kind.start(machine, made);
  });

  it('tells which call carrier-b would have taken', async () => {
    await ready();
    // The operator reads the policy, and allows national calls the second carrier.
    machine.does(
      "sed -i -e 's/trunks: \\[carrier-a\\]/trunks: [carrier-a, carrier-b]/' -e 's/trunks: \\[carrier-b\\]/trunks: [carrier-b, carrier-a]/' /etc/crankback/policy.yaml",
    );
    expect(crankback('check /etc/crankback/policy.yaml')).toContain('in order');
    expect(call('7')).toEqual(refused('7'));
    let observed = '';
    for (let tries = 0; tries < 50 && !/would have been made/.test(observed); tries += 1) {
      observed = crankback('observed');
    }
    expect(observed).toMatch(/1 +carrier-a failed with 503 .*another attempt would have been made/);
  });

  it('decides: the 503 goes to the next carrier', async () => {
    crankback(`init --yes --dialplan${pbx.told}`);
    machine.does("sed -i 's/^mode: observe/mode: decide/' /etc/crankback/policy.yaml");
    await pbx.leadToCrankback(machine);
    await ready();
    expect(call('7')).toEqual(taken('7'));
    expect(crankback(`why ${pbx.national}7`)).toMatch(/carrier-b/);
  });

  it('is found in order by doctor', () => {
    expect(crankback('doctor')).toMatch(pbx.inOrder);
  });

  it('is upgraded, and decides as before', async () => {
    kind.upgrade(machine, made);
    await ready();
    expect(call('8')).toEqual(taken('8'));
  });

  it('begins calls without asking with `travel: on`, also while it is frozen', async () => {
    machine.does("sed -i 's/^mode: decide/&\\ntravel: on/' /etc/crankback/policy.yaml");
    await pbx.travels(machine, true);
    kind.freeze(machine);
    expect(call('7')).toEqual(taken('7'));
    kind.thaw(machine);
    await ready();
    machine.does("sed -i 's/^travel: on/travel: off/' /etc/crankback/policy.yaml");
    await pbx.travels(machine, false);
  });

  it('stopped, leaves calls to the way of before', () => {
    kind.stop(machine);
    expect(call('9')).toEqual(refused('9'));
  });

  it('goes without a trace', () => {
    pbx.leadAway(machine);
    // The policy is the operator's by now: it stays until they remove it.
    expect(() => crankback('uninstall --yes')).toThrow(
      /code 1[^]*policy\.yaml +left as it is: changed since/,
    );
    kind.remove(machine);
    pbx.reload(machine);
    expect(files() + configuration()).toBe(before);
    expect(call('7')).toEqual(refused('7'));
    const seconds = (performance.now() - began) / 1000;
    console.log(`${name}: ${seconds.toFixed(0)} s of machine time`);
    expect(seconds).toBeLessThan(MACHINE_TIME_LIMIT_S);
  });
});
