import { named, type Named } from '../../../src/findings/named';
import { AriError } from './http';
import { isReadOnly, readOnlyText, type DecidingPolicy } from './read-only';

/** An error as a sentence that names the wrong setting, if there is one. */
export function connectionErrorText(
  error: unknown,
  options: { readonly user: string },
  policy: DecidingPolicy,
): Named {
  if (error instanceof AriError && error.status === 404) {
    return named(
      'CB3003',
      'CRANKBACK_ARI_URL: there is a web server, but no ARI: check the address, that ari.conf has one [general] and no more, and enabled = yes in it',
    );
  }
  if (isReadOnly(error)) return readOnlyText(options.user, policy);
  if (error instanceof AriError && error.status === 401) {
    return named(
      'CB3002',
      `CRANKBACK_ARI_USER, CRANKBACK_ARI_PASSWORD: Asterisk refused user ${JSON.stringify(options.user)} with this password; both must be as in ari.conf`,
    );
  }
  const why = error instanceof Error ? error.message : String(error);
  return named(isUnreachable(error) ? 'CB3001' : 'CB3010', why);
}

/** Nothing answers there at all, in contrast to an Asterisk that answers wrongly or too late. */
function isUnreachable(error: unknown): boolean {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = (cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && UNREACHABLE.has(code);
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);
