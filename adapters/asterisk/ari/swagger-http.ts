import { createRequire } from 'node:module';
import { AriError } from './http';
import type { AriRest } from './rest';

/** Who reads the API descriptions of a server for ari-client, by the server's host and port. */
const readers = new Map<string, AriRest>();

interface SwaggerRequest {
  readonly url: string;
  readonly on: {
    response(response: { obj: object }): void;
    error(response: { status: number | undefined; statusText: string }): void;
  };
}

// swagger-client's own HTTP throws what goes wrong where nobody can catch it, and has no time-out.
const swagger = createRequire(require.resolve('ari-client'))('swagger-client') as {
  SwaggerHttp: { prototype: { execute(request: SwaggerRequest): void } };
};
swagger.SwaggerHttp.prototype.execute = ({ url, on }) => void readDescription(url, on);

// swagger-client 2.0.26 logs to the console through a global that it makes when it is loaded, and keeps
// all it ever logged.
Reflect.set(globalThis, 'log', () => undefined);

/** From now on ari-client's API descriptions of this host come by our own requests. */
export function readDescriptionsBy(host: string, rest: AriRest): void {
  readers.set(host, rest);
}

async function readDescription(url: string, on: SwaggerRequest['on']): Promise<void> {
  try {
    // Asterisk writes http:// into its descriptions also where it is asked by https.
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
      // It throws once more what it has just reported.
    }
  }
}
