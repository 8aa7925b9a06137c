import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import {
  accessSync,
  constants,
  openSync,
  readSync,
  closeSync,
  readFileSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { MIGRATIONS } from '../../journal/schema';
import { readOperatorSettings } from '../../settings/operator-settings';
import { settingOf } from '../../settings/pbx-settings';
import { SECRET_FILES } from '../../settings/secrets';
import type { SettingFlags, Settings } from '../../settings/settings';
import { FILES } from '../../state-file/files';
import { readHolds } from '../../state-file/format';
import type { BuildSeen, FileSeen, HostSeen, KeptSeen, PortSeen, ServiceSeen } from './seen';

type Environment = Readonly<Record<string, string | undefined>>;

const ANSWER_MS = 3_000;

/** Looks at this machine. Changes nothing, and never rejects. */
export async function hostSeen(
  settings: Settings,
  policyHash: string | undefined,
  env: Environment,
  flags: SettingFlags,
  program: BuildSeen | undefined,
): Promise<HostSeen> {
  const [service, clock] = await Promise.all([serviceSeen(env, flags), clockSynchronised()]);
  const policyFile = fileSeen(settings.policyFile);
  const secrets = ['CRANKBACK_CONFIG', ...SECRET_FILES].flatMap(
    (name) => fileSeen(env[name] ?? '') ?? [],
  );
  const { journal, stateFile } = settings;
  return {
    settings,
    ...(program && { program }),
    node: process.versions.node,
    isRoot: process.getuid?.() === 0,
    ...(clock !== undefined && { clockSynchronised: clock }),
    ...(policyFile && { policyFile }),
    ...(policyHash !== undefined && { policyHash }),
    secrets,
    ...(journal.file !== undefined && { journal: journalSeen(journal.file) }),
    ...(stateFile !== undefined && { stateFile: await stateSeen(stateFile) }),
    // Where a service answers they are its own.
    ports: service.kind === 'absent' ? await portsSeen(settings) : [],
    service,
  };
}

function fileSeen(path: string): FileSeen | undefined {
  try {
    return path === '' ? undefined : { path, mode: statSync(path).mode & 0o777 };
  } catch {
    return undefined;
  }
}

function keptSeen(path: string): KeptSeen {
  const folder = dirname(path);
  const file = fileSeen(path);
  const folderWritable = fileSeen(folder) && mayWrite(folder);
  return {
    path,
    folder,
    ...(file && { file }),
    ...(folderWritable !== undefined && { folderWritable }),
  };
}

function mayWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function journalSeen(path: string): NonNullable<HostSeen['journal']> {
  const kept = keptSeen(path);
  return { ...kept, ...freeBytes(kept.folder), content: contentOf(path) };
}

function freeBytes(folder: string): { readonly freeBytes?: number } {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return { freeBytes: bavail * bsize };
  } catch {
    return {};
  }
}

/** SQLite's header: its name, and at 60 the user_version. https://www.sqlite.org/fileformat.html */
const HEADER = 100;

/** Without opening it: a journal that is open has one owner. */
function contentOf(path: string): 'ours' | 'newer' | 'other' {
  const header = Buffer.alloc(HEADER);
  try {
    if (!statSync(path).isFile()) return 'other';
    const file = openSync(path, 'r');
    const read = readSync(file, header, 0, HEADER, 0);
    closeSync(file);
    if (read === 0) return 'ours';
  } catch {
    // There is none, or it may not be read: another finding.
    return 'ours';
  }
  if (header.toString('latin1', 0, 15) !== 'SQLite format 3') return 'other';
  return header.readUInt32BE(60) > MIGRATIONS.length ? 'newer' : 'ours';
}

