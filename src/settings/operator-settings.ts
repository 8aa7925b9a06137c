import { isIPv6 } from 'node:net';
import { NO_FILE, readSettingsFile, withFile } from './settings-file';
import { readSecrets } from './secrets';
import { aboutSetting, type SettingFlags } from './settings';
import { renderSettingProblem } from './setting-problem';
import { settingsSchema } from './settings-schema';

/** What a command needs to connect to the running service. */
export interface OperatorSettings {
  /** `http://host:port`, no slash at the end. */
  readonly url: string;
  /** For changes, and for reading as well. */
  readonly token?: string;
  /** For reading alone. */
  readonly readToken?: string;
}

export type ReadOperatorSettings =
  | { readonly ok: true; readonly settings: OperatorSettings }
  | { readonly ok: false; readonly problems: readonly string[] };

const schema = settingsSchema.pick({
  CRANKBACK_HTTP_HOST: true,
  CRANKBACK_HTTP_PORT: true,
  CRANKBACK_HTTP_TOKEN: true,
  CRANKBACK_HTTP_READ_TOKEN: true,
});

/** Reads the same variables and flags as the service, so that one environment serves both. */
export function readOperatorSettings(
  environment: Readonly<Record<string, string | undefined>>,
  flags: Pick<SettingFlags, 'httpHost' | 'httpPort'>,
  readFile: (path: string) => string,
): ReadOperatorSettings {
  const config = environment.CRANKBACK_CONFIG;
  const file = config ? readSettingsFile(config, readFile) : NO_FILE;
  const env = withFile(environment, file);
  const secrets = readSecrets(
    {
      CRANKBACK_HTTP_TOKEN: env.CRANKBACK_HTTP_TOKEN,
      CRANKBACK_HTTP_TOKEN_FILE: env.CRANKBACK_HTTP_TOKEN_FILE,
      CRANKBACK_HTTP_READ_TOKEN: env.CRANKBACK_HTTP_READ_TOKEN,
      CRANKBACK_HTTP_READ_TOKEN_FILE: env.CRANKBACK_HTTP_READ_TOKEN_FILE,
    },
    readFile,
  );
  const result = schema.safeParse({
    CRANKBACK_HTTP_HOST: flags.httpHost ?? (env.CRANKBACK_HTTP_HOST || undefined),
    CRANKBACK_HTTP_PORT: flags.httpPort ?? (env.CRANKBACK_HTTP_PORT || undefined),
    CRANKBACK_HTTP_TOKEN: secrets.values.get('CRANKBACK_HTTP_TOKEN'),
    CRANKBACK_HTTP_READ_TOKEN: secrets.values.get('CRANKBACK_HTTP_READ_TOKEN'),
  });
  const invalid = (result.error?.issues ?? []).map(({ path, message }) =>
    renderSettingProblem(
      aboutSetting(String(path[0]), {
        finding: 'CB2002',
        message: 'not usable',
        expected: message,
      }),
    ),
  );
  const problems = [
    ...file.problems.map(renderSettingProblem),
    ...invalid,
    ...secrets.problems.map(renderSettingProblem),
  ];
  if (!result.success || problems.length > 0) return { ok: false, problems };
  const { CRANKBACK_HTTP_HOST: host, CRANKBACK_HTTP_PORT: port } = result.data;
  const { CRANKBACK_HTTP_TOKEN: token, CRANKBACK_HTTP_READ_TOKEN: readToken } = result.data;
  const url = `http://${reachable(host)}:${port}`;
  return {
    ok: true,
    settings: {
      url,
      ...(token !== undefined && { token }),
      ...(readToken !== undefined && { readToken }),
    },
  };
}

/** The service may listen on every address, which is no address to connect to. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIPv6(host) ? `[${host}]` : host;
}
