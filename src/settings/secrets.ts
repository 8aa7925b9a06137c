import { quote } from '../policy-file/problems/problems';
import type { SettingProblem } from './setting-problem';

/** Variables whose value may also be in a file, as Docker and Kubernetes mount secrets. */
export const SECRETS: readonly string[] = [
  'CRANKBACK_ARI_PASSWORD',
  'CRANKBACK_ESL_PASSWORD',
  'CRANKBACK_ESL_SECRET',
  'CRANKBACK_HEP_FORWARD_CA',
  'CRANKBACK_HEP_PASSWORD',
  'CRANKBACK_HTTP_READ_TOKEN',
  'CRANKBACK_HTTP_TOKEN',
  'CRANKBACK_REDIS_PASSWORD',
  'CRANKBACK_REDIS_SENTINEL_PASSWORD',
];

/** Variables for the path of a file that contains only the secret. */
export const SECRET_FILES = SECRETS.map((name) => `${name}_FILE`);

/** The given secrets, and the problems of the others; no problem shows a secret. */
export interface ReadSecrets {
  readonly values: ReadonlyMap<string, string>;
  readonly problems: readonly SettingProblem[];
  /** Variables with an unusable file. */
  readonly unreadable: readonly string[];
}

/** `readFile` throws if it cannot read. An empty variable counts as unset. */
export function readSecrets(
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): ReadSecrets {
  const values = new Map<string, string>();
  const problems: SettingProblem[] = [];
  const unreadable: string[] = [];
  for (const name of SECRETS) {
    const secret = readSecret(name, env, readFile);
    if (typeof secret === 'string') values.set(name, secret);
    if (typeof secret !== 'object') continue;
    problems.push(secret);
    unreadable.push(name);
  }
  return { values, problems, unreadable };
}

function readSecret(
  name: string,
  env: Readonly<Record<string, string | undefined>>,
  readFile: (path: string) => string,
): string | SettingProblem | undefined {
  const variable = `${name}_FILE`;
  const path = env[variable];
  if (!path) return env[name] || undefined;
  if (env[name]) {
    const message = `${name} is set as well`;
    return { variable, finding: 'CB2005', message, expected: 'Set one of them' };
  }
  try {
    // Editors and `echo` end a file with a line break that is not part of the secret.
    const secret = readFile(path).replace(/\r?\n$/, '');
    return secret || { variable, finding: 'CB2004', message: `${quote(path)} is empty` };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { variable, finding: 'CB2004', message: `cannot be read: ${reason}` };
  }
}
