import { spawnSync } from 'node:child_process';
import { ran } from '../../lab/release/ran';
import { pause } from '../doubles/until';

const BOOT_LIMIT_MS = 60_000;

/** A container in which systemd runs as on a machine; it reaches no network. */
export class Machine {
  private constructor(readonly name: string) {}

  /** @throws Error if systemd does not come up; the kernel must let a container have control groups of its own */
  static async boot(
    image: string,
    name: string,
    /** Folders that other containers share, each with the name of its volume. */
    shared: Readonly<Record<string, string>> = {},
  ): Promise<Machine> {
    spawnSync('docker', ['rm', '--force', name]);
    const options = [
      ...['--detach', '--name', name, '--network', 'none', '--env', 'container=docker'],
      // Not --privileged: an engine that is in a container itself may lack a capability.
      ...['--cap-add', 'ALL', '--cap-drop', 'SYS_RESOURCE', '--security-opt', 'seccomp=unconfined'],
      ...['--cgroupns', 'host', '--volume', '/sys/fs/cgroup:/sys/fs/cgroup:rw'],
      ...['--tmpfs', '/run', '--tmpfs', '/run/lock'],
      ...Object.entries(shared).flatMap(([at, volume]) => ['--volume', `${volume}:${at}`]),
    ];
    // As on a kernel's command line: systemd 256 and later refuse control groups of version 1 without it.
    const init = ['/lib/systemd/systemd', 'SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1'];
    ran('docker', ['run', ...options, image, ...init], '/');
    const machine = new Machine(name);
    const limit = Date.now() + BOOT_LIMIT_MS;
    // Degraded: some services of a real machine have nothing to do in a container.
    while (!/^(running|degraded)/.test(machine.tries('systemctl is-system-running').out)) {
      if (Date.now() > limit) throw new Error(`${name}: systemd did not come up`);
      await pause(100);
    }
    return machine;
  }

  stop(): void {
    spawnSync('docker', ['rm', '--force', this.name]);
  }

  copy(file: string, to: string): void {
    ran('docker', ['cp', '--quiet', file, `${this.name}:${to}`], '/');
  }

  /** @returns both outputs. @throws Error with them where the command fails */
  does(command: string): string {
    const { code, out } = this.tries(command);
    if (code !== 0) throw new Error(`${command}: code ${code}\n${out}`);
    return out;
  }

  tries(command: string): { readonly code: number | null; readonly out: string } {
    const { status, stdout, stderr } = spawnSync(
      'docker',
      ['exec', '--env', 'DEBIAN_FRONTEND=noninteractive', this.name, 'sh', '-c', command],
      { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    return { code: status, out: (stdout + stderr).trim() };
  }

  /** Waits until the command's output is this, or has this in it. */
  async says(command: string, expected: string | RegExp): Promise<void> {
    const limit = Date.now() + BOOT_LIMIT_MS;
    for (;;) {
      const { out } = this.tries(command);
      if (typeof expected === 'string' ? out === expected : expected.test(out)) return;
      if (Date.now() > limit) throw new Error(`${command}: ${out}, never ${String(expected)}`);
      await pause(200);
    }
  }
}
