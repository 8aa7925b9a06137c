/**
 * From a running Asterisk to a protected trunk, and off again without a trace: what docs/install.md, docs/init.md,
 * docs/observing.md and docs/asterisk.md tell an operator to type, on a machine with an untouched Debian Asterisk.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { provision } from '../../../lab/provision';
import { aptInstall } from '../../../lab/provision/debian/apt-install';
import { debianImage, getBaseImage } from '../../../lab/provision/debian/base-image';
import { succeeds } from '../../../lab/provision/run-command';
import { buildDebian } from '../../../lab/release/debian/build';
import { buildImage } from '../../../lab/release/image/build';
import { ran } from '../../../lab/release/ran';
import { packed } from '../../doubles/packed';
import { filesOf } from '../files-of';
import { Machine } from '../machine';
import { PACKAGE_KINDS, type Made } from './packages';
import { Place } from './place';

const ROOT = join(__dirname, '../../..');
const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
};
const NEXT = `${VERSION}+next`;
const IMAGE = 'crankback-test/story';
/** Without the reading: docs/install.md promises ten minutes with it. */
const MACHINE_TIME_LIMIT_S = 240;

jest.setTimeout(300_000);

let made: Made;

beforeAll(async () => {
  if (!(await succeeds(['dh', '--version']))) await aptInstall(['debhelper']);
  const tools = await provision({ log: () => undefined });
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
  const build = [...tools.build, '--tag', IMAGE, __dirname];
  expect(await succeeds(build, { env: tools.env })).toBe(true);
}, 900_000);

afterAll(() => rmSync(made.folder, { recursive: true, force: true }));

describe.each(PACKAGE_KINDS)('with $name', (kind) => {
  let machine: Machine;
  let place: Place;
  let before: string;
  let began: number;
  const theirs = '/etc/asterisk/extensions.conf';
  const crankback = (line: string): string => kind.crankback(machine, made, line);
  const reload = (): void => {
    machine.does('asterisk -rx "core reload"');
  };
  /** Asterisk's own database changes by itself, and the carriers leave their traces. */
  const files = (): string =>
    filesOf(machine, ['/var/lib/asterisk/astdb*', '/var/spool/asterisk', '/etc/asterisk'], []);
  const configuration = (): string =>
    machine.does(
      'cd /etc/asterisk && find . -type f -exec sha256sum {} + -printf "%m %u %g %p\\n" | sort',
    );

  beforeAll(async () => {
    const name = `crankback-test-story-${PACKAGE_KINDS.indexOf(kind)}`;
    machine = await Machine.boot(IMAGE, name, kind.shared);
    place = await Place.settle(machine);
    kind.bring(machine, made);
    place.carrier('carrier-a', 'uas-503');
    place.carrier('carrier-b', 'uas-answer');
    before = files() + configuration();
  });

  afterAll(() => {
    kind.stop(machine);
    machine.stop();
    const volumes = Object.values(kind.shared);
    if (volumes.length > 0) ran('docker', ['volume', 'rm', ...volumes], '/');
  });

  it('is installed, and proposes a policy that observes', () => {
    began = performance.now();
    kind.install(machine, made);
    const told = crankback('init --yes');
    expect(told).toMatch(/carrier-a +the dialplan dials it/);
    expect(told).toMatch(/carrier-b +the dialplan dials it/);
    expect(machine.does('cat /etc/crankback/policy.yaml')).toMatch(/^mode: observe$/m);
    reload();
    kind.start(machine, made);
  });

  it('tells which call carrier-b would have taken', async () => {
    await machine.says('curl -s http://127.0.0.1:8090/ready || true', /"ready":true/);
    // The operator reads the policy, and allows national calls the second carrier.
    machine.does(
      "sed -i -e 's/trunks: \\[carrier-a\\]/trunks: [carrier-a, carrier-b]/' -e 's/trunks: \\[carrier-b\\]/trunks: [carrier-b, carrier-a]/' /etc/crankback/policy.yaml",
    );
    expect(crankback('check /etc/crankback/policy.yaml')).toContain('in order');
    expect(place.call('0301234567')).toEqual({
      phone: ['503'],
      'carrier-a': ['INVITE sip:0301234567', '503'],
      'carrier-b': [],
    });
    let observed = '';
    for (let tries = 0; tries < 50 && !/would have been made/.test(observed); tries += 1) {
      observed = crankback('observed');
    }
    expect(observed).toMatch(/1 +carrier-a failed with 503 .*another attempt would have been made/);
  });

  it('decides: the 503 goes to the next carrier', async () => {
    crankback('init --yes --dialplan');
    machine.does(
      `sed -i 's/^exten => _0ZX.,1,Dial.*/exten => _0ZX.,1,Goto(crankback,\${EXTEN},1)/' ${theirs}`,
    );
    machine.does("sed -i 's/^mode: observe/mode: decide/' /etc/crankback/policy.yaml");
    reload();
    await machine.says('asterisk -rx "dialplan show globals"', /CRANKBACK/);
    await machine.says('curl -s http://127.0.0.1:8090/ready || true', /"ready":true/);
    expect(place.call('0301234567')).toEqual({
      phone: ['200'],
      'carrier-a': ['INVITE sip:0301234567', '503'],
      'carrier-b': ['INVITE sip:0301234567', '200'],
    });
    expect(crankback('why 0301234567')).toMatch(/carrier-b/);
  });

  it('is found in order by doctor', () => {
    expect(crankback('doctor')).toMatch(/^0 errors, 0 warnings/m);
  });

  it('is upgraded, and decides as before', async () => {
    kind.upgrade(machine, made);
    await machine.says('curl -s http://127.0.0.1:8090/ready || true', /"ready":true/);
    expect(place.call('0301234568').phone).toEqual(['200']);
  });

  it('stopped, leaves calls to the Dial() of before', () => {
    kind.stop(machine);
    expect(place.call('0301234569')).toEqual({
      phone: ['503'],
      'carrier-a': ['INVITE sip:0301234569', '503'],
      'carrier-b': [],
    });
  });

  it('goes without a trace', () => {
    machine.does(
      `sed -i 's/^exten => _0ZX.,1,Goto.*/exten => _0ZX.,1,Dial(PJSIP\\/\${EXTEN}@carrier-a,30)/' ${theirs}`,
    );
    // The policy is the operator's by now: it stays until they remove it.
    expect(() => crankback('uninstall --yes')).toThrow(
      /code 1[^]*policy\.yaml +left as it is: changed since/,
    );
    kind.remove(machine);
    reload();
    expect(files() + configuration()).toBe(before);
    expect(place.call('0301234567').phone).toEqual(['503']);
    const seconds = (performance.now() - began) / 1000;
    console.log(`${kind.name}: ${seconds.toFixed(0)} s of machine time`);
    expect(seconds).toBeLessThan(MACHINE_TIME_LIMIT_S);
  });
});
