import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { buildImages, imageTag, provision } from '../../../lab/provision';
import { repositoryRoot } from '../../../lab/provision/paths';
import { waitFor } from '../../../lab/runner/waiting';
import { runDoctor } from '../../../src/examine';
import { EXTENSIONS, type AsteriskFiles } from '../../doubles/asterisk-faults';
import { freePort, startProgram, type Program } from '../../doubles/program';

const MAIN = join(repositoryRoot, 'dist', 'program', 'main.js');
const SHIPPED = join(repositoryRoot, 'adapters', 'asterisk', 'dialplan');
const CONFIGURATION = join(repositoryRoot, 'lab', 'pbx', 'asterisk');
const PASSWORD = 'lab-only-secret';
/** Files in which faults are made, and those whose texts count. */
const FILES = [
  ...['extensions.conf', 'ari.conf', 'http.conf', 'hep.conf', 'pjsip.conf', 'voicemail.conf'],
  ...['extensions.conf', 'planned.conf', 'emergency.conf'].map((name) => `crankback/${name}`),
];

export const POLICY = `version: 1
emergency: [112]
trunks:
  carrier-a: { dial: { asterisk: "PJSIP/{number}@carrier-a" } }
  carrier-b: { dial: { asterisk: "PJSIP/{number}@carrier-b" } }
  carrier-c: { dial: { asterisk: "PJSIP/{number}@carrier-c" } }
routes:
  - { digits: "*", trunks: [carrier-a, carrier-b, carrier-c], mailbox: 1001@default }
rules:
  - { when: { sip: 503 }, do: { retry: next-trunk } }
`;

/** Of `crankback doctor --json`. */
export interface Look {
  readonly code: number | NodeJS.Signals;
  /** Each finding once, sorted. */
  readonly codes: readonly string[];
  readonly found: readonly { readonly finding: string; readonly what: string }[];
  readonly mended: readonly string[];
}

type Environment = Readonly<Record<string, string>>;
const execute = promisify(execFile);

/** An Asterisk of the lab's image on loopback, its files here, and a crankback beside it, as on one machine. */
export class DoctorBench {
  /** Files of Asterisk in which nothing is wrong. */
  private readonly good = new Map<string, string>();

  private constructor(
    readonly folder: string,
    readonly env: Environment,
    private readonly container: string,
    private readonly asterisk: readonly string[],
    private readonly service: Program,
  ) {}

