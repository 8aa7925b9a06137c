import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { waitFor } from '../../../lab/runner/waiting';
import { FILE_FAULTS, replace, type AsteriskFiles } from '../../doubles/asterisk-faults';
import { freePort } from '../../doubles/program';
import { POLICY, type DoctorBench } from './bench';

/** One thing that is wrong, put in, and taken out again by what `put` returns. */
export interface Fault {
  readonly fault: string;
  /** Everything that the doctor says then. */
  readonly found: readonly string[];
  /** @returns how to take it out, and other settings for the doctor */
  readonly put: (bench: DoctorBench) => Promise<Made>;
  /** Looked at by the built program: the answer depends on its PATH, or on what Jest changes. */
  readonly byProgram?: true;
}

interface Made {
  readonly takeOut?: () => Promise<unknown>;
  readonly env?: Readonly<Record<string, string>>;
}

const DIALPLAN = 'dialplan reload';
const ARI = 'module reload res_ari.so';
const PJSIP = 'module reload res_pjsip.so';

/** In files of Asterisk. @param load what makes Asterisk read them; absent: the file alone is wrong */
function file(
  fault: string,
  found: readonly string[],
  put: (files: AsteriskFiles) => void,
  load?: string,
): Fault {
  const made = async (bench: DoctorBench): Promise<Made> => {
    await bench.change(put, load);
    return { takeOut: () => bench.change(() => undefined, load) };
  };
  return { fault, found, put: made };
}

/** One of those that the unit tests have as well. */
function dialplan(code: string, more: readonly string[] = []): Fault {
  const [, fault = '', put] = FILE_FAULTS.find(([finding]) => finding === code) ?? [];
  if (!put) throw new Error(`no fault ${code}`);
  return file(fault, [code, ...more].sort(), put, DIALPLAN);
}

/** By commands of Asterisk. */
function told(fault: string, found: readonly string[], put: string, takeOut: string): Fault {
  const made = async (bench: DoctorBench): Promise<Made> => {
    await bench.tell(put);
    return { takeOut: () => bench.tell(takeOut) };
  };
  return { fault, found, put: made };
}

function module(fault: string, code: string, name: string): Fault {
  return told(fault, [code], `module unload ${name}`, `module load ${name}`);
}

/** Of settings. */
function settings(
  fault: string,
  found: readonly string[],
  env: (bench: DoctorBench) => Promise<Readonly<Record<string, string>>>,
): Fault {
  return { fault, found, put: async (bench) => ({ env: await env(bench) }) };
}

/** Another policy than the one in force. */
function policy(fault: string, found: readonly string[], text: string): Fault {
  return settings(fault, found, async ({ folder }) => {
    const path = join(folder, 'other.yaml');
    await writeFile(path, text, { mode: 0o640 });
    return { CRANKBACK_POLICY: path };
  });
}

