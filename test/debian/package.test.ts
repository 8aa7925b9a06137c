/** The Debian package on machines that have systemd and nothing of ours: installed, upgraded, removed, purged. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildDebian } from '../../lab/release/debian/build';
import { ran } from '../../lab/release/ran';
import { provision } from '../../lab/provision';
import { aptInstall } from '../../lab/provision/debian/apt-install';
import { getBaseImage } from '../../lab/provision/debian/base-image';
import { succeeds } from '../../lab/provision/run-command';
import { packed, type Packed } from '../doubles/packed';
import { filesOf } from './files-of';
import { Machine } from './machine';
import { nodePackage } from './node-package';

const ROOT = join(__dirname, '../..');
const { version: VERSION } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
};
const NEXT = `${VERSION}+next`;
const MACHINES = [
  { debian: 12, release: 'bookworm', packages: 'systemd' },
  { debian: 13, release: 'trixie', packages: 'systemd nodejs' },
] as const;

jest.setTimeout(300_000);

let made: Packed;
let debs: Readonly<Record<'present' | 'next', string>>;

beforeAll(async () => {
  if (!(await succeeds(['dh', '--version'])) || !(await succeeds(['lintian', '--version']))) {
    await aptInstall(['debhelper', 'lintian']);
  }
  const { env, build } = await provision({ log: () => undefined });
  made = packed();
  const deb = (version: string): string => {
    const folder = join(made.folder, version, 'build');
    mkdirSync(folder, { recursive: true });
    const date = new Date('2026-01-02T03:04:05Z');
    return buildDebian({ root: ROOT, staged: made.staged, folder, version, date, env: {} });
  };
  debs = { present: deb(VERSION), next: deb(NEXT) };
  for (const { release, packages } of MACHINES) {
    await getBaseImage(release, [], () => undefined);
    expect(
      await succeeds(
        [
          ...build,
          ...['--build-arg', `RELEASE=${release}`, '--build-arg', `PACKAGES=${packages}`],
          ...['--tag', imageOf(release), join(ROOT, 'test/debian')],
        ],
        { env },
      ),
    ).toBe(true);
  }
}, 900_000);

afterAll(() => rmSync(made.folder, { recursive: true, force: true }));

const imageOf = (release: string): string => `crankback-test/${release}`;

describe('the Debian package', () => {
  it('is found in order by lintian', () => {
    const args = ['--tag-display-limit', '0', '--fail-on', 'error,warning', '--allow-root'];
    expect(ran('lintian', [...args, debs.present], made.folder)).toBe('');
  });

  it('is the same if it is built again', () => {
    const folder = join(made.folder, 'again', 'build');
    const date = new Date('2026-01-02T03:04:05Z');
    const again = buildDebian({
      root: ROOT,
      staged: made.staged,
      folder,
      version: VERSION,
      date,
      env: {},
    });
    expect(readFileSync(again).equals(readFileSync(debs.present))).toBe(true);
  });
});

describe.each(MACHINES)('on Debian $debian', ({ release, packages }) => {
  let machine: Machine;
  let before: string;

  beforeAll(async () => {
    machine = await Machine.boot(imageOf(release), `crankback-test-${release}`);
    machine.copy(debs.present, '/root/present.deb');
    machine.copy(debs.next, '/root/next.deb');
    if (packages.includes('nodejs')) return;
    // Debian 12 itself: its Node is too old, and apt says so before it changes anything.
    const refused = machine.tries('apt-get install --yes /root/present.deb');
    expect(refused.code).not.toBe(0);
    expect(refused.out).toMatch(/Depends: nodejs \(>= 20\.19\)/);
    machine.copy(nodePackage(made.folder), '/root/nodejs.deb');
    machine.does('dpkg --install /root/nodejs.deb');
  });

  afterAll(() => machine.stop());

  const pid = (): string => machine.does('systemctl show --property MainPID --value crankback');

  it('installs, for a user of its own, and waits to be told of the PBX', () => {
    before = filesOf(machine);
    machine.does('apt-get install --yes /root/present.deb');
    expect(machine.does('crankback --version')).toContain(VERSION);
    expect(machine.does('crankback check /etc/crankback/policy.yaml')).toContain('in order');
    expect(machine.does('crankback explain 488')).toMatch(/^488 Not Acceptable Here/);
    expect(machine.does('stat --format "%U %a" /etc/crankback/crankback.env')).toBe('root 600');
    expect(machine.does('id --user --name crankback')).toBe('crankback');
    expect(machine.tries('systemctl is-enabled crankback').out).toBe('disabled');
    expect(machine.tries('systemctl is-active crankback').out).toBe('inactive');
  });

  it('is stopped for good by a setting that is missing, and says which', async () => {
    expect(machine.tries('systemctl start crankback').code).not.toBe(0);
    await machine.says('systemctl is-active crankback', 'failed');
    expect(machine.does('systemctl show --property NRestarts --value crankback')).toBe('0');
  });

  it('runs under systemd, without any capability, and is ready although its PBX is away', () => {
    const settings = [
      'CRANKBACK_ARI_URL=http://127.0.0.1:8088',
      'CRANKBACK_ARI_USER=crankback',
      'CRANKBACK_ARI_PASSWORD=secret',
    ];
    machine.does(`printf '%s\\n' ${settings.join(' ')} >> /etc/crankback/crankback.env`);
    machine.does('systemctl start crankback');
    expect(machine.does('crankback health')).toBe('ok');
    const status = machine.does(`cat /proc/${pid()}/status`);
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) {
      expect(status).toMatch(new RegExp(`${set}:\\s+0+\n`));
    }
    expect(status).toMatch(/NoNewPrivs:\s+1\n/);
    expect(status).toMatch(/Seccomp:\s+2\n/);
    expect(machine.does(`ps -o cls= -p ${pid()} 2>/dev/null || chrt -p ${pid()}`)).toMatch(
      /^ *B$|SCHED_BATCH/,
    );
    expect(machine.does('stat --format "%U %a" /var/lib/crankback/journal.db')).toBe(
      'crankback 600',
    );
  });

  it('has a unit that systemd finds in order and well confined', () => {
    expect(machine.does('systemd-analyze verify --man=no crankback.service')).toBe('');
    const exposure = machine.does('systemd-analyze security --no-pager crankback | tail -1');
    expect(Number(/: (\d+\.\d) /.exec(exposure)?.[1])).toBeLessThan(2);
  });

  it('is started again by the watchdog where it is frozen', async () => {
    const drop = '/run/systemd/system/crankback.service.d';
    machine.does(`mkdir -p ${drop} && printf '[Service]\\nWatchdogSec=3s\\n' > ${drop}/fast.conf`);
    machine.does('systemctl daemon-reload && systemctl restart crankback');
    const frozen = pid();
    machine.does(`kill -STOP ${frozen}`);
    await machine.says('systemctl show --property NRestarts --value crankback', '1');
    await machine.says('systemctl is-active crankback', 'active');
    expect(pid()).not.toBe(frozen);
    machine.does(`rm -r ${drop} && systemctl daemon-reload`);
  });

  it('is upgraded: the service is the new one, the settings are as they were', async () => {
    const old = pid();
    const settings = machine.does('cat /etc/crankback/crankback.env');
    machine.does('apt-get install --yes /root/next.deb');
    expect(machine.does("dpkg-query --show --showformat '${Version}' crankback")).toBe(NEXT);
    await machine.says('systemctl is-active crankback', 'active');
    expect(pid()).not.toBe(old);
    expect(machine.does('cat /etc/crankback/crankback.env')).toBe(settings);
  });

  it('is removed with its service, and keeps settings and journal', () => {
    machine.does('apt-get remove --yes crankback');
    expect(machine.tries('systemctl is-active crankback').out).toBe('inactive');
    expect(machine.does('ls /etc/crankback')).toBe('crankback.env\npolicy.yaml');
    expect(machine.does('ls /var/lib/crankback')).toContain('journal.db');
  });

  it('leaves nothing after a purge', () => {
    machine.does('apt-get purge --yes crankback');
    expect(filesOf(machine)).toBe(before);
    expect(machine.tries('id crankback').code).not.toBe(0);
  });
});
