import type { SettingProblem } from './setting-problem';
import type * as z from 'zod';
import { quote } from '../policy-file/problems/problems';
import type { Complaint } from '../policy-file/problems/problems';
import type { RedisSettings } from './redis-settings';
import { readSecrets, SECRET_FILES, SECRETS } from './secrets';
import { missingOfPbxes, pbxesOf, type PbxSettings } from './pbx-settings';
import { pbxesOfFile } from './pbxes-of-file';
import { sharedPlaces } from './shared-places';
import { missingOfHttp } from './http-settings';
import { hepOf, missingOfHep, ownCollector, type HepSettings } from './hep-settings';
import { fleetOf, missingOfFleet, type FleetSettings } from './fleet-settings';
import { isKind, NO_FILE, readSettingsFile, withFile } from './settings-file';
import { PREFIX, settingsSchema, VARIABLES } from './settings-schema';
import { problemsOfTracing, tracingOf, type TracingSettings } from './tracing-settings';
import { closest } from '../policy-file/problems/suggest';

/** The service's settings beside the policy file. */
export interface Settings {
  /** Path of the policy file. */
  readonly policyFile: string;
  /** At least one; each has a name of its own. */
  readonly pbxes: readonly PbxSettings[];
  /** The calls are taken from an instance that is there already. */
  readonly takeOver: boolean;
  /** Where crankback itself listens; port 0 takes any free one. */
  readonly http: { readonly host: string; readonly port: number };
  /** Absent if the PBX does not mirror its SIP. */
  readonly hep?: HepSettings;
  /** Pattern of links to Homer; absent: none are made. See `homerLink`. */
  readonly homerUrl?: string;
  /** Allows changes over HTTP; absent: no changes are allowed. */
  readonly httpToken?: string;
  /** What reading over HTTP needs; absent: nothing, which only loopback allows. */
  readonly httpReadToken?: string;
  /** More names than that of `http.host` that requests may ask for, without port. */
  readonly httpNames: readonly string[];
  /** Where trunk health is shared; absent: this instance keeps its own. */
  readonly redis?: RedisSettings;
  /** Where holds by operators are kept for the next start; absent: nowhere. */
  readonly stateFile?: string;
  /** Where calls are recorded; without a file in memory. */
  readonly journal: {
    readonly file?: string;
    readonly days: number;
    /** Megabytes, of 1,000,000 bytes. */
    readonly megabytes: number;
    /** Several instances are seen as one; only with `redis`. */
    readonly fleet?: FleetSettings;
  };
  readonly log: {
    readonly format: 'json' | 'logfmt' | 'readable';
    /** `<4>` before each line, for journald; `auto`: where standard output goes there. */
    readonly priorities: 'auto' | 'on' | 'off';
    readonly level: 'error' | 'warn' | 'info' | 'debug';
  };
  /** Absent: no traces are made. */
  readonly traces?: TracingSettings;
  /** Whether logs and records mask telephone numbers. */
  readonly maskNumbers: boolean;
}

/** Command line options from commander; each overrides its variable. */
export interface SettingFlags {
  readonly config?: string | undefined;
  readonly policy?: string | undefined;
  readonly ariUrl?: string | undefined;
  readonly httpHost?: string | undefined;
  readonly httpPort?: string | undefined;
  /** Has no variable: it is said once, by whoever stands there. */
  readonly takeOver?: boolean | undefined;
}

/** Usable settings, or all problems; warnings stop nothing. */
export type ReadSettings = { readonly warnings: readonly SettingProblem[] } & (
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly problems: readonly SettingProblem[] }
);

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings of the test lab are not checked here; secrets of alerts are when they are needed. */
const ELSEWHERE = ['CRANKBACK_LAB_', 'CRANKBACK_ALERT_SECRET_'];

const FLAG_OF: Readonly<
  Record<string, { option: string; key: Exclude<keyof SettingFlags, 'takeOver'> }>