export const LAB_FAULTS: readonly Fault[] = [
  file(
    'another ARI password',
    ['CB3002'],
    replace('ari.conf', 'password = lab-only-secret', 'password = other'),
    ARI,
  ),
  file(
    'a user that may only read',
    ['CB3005'],
    replace('ari.conf', 'read_only = no', 'read_only = yes'),
    ARI,
  ),
  { fault: 'another instance has the calls', found: ['CB3004'], put: takeApplication },
  {
    ...file(
      'HTTP is off',
      ['CB3001'],
      replace('http.conf', 'enabled = yes', 'enabled = no'),
      'module reload http',
    ),
    // Node's own errors are of another realm than Jest's.
    byProgram: true,
  },
  file('ARI for everybody', ['CB3008'], replace('http.conf', '127.0.0.1', '0.0.0.0')),
  dialplan('CB3107', ['CB3101']),
  file(
    'a dialplan of another contract',
    ['CB3102', 'CB3105'],
    replace('crankback/extensions.conf', /(?<=\[crankback-contract\][^[]*exten => )1,/, '0,'),
    DIALPLAN,
  ),
  file(
    'planned.conf is missing',
    ['CB3103', 'CB3108'],
    (files) => void files.delete('crankback/planned.conf'),
    DIALPLAN,
  ),
  dialplan('CB3105'),
  dialplan('CB3106'),
  dialplan('CB3108'),
  dialplan('CB3109'),
  file(
    'the files were not loaded',
    ['CB3110'],
    replace(
      'extensions.conf',
      '[from-phones]',
      '[from-desks]\nexten => 1,1,Hangup()\n[from-phones]',
    ),
  ),
  dialplan('CB3111'),
  dialplan('CB3112'),
  dialplan('CB3113'),
  dialplan('CB3114'),
  // The line that leads there was the last one, too.
  dialplan('CB3115', ['CB3117']),
  dialplan('CB3116'),
  dialplan('CB3118'),
  dialplan('CB3119'),
  dialplan('CB3202'),
  {
    fault: 'no variables, and a user that may not set them',
    found: ['CB3005', 'CB3201'],
    put: forgetVariables,
  },
  told(
    'a frozen crankback',
    ['CB3203'],
    'dialplan set global CRANKBACK_FROZEN_AT 1',
    'dialplan set global CRANKBACK_FROZEN_AT 0',
  ),
  module('a module is missing', 'CB3301', 'app_userevent.so'),
  module('no voicemail', 'CB3302', 'app_voicemail.so'),
  module('no limit for emergency calls', 'CB3304', 'app_originate.so'),
  file(
    'no mailbox',
    ['CB3303'],
    replace('voicemail.conf', '1001 =>', '1009 =>'),
    'module reload app_voicemail.so',
  ),
  file(
    'no endpoint',
    ['CB3401'],
    replace('pjsip.conf', '[carrier-c]\ntype = endpoint', '[carrier-x]\ntype = endpoint'),
    PJSIP,
  ),
  file(
    'a codec that nothing translates',
    ['CB3405'],
    replace('pjsip.conf', '!all,ulaw', '!all,g729,ulaw'),
    PJSIP,
  ),
  file('SIP is not mirrored', ['CB7007'], replace('hep.conf', 'enabled = yes', 'enabled = no')),
  file(
    'SIP is mirrored with another password',
    ['CB7003'],
    replace('hep.conf', 'capture_password = lab-only-secret', 'capture_password = other'),
  ),
  module('the mirror is not loaded', 'CB7009', 'res_hep_pjsip.so'),
  {
    fault: 'Redis does not answer',
    found: ['CB5001'],
    byProgram: true,
    put: async () => ({
      env: { CRANKBACK_REDIS_URL: `redis://127.0.0.1:${await freePort()}` },
    }),
  },
  settings('the journal has no folder', ['CB6006'], ({ folder }) =>
    Promise.resolve({ CRANKBACK_JOURNAL_FILE: join(folder, 'no', 'journal.db') }),
  ),
  policy('a policy that is none', ['CB1204'], POLICY.replace('[carrier-a, ', '[carrier-d, ')),
  policy('a policy that is not in force', ['CB1405', 'CB3204'], `${POLICY}# later\n`),
  policy(
    'Asterisk sends no OPTIONS, and the policy counts on them',
    ['CB1405', 'CB3204', 'CB3403'],
    POLICY.replace('@carrier-a" }', '@carrier-a" }, health: { options_ping: {} }'),
  ),
  policy('a policy that only observes', ['CB1402', 'CB1405'], `${POLICY}mode: observe\n`),
  {
    fault: 'everybody may change the policy',
    found: ['CB9004'],
    put: async ({ folder }) => {
      const path = join(folder, 'policy.yaml');
      await chmod(path, 0o646);
      return { takeOut: () => chmod(path, 0o640) };
    },
  },
  {
    fault: 'everybody may read a secret',
    found: ['CB9005'],
    put: async ({ folder }) => {
      const path = join(folder, 'ari-password');
      await chmod(path, 0o644);
      return { takeOut: () => chmod(path, 0o640) };
    },
  },
  settings('a port is taken, and no service answers', ['CB3004', 'CB8001', 'CB9008'], async () => ({
    CRANKBACK_HTTP_PORT: String(await freePort()),
  })),
  {
    fault: 'a clock that nobody sets',
    found: ['CB9001'],
    byProgram: true,
    put: async (bench) => {
      await bench.clockSays('no');
      return { takeOut: () => bench.clockSays('yes') };
    },
  },
];

/** A WebSocket with the application's name takes it over from the one that has it. */
async function takeApplication({ env }: DoctorBench): Promise<Made> {
  const url = `${env['CRANKBACK_ARI_URL']}/ari/events?app=crankback,crankback-here&api_key=crankback:lab-only-secret`;
  const asked = request(url, {
    headers: {
      ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
      'sec-websocket-key': Buffer.from('crankback-doctor').toString('base64'),
    },
  });
  const opened = once(asked, 'upgrade') as Promise<[unknown, { destroy(): void }]>;
  asked.end();
  const [, socket] = await opened;
  return { takeOut: () => Promise.resolve(socket.destroy()) };
}

/** crankback would bring them back within 5 s, where it may. */
async function forgetVariables(bench: DoctorBench): Promise<Made> {
  await bench.change(replace('ari.conf', 'read_only = no', 'read_only = yes'), ARI);
  await bench.tell('dialplan set global CRANKBACK_SESSION ""');
  const isBack = async (): Promise<true | undefined> =>
    /CRANKBACK_SESSION=\S/.test(await bench.tell('dialplan show globals')) || undefined;
  return {
    takeOut: async () => {
      await bench.change(() => undefined, ARI);
      // Within 5 s, and /ready does not wait for it.
      await waitFor('the variables are there again', isBack, { limitMs: 30_000, everyMs: 100 });
    },
  };
}
