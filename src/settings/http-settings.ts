import { isIP } from 'node:net';
import { isLoopback } from './loopback';
import { isHostName, TOKEN_EXPECTED } from './settings-schema';

/** Which settings of HTTP are missing, each with what is expected: beyond loopback nobody reads without a token. */
export function missingOfHttp(
  given: ReadonlyMap<string, string | undefined>,
): readonly (readonly [variable: string, expected: string])[] {
  const host = given.get('CRANKBACK_HTTP_HOST');
  const token = given.get('CRANKBACK_HTTP_READ_TOKEN');
  if (host === undefined || isLoopback(host) || token !== undefined) return [];
  // A host that is none is a problem of its own.
  if (isIP(host) === 0 && !isHostName(host)) return [];
  const why = 'because CRANKBACK_HTTP_HOST is not loopback: without it others could read call data';
  return [
    [
      'CRANKBACK_HTTP_READ_TOKEN',
      `${TOKEN_EXPECTED}, or the path of a file with them in CRANKBACK_HTTP_READ_TOKEN_FILE, ${why}`,
    ],
  ];
}
