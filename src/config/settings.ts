import { quote, sentence } from './problems';
import type { Complaint } from './problems';
import { ariOf, eslOf, missingOfPbxes } from './settings-pbx';
import { settingsSchema, VARIABLES } from './settings-schema';
import { closest } from './suggest';

/** What the service needs to know beside the policy file. */
export interface Settings {
  /** Path of the policy file. */
  readonly policyFile: string;
  /** At least one of Asterisk and FreeSWITCH. */
  readonly ari?: AriSettings;
  readonly esl?: EslSettings;
  /** Where crankback itself listens; port 0 takes any free one. */
  readonly http: { readonly host: string; readonly port: number };
  /** Where the PBX mirrors its SIP to (HEPv3 over UDP); absent where it does not. */
  readonly hep?: {
    readonly host: string;
    readonly port: number;
    /** What every packet must carry. */
    readonly password?: string;
    /** How long a decision that needs mirrored SIP waits for it. Milliseconds. */
    readonly waitMs: number;
  };
  readonly log: {
    readonly format: 'json' | 'readable';
    readonly level: 'error' | 'warn' | 'info' | 'debug';
  };
  /** Whether logs show only the end of telephone numbers. */
  readonly maskNumbers: boolean;
}

export interface AriSettings {
  /** `http://` or `https://`, host and port; no path, no slash at the end. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

export interface EslSettings {
  /** FreeSWITCH's own event socket. */
  readonly host: string;
  readonly port: number;
  readonly password: string;
  /** Where the dialplan's `socket` application reaches us, and from which addresses. */
  readonly listen: {
    readonly host: string;
    readonly port: number;
    readonly peers: readonly string[];
  };
}

/** Command line options as commander hands them over; each wins over its variable. */
export interface SettingFlags {
  readonly policy?: string | undefined;
  readonly ariUrl?: string | undefined;
  readonly httpHost?: string | undefined;
  readonly httpPort?: string | undefined;
}

/** One thing wrong with the settings. Never contains a password. */
export interface SettingProblem extends Complaint {
  /** Name of the environment variable. */
  readonly variable: string;
  /** The command line option that sets the same, such as `--policy`. */
  readonly flag?: string;
}

/** Settings that may be used, or everything that is wrong; warnings stop nothing. */
export type ReadSettings = { readonly warnings: readonly SettingProblem[] } & (
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly SettingProblem[] }
);

type Environment = Readonly<Record<string, string | undefined>>;

/** Each also as `…_FILE`: the path of a file with nothing else in it, as secrets are mounted. */
const PASSWORDS = [
  'CRANKBACK_ARI_PASSWORD',
  'CRANKBACK_ESL_PASSWORD',
  'CRANKBACK_HEP_PASSWORD',
] as const;

const PREFIX = 'CRANKBACK_';
/** Settings of the test lab are its own affair. */
const LAB_PREFIX = 'CRANKBACK_LAB_';

const FLAG_OF: Readonly<Record<string, { option: string; key: keyof SettingFlags }>> = {
  CRANKBACK_POLICY: { option: '--policy', key: 'policy' },
  CRANKBACK_ARI_URL: { option: '--ari-url', key: 'ariUrl' },
  CRANKBACK_HTTP_HOST: { option: '--http-host', key: 'httpHost' },
  CRANKBACK_HTTP_PORT: { option: '--http-port', key: 'httpPort' },
};

/**
 * The service's settings from environment and command line. An empty variable counts as unset,
 * as container tools pass those. `readFile` reads a secret's file and throws where it cannot.
 */
