import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ran } from '../../../lab/release/ran';
import type { Machine } from '../machine';

/** What the story installs: the version of this checkout, and one that follows it. */
export interface Made {
  readonly folder: string;
  readonly deb: Readonly<Record<'present' | 'next', string>>;
  readonly npm: Readonly<Record<'present' | 'next', string>>;
  /** Tags of images. */
  readonly image: Readonly<Record<'present' | 'next', string>>;
}

/** One way to get crankback onto a machine, as docs/install.md says it. */
export interface PackageKind {
  readonly name: string;
  /** Folders of the machine that containers of crankback share with it, each with the name of its volume. */
  readonly shared: Readonly<Record<string, string>>;
  readonly bring: (machine: Machine, made: Made) => void;
  readonly install: (machine: Machine, made: Made) => void;
  /** @returns both outputs. @throws Error with them where the command fails */
  readonly crankback: (machine: Machine, made: Made, line: string) => string;
  readonly start: (machine: Machine, made: Made) => void;
  readonly stop: (machine: Machine) => void;
  /** It is there, and does nothing. */
  readonly freeze: (machine: Machine) => void;
  readonly thaw: (machine: Machine) => void;
  readonly upgrade: (machine: Machine, made: Made) => void;
  readonly remove: (machine: Machine) => void;
}

const byShell = (machine: Machine, _made: Made, line: string): string =>
  machine.does(`crankback ${line}`);

const debian: PackageKind = {
  name: 'the Debian package',
  shared: {},
  bring: (machine, { deb }) => {
    machine.copy(deb.present, '/root/present.deb');
    machine.copy(deb.next, '/root/next.deb');
  },
  install: (machine) => void machine.does('apt-get install --yes /root/present.deb'),
  crankback: byShell,
  start: (machine) => void machine.does('systemctl enable --now crankback'),
  stop: (machine) => void machine.tries('systemctl disable --now crankback'),
  freeze: (machine) => void machine.does('systemctl kill --signal=STOP crankback'),
  thaw: (machine) => void machine.does('systemctl kill --signal=CONT crankback'),
  upgrade: (machine) => void machine.does('apt-get install --yes /root/next.deb'),
  remove: (machine) => void machine.does('apt-get purge --yes crankback'),
};

const npm: PackageKind = {
  name: 'the npm package',
  shared: {},
  bring: (machine, { npm: archives, folder }) => {
    // The npm of the test, as NodeSource's Node brings its own: Debian's has hundreds of packages.
    const root = ran('npm', ['root', '--global'], folder).trim();
    machine.does('mkdir -p /usr/local/lib/node_modules');
    machine.copy(join(root, 'npm'), '/usr/local/lib/node_modules/npm');
    machine.does('ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm');
    machine.does('npm config set prefix /usr/local');
    machine.copy(archives.present, '/root/present.tgz');
    machine.copy(archives.next, '/root/next.tgz');
  },
  install: (machine) => {
    machine.does('npm install --global /root/present.tgz');
    machine.does('useradd --system --no-create-home --shell /usr/sbin/nologin crankback');
    machine.does(
      'cp "$(npm root --global)/crankback/systemd/crankback.service" /etc/systemd/system/ && systemctl daemon-reload',
    );
  },
  crankback: byShell,
  start: debian.start,
  stop: debian.stop,
  freeze: debian.freeze,
  thaw: debian.thaw,
  upgrade: (machine) => {
    machine.does('npm install --global /root/next.tgz && systemctl restart crankback');
  },
  remove: (machine) => {
    machine.does('npm uninstall --global crankback');
    machine.does('rm /etc/systemd/system/crankback.service && systemctl daemon-reload');
    machine.does('rm -r /etc/crankback /var/lib/crankback && userdel crankback');
  },
};

const SETTINGS = 'crankback-test-settings';
const volumes = (shared: Readonly<Record<string, string>>, below: string): string[] =>
  Object.entries(shared).flatMap(([at, volume]) => ['--volume', `${volume}:${below}${at}`]);
const serviceOf = (machine: Machine): string => `${machine.name}-crankback`;

/** The service beside the PBX, in the network of its machine: `network_mode: host` there. */
function startContainer(machine: Machine, made: Made, version: 'present' | 'next'): void {
  const settings = join(made.folder, 'crankback.env');
  writeFileSync(settings, machine.does('cat /etc/crankback/crankback.env'));
  const options = [
    ...['--detach', '--name', serviceOf(machine), '--network', `container:${machine.name}`],
    ...['--volume', `${SETTINGS}:/etc/crankback:ro`, '--env-file', settings],
    ...['--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges:true'],
  ];
  ran('docker', ['run', ...options, made.image[version]], '/');
}

/** @param etc where the PBX's configuration is */
function image(etc: string): PackageKind {
  const shared = {
    [etc]: 'crankback-test-pbx',
    '/etc/crankback': SETTINGS,
    '/var/lib': 'crankback-test-lib',
  };
  // As `--volume /:/host`, of a machine that is a container itself.
  const host = volumes(shared, '/host');
  const stop = (machine: Machine): void => {
    spawnSync('docker', ['rm', '--force', '--volumes', serviceOf(machine)]);
  };
  return {
    name: 'the image',
    shared,
    bring: () => undefined,
    install: () => undefined,
    crankback: (machine, made, line) => {
      const writes = /^(?:init|uninstall)\b/.test(line);
      const before = writes
        ? ['run', '--rm', '--user', '0', ...host, made.image.present]
        : ['exec', serviceOf(machine), 'crankback'];
      const args = [...before, ...line.split(' '), ...(writes ? ['--root', '/host'] : [])];
      const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8' });
      const out = (stdout + stderr).trim();
      if (status !== 0) throw new Error(`crankback ${line}: code ${status}\n${out}`);
      return out;
    },
    start: (machine, made) => startContainer(machine, made, 'present'),
    stop,
    freeze: (machine) => void ran('docker', ['pause', serviceOf(machine)], '/'),
    thaw: (machine) => void ran('docker', ['unpause', serviceOf(machine)], '/'),
    upgrade: (machine, made) => {
      stop(machine);
      startContainer(machine, made, 'next');
    },
    remove: (machine) => void machine.does('rm /etc/crankback/policy.yaml'),
  };
}

/** @param etc where the configuration of the machine's PBX is */
export function packageKinds(etc: string): readonly PackageKind[] {
  return [debian, npm, image(etc)];
}