> = {
  CRANKBACK_CONFIG: { option: '--config', key: 'config' },
  CRANKBACK_POLICY: { option: '--policy', key: 'policy' },
  CRANKBACK_ARI_URL: { option: '--ari-url', key: 'ariUrl' },
  CRANKBACK_HTTP_HOST: { option: '--http-host', key: 'httpHost' },
  CRANKBACK_HTTP_PORT: { option: '--http-port', key: 'httpPort' },
};

/**
 * Reads the service's settings from command line, environment and `crankback.yaml`; the first that has one counts. An
 * empty variable counts as unset, because container tools pass empty ones. `readFile` reads that file or a secret's and
 * throws if it cannot.
 */
export function readSettings(
  environment: Environment,
  flags: SettingFlags,
  readFile: (path: string) => string,
): ReadSettings {
  const warnings = unknownVariables(environment);
  const config = valueOf('CRANKBACK_CONFIG', environment, flags);
  const file = config === undefined ? NO_FILE : readSettingsFile(config, readFile);
  if (file.problems.length > 0) return { ok: false, problems: file.problems, warnings };
  const env = withFile(environment, file);
  const about = (variable: string, complaint: Parameters<typeof aboutSetting>[1]) => {
    const place = environment[variable] ? undefined : file.placeOf(variable);
    return { ...aboutSetting(variable, complaint), ...(place && { place }) };
  };
  const others = pbxesOfFile(
    file.pbxes.filter(({ name }) => !isKind(name)),
    readFile,
  );
  const secrets = readSecrets(env, readFile);
  const broken = secrets.problems;
  const given = new Map(VARIABLES.map((name) => [name as string, valueOf(name, env, flags)]));
  for (const [name, value] of secrets.values) given.set(name, value);

  const result = settingsSchema.safeParse(Object.fromEntries(given));
  const issues = (result.error?.issues ?? []).filter(
    // A secret with a broken file is not reported as missing too.
    ({ path }) => !secrets.unreadable.includes(String(path[0])),
  );
  const invalid = issues.map((issue) => {
    const name = String(issue.path[0]);
    return about(name, {
      finding: given.get(name) === undefined ? 'CB2001' : 'CB2002',
      message: unexpected(name, given.get(name)),
      expected: issue.message,
    });
  });
  const wanted = [
    ...missingOfPbxes(given, file.pbxes.length > 0).map((one) => ['CB2001', ...one] as const),
    ...missingOfHep(given).map((one) => ['CB2001', ...one] as const),
    ...missingOfHttp(given).map((one) => ['CB2006', ...one] as const),
    ...missingOfFleet(given).map((one) => ['CB2007', ...one] as const),
  ];
  const missing = wanted
    .filter(([, name]) => !secrets.unreadable.includes(name))
    .map(([finding, name, expected]) =>
      aboutSetting(name, { finding, message: 'missing', expected }),
    );
  const ofTracing = problemsOfTracing(env).map(({ variable, ...complaint }) =>
    aboutSetting(variable, { finding: 'CB2002', ...complaint }),
  );
  const problems = [...invalid, ...missing, ...broken, ...ofTracing, ...others.problems];
  if (!result.success || problems.length > 0) return { ok: false, problems, warnings };

  const data = result.data;
  const pbxes = [...pbxesOf(data), ...others.pbxes];
  const doubles = sharedPlaces(pbxes);
  if (doubles.length > 0) return { ok: false, problems: doubles, warnings };
  const hep = hepOf(data);
  const traces = tracingOf(env);
  const own = hep && ownCollector(hep);
  if (own) {
    const problem = about('CRANKBACK_HEP_FORWARD', {
      finding: 'CB2002',
      message: `${quote(own.name)} is crankback's own port: each packet would go round for ever`,
      expected: 'Expected other collectors',
    });
    return { ok: false, problems: [problem], warnings };
  }
  return {
    ok: true,
    warnings,
    settings: {
      policyFile: data.CRANKBACK_POLICY,
      pbxes,
      takeOver: flags.takeOver === true,
      http: { host: data.CRANKBACK_HTTP_HOST, port: data.CRANKBACK_HTTP_PORT },
      ...(hep && { hep }),
      ...(data.CRANKBACK_HOMER_URL !== undefined && { homerUrl: data.CRANKBACK_HOMER_URL }),
      ...(data.CRANKBACK_HTTP_TOKEN !== undefined && { httpToken: data.CRANKBACK_HTTP_TOKEN }),
      ...(data.CRANKBACK_HTTP_READ_TOKEN !== undefined && {
        httpReadToken: data.CRANKBACK_HTTP_READ_TOKEN,
      }),
      httpNames: data.CRANKBACK_HTTP_NAMES ?? [],
      ...(data.CRANKBACK_REDIS_URL && { redis: redisOf(data, data.CRANKBACK_REDIS_URL) }),
      ...(data.CRANKBACK_STATE_FILE !== undefined && { stateFile: data.CRANKBACK_STATE_FILE }),
      journal: {
        ...(data.CRANKBACK_JOURNAL_FILE !== undefined && { file: data.CRANKBACK_JOURNAL_FILE }),
        days: data.CRANKBACK_JOURNAL_DAYS,
        megabytes: data.CRANKBACK_JOURNAL_MB,
        ...(data.CRANKBACK_JOURNAL_FLEET && { fleet: fleetOf(data) }),
      },
      log: {
        format: data.CRANKBACK_LOG_FORMAT,
        level: data.CRANKBACK_LOG_LEVEL,
        priorities: data.CRANKBACK_LOG_PRIORITIES,
      },
      ...(traces && { traces }),
      maskNumbers: data.CRANKBACK_MASK_NUMBERS,
    },
  };
}

