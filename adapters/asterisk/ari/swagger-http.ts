import { SwaggerHttp, type SwaggerRequest } from 'swagger-client';
import { AriError } from './http';
import type { AriRest } from './rest';

/** The reader of a server's API descriptions for ari-client, by the server's host and port. */
const readers = new Map<string, AriRest>();

// swagger-client's own HTTP has no time-out and throws errors where they cannot be caught.
SwaggerHttp.prototype.execute = ({ url, on }) => void readDescription(url, on);

// swagger-client 2.0.26 logs to the console through a global that it creates on loading, and keeps
// everything it ever logged.
Reflect.set(globalThis, 'log', () => undefined);

/** From now on our own requests fetch ari-client's API descriptions of this host. */
export function readDescriptionsBy(host: string, rest: AriRest): void {
  readers.set(host, rest);
}

async function readDescription(url: string, on: SwaggerRequest['on']): Promise<void> {
  try {
    // Asterisk writes http:// into its descriptions even if asked over https.
    const { host, pathname } = new URL(url);
    const reader = readers.get(host);
    if (!reader) throw new Error(`unexpected address ${url}`);
    on.response({
      obj: await reader.apiDescription(pathname.slice(pathname.indexOf('/api-docs/'))),
    });
  } catch (error) {
    const status = error instanceof AriError ? error.status : undefined;
    try {
      on.error({ status, statusText: error instanceof Error ? error.message : String(error) });
    } catch {
      // It throws the error again after reporting it.
    }
  }
}
