import { isIP } from 'node:net';
import * as z from 'zod';
import { isHomerUrl } from './homer-url';
import { parseHepCollectors } from './hep-collectors';
import { isCertificates } from './certificates';
import { parseRedisUrl } from './redis-settings';

/** As in parts.ts, the message of every issue says what is expected. */

export const URL_EXPECTED =
  'Expected http:// or https://, host and port, such as http://127.0.0.1:8088; ' +
  'no user, no password, no path';
export const ARI_USER_EXPECTED = "Expected a user of Asterisk's ari.conf";
export const ARI_PASSWORD_EXPECTED =
  "Expected that user's password, or the path of a file with it in CRANKBACK_ARI_PASSWORD_FILE";
export const ESL_PASSWORD_EXPECTED =
  "Expected the password of FreeSWITCH's event_socket.conf.xml, or the path of a file with it in CRANKBACK_ESL_PASSWORD_FILE";
const PEERS_EXPECTED =
  'Expected the addresses from which FreeSWITCH may hand calls over, such as 127.0.0.1,192.0.2.7';
const ESL_SECRET_EXPECTED = 'Expected 16 to 256 characters of A-Z a-z 0-9 _ -';
const HOST_EXPECTED = 'Expected an IP address without brackets, or a host name';
const REDIS_EXPECTED =
  'Expected redis://host:port/db, rediss:// for TLS, redis+sentinel://host:port,host:port/name/db, or redis+cluster://host:port,host:port; ' +
  'no user, no password';
const STATE_EXPECTED =
  'Expected the path of a file of its own that ends in .json, such as /var/lib/crankback/state.json; or off';
const JOURNAL_EXPECTED =
  'Expected the path of a file of its own that ends in .db, such as /var/lib/crankback/journal.db; or off';
const DAYS_EXPECTED = 'Expected 1 to 3650, in days';
const MB_EXPECTED = 'Expected 10 to 1000000, in megabytes';
const FLEET_MB_EXPECTED = 'Expected 1 to 10000, in megabytes of the Redis';
const INSTANCE_EXPECTED = 'Expected 1 to 64 characters of A-Z a-z 0-9 . _ -, such as site-a';
const PREFIX_EXPECTED = 'Expected 1 to 64 characters of A-Z a-z 0-9 : . _ -';
/** Short enough for a header, too long to be guessed. */
export const TOKEN_EXPECTED = 'Expected 16 to 256 visible ASCII characters without spaces';
const NAMES_EXPECTED =
  'Expected host names or IP addresses without port, such as pbx.example.org,192.0.2.7';
const PORT_EXPECTED = 'Expected a port from 0 to 65535; 0 takes any free one';
const COLLECTORS_EXPECTED =
  'Expected up to 8 different collectors such as udp://homer.example.org:9060,tls://192.0.2.60:9061; ' +
  'udp, tcp or tls, host and port, no path';
const CA_EXPECTED =
  'Expected certificates in PEM, or the path of a file with them in CRANKBACK_HEP_FORWARD_CA_FILE';
const HOMER_EXPECTED =
  'Expected http:// or https:// with {callId} behind the host, such as ' +
  'https://homer.example.org/?call_id={callId}&from={from}&to={to}#dashboard; no user, no password';
const WAIT_EXPECTED = 'Expected 0 to 100, in milliseconds';

/** What every variable begins with. */
export const PREFIX = 'CRANKBACK_';