async function stateSeen(path: string): Promise<NonNullable<HostSeen['stateFile']>> {
  const kept = keptSeen(path);
  if (!kept.file) return kept;
  try {
    const { wrong } = readHolds((await FILES.read(path)) ?? '', {
      now: Date.now(),
      machine: Date.now(),
    });
    return wrong.length > 0 ? { ...kept, problem: wrong.join('; ') } : kept;
  } catch (error) {
    return { ...kept, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** @returns undefined where systemd does not tell */
async function clockSynchronised(): Promise<boolean | undefined> {
  try {
    const asked = ['show', '--property=NTPSynchronized', '--value'];
    const { stdout } = await promisify(execFile)('timedatectl', asked, { timeout: ANSWER_MS });
    const said = stdout.trim();
    return said === 'yes' ? true : said === 'no' ? false : undefined;
  } catch {
    return undefined;
  }
}

async function portsSeen({ http, hep, pbxes }: Settings): Promise<readonly PortSeen[]> {
  const ports = [
    { setting: 'CRANKBACK_HTTP_PORT', ...http, protocol: 'tcp' as const },
    ...(hep ? [{ setting: 'CRANKBACK_HEP_PORT', ...hep, protocol: 'udp' as const }] : []),
    ...pbxes.flatMap((pbx) => {
      if (pbx.kind !== 'freeswitch') return [];
      const setting = settingOf(pbx, 'CRANKBACK_ESL_LISTEN_PORT');
      return [{ setting, ...pbx.esl.listen, protocol: 'tcp' as const }];
    }),
  ];
  return Promise.all(
    ports.map(async ({ setting, host, port, protocol }) => {
      const taken = await (protocol === 'tcp' ? tcpTaken(host, port) : udpTaken(host, port));
      return { setting, host, port, ...(taken !== undefined && { taken }) };
    }),
  );
}

function tcpTaken(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(error.message));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function udpTaken(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', (error) => {
      socket.close();
      resolve(error.message);
    });
    socket.bind({ address: host, port, exclusive: true }, () =>
      socket.close(() => resolve(undefined)),
    );
  });
}

/** Longer ones name no version. Characters. */
const NAMED = 100;
/** The last time that has a date. Milliseconds. */
const LATEST = 8.64e15;

const Ready = z.object({
  ready: z.boolean(),
  reasons: z.array(z.string()).optional(),
  warnings: z.array(z.string()).optional(),
  running: z
    .object({
      version: z.string().max(NAMED),
      commit: z.string().max(NAMED),
      contracts: z.record(z.string().max(NAMED), z.string().max(NAMED)),
    })
    .optional(),
  travels: z
    .record(
      z.string().max(NAMED),
      z.object({
        routes: z.object({
          begin: z.number(),
          ask: z.record(z.string().max(NAMED), z.number()),
          more: z.boolean(),
        }),
        generation: z.string().max(NAMED),
        until: z.number().max(LATEST),
      }),
    )
    .optional(),
});

async function serviceSeen(env: Environment, flags: SettingFlags): Promise<ServiceSeen> {
  const read = readOperatorSettings(env, flags, (path) => readFileSync(path, 'utf8'));
  if (!read.ok) return { kind: 'absent', why: 'its settings are not in order' };
  const { url, token, readToken = token } = read.settings;
  const ask = (path: string): Promise<Response> =>
    fetch(url + path, {
      headers: readToken === undefined ? {} : { authorization: `Bearer ${readToken}` },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
  let answer: Response;
  try {
    answer = await ask('/ready');
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { kind: 'absent', why: cause instanceof Error ? cause.message : String(cause) };
  }
  if (answer.status === 401 || answer.status === 403)
    return { kind: 'refused', status: answer.status };
  const ready = Ready.safeParse(await answer.json().catch(() => undefined));
  if (!ready.success) return { kind: 'strange' };
  const metrics = await ask('/metrics').then(
    (one) => (one.ok ? one.text() : ''),
    () => '',
  );
  const hash = /^crankback_policy_info\{hash="([0-9a-f]+)"/m.exec(metrics)?.[1];
  const { reasons, warnings, running, travels } = ready.data;
  return {
    kind: 'there',
    ready: ready.data.ready,
    ...(reasons && { reasons }),
    ...(warnings && { warnings }),
    ...(hash !== undefined && { policyHash: hash }),
    ...(running && { running }),
    ...(travels && { travels }),
  };
}