/** The problem of a variable, with the flag for the same setting. */
export function aboutSetting(
  variable: string,
  complaint: Complaint & Pick<SettingProblem, 'finding'>,
): SettingProblem {
  const flag = FLAG_OF[variable]?.option;
  return { variable, ...(flag !== undefined && { flag }), ...complaint };
}

function valueOf(name: string, env: Environment, flags: SettingFlags): string | undefined {
  const key = FLAG_OF[name]?.key;
  // An empty flag is kept: it must not silently fall back to the variable.
  return (key && flags[key]) ?? (env[name] || undefined);
}

function unexpected(name: string, value: string | undefined): string {
  if (value === undefined) return 'missing';
  // The value may contain a password.
  if (name === 'CRANKBACK_ARI_URL') return 'not the URL of an ARI server';
  if (name === 'CRANKBACK_REDIS_URL') return 'not the URL of a Redis';
  if (SECRETS.includes(name)) return 'not usable';
  return `unexpected ${quote(value)}`;
}

function redisOf(
  data: z.output<typeof settingsSchema>,
  place: Pick<RedisSettings, 'servers' | 'sentinelName' | 'isCluster' | 'db' | 'tls'>,
): RedisSettings {
  const user = data.CRANKBACK_REDIS_USER;
  const password = data.CRANKBACK_REDIS_PASSWORD;
  const sentinelPassword = data.CRANKBACK_REDIS_SENTINEL_PASSWORD;
  return {
    ...place,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { password }),
    ...(sentinelPassword !== undefined && { sentinelPassword }),
    prefix: data.CRANKBACK_REDIS_PREFIX,
  };
}

/** Variables that look like ours but are unknown: probably misspelt, and without effect. */
function unknownVariables(env: Environment): readonly SettingProblem[] {
  const known: readonly string[] = [...VARIABLES, ...SECRET_FILES];
  // The common prefix would make any two names look similar.
  const bare = known.map((name) => name.slice(PREFIX.length));
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !ELSEWHERE.some((one) => name.startsWith(one)))
    .filter((name) => !known.includes(name))
    .sort()
    .map((name) => {
      const meant = closest(name.slice(PREFIX.length), bare);
      const message = 'unknown variable, ignored';
      return aboutSetting(name, {
        finding: 'CB2003',
        message,
        ...(meant !== undefined && { suggestion: PREFIX + meant }),
      });
    });
}