/** All settings as environment variables, with defaults filled in. */
export const settingsSchema = z.object({
  CRANKBACK_CONFIG: text('Expected the path of crankback.yaml').optional(),
  CRANKBACK_POLICY: text('Expected the path of the policy file'),
  // Required without a FreeSWITCH; see `missingOfPbxes`.
  CRANKBACK_ARI_URL: z
    .string({ error: URL_EXPECTED })
    .refine(isBareUrl, { error: URL_EXPECTED })
    .optional(),
  CRANKBACK_ARI_USER: text(ARI_USER_EXPECTED).optional(),
  CRANKBACK_ARI_PASSWORD: text(ARI_PASSWORD_EXPECTED).optional(),
  // Without a host there is no FreeSWITCH.
  CRANKBACK_ESL_HOST: hostName().optional(),
  CRANKBACK_ESL_PORT: port().prefault('8021'),
  CRANKBACK_ESL_PASSWORD: text(ESL_PASSWORD_EXPECTED).optional(),
  CRANKBACK_ESL_LISTEN_HOST: host(),
  CRANKBACK_ESL_LISTEN_PORT: port().prefault('8092'),
  CRANKBACK_ESL_PEERS: z
    .string({ error: PEERS_EXPECTED })
    .transform((list) => list.split(',').map((one) => one.trim()))
    .refine((peers) => peers.every((one) => isIP(one) > 0), { error: PEERS_EXPECTED })
    .prefault('127.0.0.1,::1'),
  CRANKBACK_ESL_SECRET: z
    .string()
    .regex(/^[\w-]{16,256}$/, { error: ESL_SECRET_EXPECTED })
    .optional(),
  CRANKBACK_HTTP_HOST: host(),
  CRANKBACK_HTTP_PORT: port().prefault('8090'),
  CRANKBACK_HEP_HOST: host(),
  // Without a port nothing listens: mirrored SIP is optional, and so is its socket.
  CRANKBACK_HEP_PORT: port().optional(),
  CRANKBACK_HEP_PASSWORD: z.string().optional(),
  CRANKBACK_HEP_FORWARD: z
    .string()
    .transform((text, context) => {
      const parsed = parseHepCollectors(text);
      if (!parsed) context.addIssue({ code: 'custom', message: COLLECTORS_EXPECTED });
      return parsed ?? z.NEVER;
    })
    .optional(),
  CRANKBACK_HEP_FORWARD_CA: z.string().refine(isCertificates, { error: CA_EXPECTED }).optional(),
  CRANKBACK_HEP_FORWARD_DECISIONS: oneOf('true', 'false')
    .transform((word) => word === 'true')
    .prefault('false'),
  CRANKBACK_HOMER_URL: z.string().refine(isHomerUrl, { error: HOMER_EXPECTED }).optional(),
  CRANKBACK_HEP_WAIT_MS: z
    .string({ error: WAIT_EXPECTED })
    .refine((ms) => /^\d{1,3}$/.test(ms) && Number(ms) <= 100, { error: WAIT_EXPECTED })
    .transform(Number)
    .prefault('5'),
  CRANKBACK_HTTP_TOKEN: token().optional(),
  CRANKBACK_HTTP_READ_TOKEN: token().optional(),
  CRANKBACK_HTTP_NAMES: z
    .string({ error: NAMES_EXPECTED })
    .transform((list) => list.split(',').map((one) => one.trim()))
    .refine((names) => names.every((one) => isIP(one) > 0 || isHostName(one)), {
      error: NAMES_EXPECTED,
    })
    .optional(),
  CRANKBACK_REDIS_URL: z
    .string()
    .transform((url, context) => {
      const parsed = parseRedisUrl(url);
      if (!parsed) context.addIssue({ code: 'custom', message: REDIS_EXPECTED });
      return parsed ?? z.NEVER;
    })
    .optional(),
  CRANKBACK_REDIS_USER: text("Expected a user of Redis's ACL").optional(),
  CRANKBACK_REDIS_PASSWORD: text("Expected Redis's password").optional(),
  CRANKBACK_REDIS_SENTINEL_PASSWORD: text("Expected the Sentinels' password").optional(),
  CRANKBACK_REDIS_PREFIX: z
    .string()
    .regex(/^[\w:.-]{1,64}$/, { error: PREFIX_EXPECTED })
    .prefault('crankback:'),
  CRANKBACK_STATE_FILE: z
    .string()
    .transform((path) => (path === 'off' ? undefined : path))
    // So that no file of another kind is renamed when it is no state.
    .refine((path) => path === undefined || /[^/]\.json$/.test(path), { error: STATE_EXPECTED })
    .prefault('/var/lib/crankback/state.json'),
  CRANKBACK_JOURNAL_FILE: z
    .string()
    .transform((path) => (path === 'off' ? undefined : path))
    // So that no file of another kind is put aside when it is no journal.
    .refine((path) => path === undefined || /[^/]\.db$/.test(path), { error: JOURNAL_EXPECTED })
    .prefault('/var/lib/crankback/journal.db'),
  CRANKBACK_JOURNAL_DAYS: count(DAYS_EXPECTED, 1, 3650).prefault('30'),
  CRANKBACK_JOURNAL_MB: count(MB_EXPECTED, 10, 1_000_000).prefault('1024'),
  CRANKBACK_JOURNAL_FLEET: oneOf('true', 'false')
    .transform((word) => word === 'true')
    .prefault('false'),
  CRANKBACK_JOURNAL_FLEET_MB: count(FLEET_MB_EXPECTED, 1, 10_000).prefault('64'),
  CRANKBACK_INSTANCE: z
    .string()
    .regex(/^[\w.-]{1,64}$/, { error: INSTANCE_EXPECTED })
    .optional(),
  CRANKBACK_LOG_FORMAT: oneOf('json', 'logfmt', 'readable').prefault('readable'),
  CRANKBACK_LOG_PRIORITIES: oneOf('auto', 'on', 'off').prefault('auto'),
  CRANKBACK_LOG_LEVEL: oneOf('error', 'warn', 'info', 'debug').prefault('info'),
  CRANKBACK_MASK_NUMBERS: oneOf('true', 'false')
    .transform((word) => word === 'true')
    .prefault('false'),
});

/** Every setting that is a variable of its own. */
export const VARIABLES = settingsSchema.keyof().options;

/** Access to the port allows reading or sending call data, so other addresses must be configured. */
function host() {
  return hostName().prefault('127.0.0.1');
}

function hostName() {
  return z
    .string({ error: HOST_EXPECTED })
    .refine((name) => isIP(name) > 0 || isHostName(name), { error: HOST_EXPECTED });
}

function port() {
  return z
    .string({ error: PORT_EXPECTED })
    .refine((number) => /^\d{1,5}$/.test(number) && Number(number) <= 65535, {
      error: PORT_EXPECTED,
    })
    .transform(Number);
}

function count(error: string, least: number, most: number) {
  return z
    .string({ error })
    .refine((text) => /^\d{1,7}$/.test(text) && Number(text) >= least && Number(text) <= most, {
      error,
    })
    .transform(Number);
}

function token() {
  return z.string().regex(/^[!-~]{16,256}$/, { error: TOKEN_EXPECTED });
}

function text(expected: string) {
  return z.string({ error: expected }).min(1, { error: expected });
}

function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words, { error: `Expected ${words.join(', ')}`.replace(/, (\w+)$/, ' or $1') });
}

/** ari-client uses protocol, host and port of a URL and silently drops the rest. */
function isBareUrl(written: string): boolean {
  if (!URL.canParse(written)) return false;
  const url = new URL(written);
  const bare = url.username + url.password + url.search + url.hash === '' && url.pathname === '/';
  // `http://:@host` and `http://host?` pass the check above.
  return bare && !/[@?#\s]/.test(written) && /^https?:\/\//.test(written);
}

export function isHostName(host: string): boolean {
  return (
    host.length <= 253 &&
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i.test(host)
  );
}