export function readSettings(
  env: Environment,
  flags: SettingFlags,
  readFile: (path: string) => string,
): ReadSettings {
  const warnings = unknownVariables(env);
  const given = new Map(VARIABLES.map((name) => [name as string, valueOf(name, env, flags)]));
  const broken: SettingProblem[] = [];
  for (const name of PASSWORDS) {
    const password = readPassword(name, env, readFile);
    // Something, so that a broken password file is not also reported as a missing password.
    given.set(name, typeof password === 'object' ? 'unreadable' : password);
    if (typeof password === 'object') broken.push(password);
  }

  const result = settingsSchema.safeParse(Object.fromEntries(given));
  const invalid = (result.error?.issues ?? []).map((issue) => {
    const name = String(issue.path[0]);
    return about(name, { message: unexpected(name, given.get(name)), expected: issue.message });
  });
  const missing = missingOfPbxes(given).map(([name, expected]) =>
    about(name, { message: 'missing', expected }),
  );
  const problems = [...invalid, ...missing, ...broken];
  if (!result.success || problems.length > 0) return { ok: false, problems, warnings };

  const data = result.data;
  const ari = ariOf(data);
  const esl = eslOf(data);
  return {
    ok: true,
    warnings,
    settings: {
      policyFile: data.CRANKBACK_POLICY,
      ...(ari && { ari }),
      ...(esl && { esl }),
      http: { host: data.CRANKBACK_HTTP_HOST, port: data.CRANKBACK_HTTP_PORT },
      ...(data.CRANKBACK_HEP_PORT !== undefined && {
        hep: {
          host: data.CRANKBACK_HEP_HOST,
          port: data.CRANKBACK_HEP_PORT,
          waitMs: data.CRANKBACK_HEP_WAIT_MS,
          ...(data.CRANKBACK_HEP_PASSWORD !== undefined && {
            password: data.CRANKBACK_HEP_PASSWORD,
          }),
        },
      }),
      log: { format: data.CRANKBACK_LOG_FORMAT, level: data.CRANKBACK_LOG_LEVEL },
      maskNumbers: data.CRANKBACK_MASK_NUMBERS,
    },
  };
}

/** `CRANKBACK_POLICY (--policy): missing. Expected the path of the policy file` */
export function renderSettingProblem(problem: SettingProblem): string {
  const flag = problem.flag === undefined ? '' : ` (${problem.flag})`;
  return `${problem.variable}${flag}: ${sentence(problem)}`;
}

function about(variable: string, complaint: Complaint): SettingProblem {
  const flag = FLAG_OF[variable]?.option;
  return { variable, ...(flag !== undefined && { flag }), ...complaint };
}

function valueOf(name: string, env: Environment, flags: SettingFlags): string | undefined {
  const key = FLAG_OF[name]?.key;
  // An empty flag was typed by somebody; it must not fall back without a word.
  return (key && flags[key]) ?? (env[name] || undefined);
}

function unexpected(name: string, value: string | undefined): string {
  if (value === undefined) return 'missing';
  // Somebody may have put a password into it.
  if (name === 'CRANKBACK_ARI_URL') return 'not the URL of an ARI server';
  return `unexpected ${quote(value)}`;
}

/** A password from its variable or its file, or why it cannot be had; undefined for neither. */
function readPassword(
  variable: (typeof PASSWORDS)[number],
  env: Environment,
  readFile: (path: string) => string,
): string | SettingProblem | undefined {
  const fileVariable = fileVariableOf(variable);
  const path = env[fileVariable];
  if (!path) return env[variable] || undefined;
  if (env[variable]) {
    return about(fileVariable, {
      message: `${variable} is set as well`,
      expected: 'Set one of them',
    });
  }
  try {
    // Editors and `echo` end a file with a line break that is no part of the password.
    const password = readFile(path).replace(/\r?\n$/, '');
    return password || about(fileVariable, { message: `${quote(path)} is empty` });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return about(fileVariable, { message: `cannot be read: ${reason}` });
  }
}

function fileVariableOf(variable: string): string {
  return `${variable}_FILE`;
}

/** Variables that look like ours and are not: most likely misspelt, and so without effect. */
function unknownVariables(env: Environment): readonly SettingProblem[] {
  const known: readonly string[] = [...VARIABLES, ...PASSWORDS.map(fileVariableOf)];
  // What they all begin with would make any two names look alike.
  const bare = known.map((name) => name.slice(PREFIX.length));
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !name.startsWith(LAB_PREFIX))
    .filter((name) => !known.includes(name))
    .sort()
    .map((name) => {
      const meant = closest(name.slice(PREFIX.length), bare);
      const message = 'unknown variable, ignored';
      return about(name, { message, ...(meant !== undefined && { suggestion: PREFIX + meant }) });
    });
}