  static async up(log: (line: string) => void): Promise<DoctorBench> {
    const tools = await provision({ log });
    await buildImages(tools, { log, images: ['asterisk'] });
    const folder = await mkdtemp(join(tmpdir(), 'crankback-doctor-'));
    const ports = { ari: await freePort(), sip: await freePort(), hep: await freePort() };
    await writeConfiguration(join(folder, 'etc'), ports);
    await writeFile(join(folder, 'policy.yaml'), POLICY, { mode: 0o640 });
    await writeFile(join(folder, 'ari-password'), PASSWORD, { mode: 0o640 });
    const env = {
      PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}`,
      CRANKBACK_POLICY: join(folder, 'policy.yaml'),
      CRANKBACK_ARI_URL: `http://127.0.0.1:${ports.ari}`,
      CRANKBACK_ARI_USER: 'crankback',
      CRANKBACK_ARI_PASSWORD_FILE: join(folder, 'ari-password'),
      CRANKBACK_HTTP_PORT: String(await freePort()),
      CRANKBACK_HEP_HOST: '127.0.0.1',
      CRANKBACK_HEP_PORT: String(ports.hep),
      CRANKBACK_HEP_PASSWORD: PASSWORD,
      CRANKBACK_JOURNAL_FILE: join(folder, 'journal.db'),
      CRANKBACK_STATE_FILE: join(folder, 'state.json'),
    };
    const container = `crankback-doctor-${process.pid}`;
    const image = process.env['CRANKBACK_LAB_ASTERISK_IMAGE'] ?? imageTag('asterisk');
    const mount = `${join(folder, 'etc')}:/etc/asterisk:ro`;
    const options = ['--detach', '--rm', '--name', container, '--network', 'host'];
    await execute('docker', ['run', ...options, '--volume', mount, image], { env: tools.env });
    const service = startProgram(MAIN, ['run'], env);
    const bench = new DoctorBench(
      folder,
      env,
      container,
      await commandIn(container, tools.env),
      service,
    );
    try {
      await bench.clockSays('yes');
      for (const name of FILES) bench.good.set(name, await readFile(bench.path(name), 'utf8'));
      const booted = () =>
        bench.tell('core waitfullybooted').then(
          () => true,
          () => undefined,
        );
      await waitFor('Asterisk has booted', booted, { limitMs: 60_000 });
      await bench.untilReady();
      return bench;
    } catch (error) {
      await bench.down();
      throw new Error(`${String(error)}\n${service.stdout}`, { cause: error });
    }
  }

  async down(): Promise<void> {
    this.service.process.kill('SIGTERM');
    await this.service.ended;
    await execute('docker', ['rm', '--force', this.container]).catch(() => undefined);
    await rm(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.folder, 'etc', name);
  }

  /** A command of Asterisk's own. */
  async tell(command: string): Promise<string> {
    const [program = '', ...words] = this.asterisk;
    return (await execute(program, [...words, '-rx', command])).stdout;
  }

  /** Files as they are after `put`, and what Asterisk is told then. */
  async change(put: (files: AsteriskFiles) => void, load?: string): Promise<void> {
    const files = new Map(this.good);
    put(files);
    for (const name of FILES) await this.write(name, files.get(name));
    if (load !== undefined) await this.tell(load);
  }

  async clockSays(synchronised: 'yes' | 'no'): Promise<void> {
    // What systemd would say: no test sets the machine's clock.
    const program = join(this.folder, 'bin', 'timedatectl');
    await mkdir(dirname(program), { recursive: true });
    await writeFile(program, `#!/bin/sh\necho ${synchronised}\n`, { mode: 0o755 });
  }

  /** Calls are decided, and the service has nothing to say. */
  async untilReady(): Promise<void> {
    const url = `http://127.0.0.1:${this.env['CRANKBACK_HTTP_PORT']}/ready`;
    const ready = async () => {
      const { ready: decides, warnings } = (await (await fetch(url)).json()) as {
        readonly ready: boolean;
        readonly warnings: readonly string[];
      };
      return (decides && warnings.length === 0) || undefined;
    };
    const limits = { limitMs: 60_000, everyMs: 50 };
    await waitFor('crankback is ready', () => ready().catch(() => undefined), limits);
  }

  /** What the doctor finds, in this process, which spares the start of a program for each fault. */
  async look(env: Environment = {}): Promise<Look> {
    const lines: string[] = [];
    const log = jest
      .spyOn(console, 'log')
      .mockImplementation((line: string) => void lines.push(line));
    const before = { env: process.env, exitCode: process.exitCode };
    process.env = { ...this.env, ...env };
    try {
      await runDoctor({
        json: true,
        asteriskFolder: join(this.folder, 'etc'),
        asteriskCommand: this.asterisk.join(' '),
      });
      return lookOf(Number(process.exitCode ?? 0), lines.join('\n'));
    } finally {
      process.env = before.env;
      process.exitCode = before.exitCode;
      log.mockRestore();
    }
  }

  /** The same by the built program. */
  async lookByProgram(env: Environment = {}, ...args: readonly string[]): Promise<Look> {
    const places = ['--asterisk-folder', join(this.folder, 'etc')];
    const command = ['--asterisk-command', this.asterisk.join(' ')];
    const words = ['doctor', '--json', ...places, ...command, ...args];
    const doctor = startProgram(MAIN, words, { ...this.env, ...env });
    const code = await doctor.ended;
    if (doctor.stdout === '') throw new Error(`the doctor ended with ${code}: ${doctor.stderr}`);
    return lookOf(code, doctor.stdout);
  }

  private async write(name: string, text: string | undefined): Promise<void> {
    const path = this.path(name);
    if (text === undefined) return rm(path);
    // Asterisk loads again what is younger than before, to the second.
    if (!existsSync(path) || (await readFile(path, 'utf8')) !== text) await writeFile(path, text);
  }
}

/** Root’s own note does not count: a CI may be root or not. */
function lookOf(code: Look['code'], json: string): Look {
  const { found, mended } = JSON.parse(json) as Pick<Look, 'found' | 'mended'>;
  const codes = [...new Set(found.map(({ finding }) => finding))].sort();
  return { code, codes: codes.filter((one) => one !== 'CB9010'), found, mended };
}

/** Asterisk's command in its container: by its name spaces where we may, which costs a tenth. */
async function commandIn(container: string, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return ['docker', 'exec', container, 'asterisk'];
  const asked = ['inspect', '--format', '{{.State.Pid}}', container];
  const { stdout } = await execute('docker', asked, { env });
  return ['nsenter', '--target', stdout.trim(), '--mount', 'asterisk'];
}

async function writeConfiguration(
  etc: string,
  { ari, sip, hep }: { readonly ari: number; readonly sip: number; readonly hep: number },
): Promise<void> {
  const inLab = (name: string) => readFile(join(CONFIGURATION, name), 'utf8');
  await cp(CONFIGURATION, etc, { recursive: true });
  await cp(SHIPPED, join(etc, 'crankback'), { recursive: true });
  const carrier = (name: string) => `
[${name}]
type = endpoint
aors = ${name}
allow = !all,ulaw,alaw
[${name}]
type = aor
contact = sip:127.0.0.1:${sip}
`;
  const texts = {
    'extensions.conf': EXTENSIONS,
    'http.conf': `[general]\nenabled = yes\nbindaddr = 127.0.0.1\nbindport = ${ari}\n`,
    'hep.conf': (await inLab('hep.conf')).replace('172.30.77.40:9060', `127.0.0.1:${hep}`),
    'modules.conf': `${await inLab('modules.conf')}noload = chan_iax2.so\n`,
    'pjsip.conf': `[udp]\ntype = transport\nprotocol = udp\nbind = 127.0.0.1:${sip}\n${[
      ...['carrier-a', 'carrier-b', 'carrier-c'],
    ]
      .map(carrier)
      .join('')}`,
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(join(etc, name), text);
}
