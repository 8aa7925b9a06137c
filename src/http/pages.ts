import { existsSync, readdirSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

/** The build puts the documentation beside the program. */
const FOLDER = join(__dirname, 'site');

const SELF = ["'self'"];
/** Pages of files: no page runs what stands in its text, and none asks anybody else for anything. */
const secure = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: SELF,
      styleSrc: SELF,
      imgSrc: SELF,
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
  strictTransportSecurity: false,
});

/**
 * `GET /docs/…`: the documentation, for everybody who may reach this server; it says nothing of any call. Only files that
 * were there at the start are served.
 * @param folder absent: where the build puts it
 */
export function pages(server: FastifyInstance, folder = FOLDER): void {
  if (!existsSync(join(folder, 'index.html'))) {
    const errors = ['the pages are not built: they come with the packages, or by `npm run site`'];
    server.get('/docs', (_request, reply) => reply.code(404).send({ errors }));
    return;
  }
  const files = filesIn(folder);
  // Relative, for a proxy that shows this server below a path of its own.
  server.get('/docs', (_request, reply) => reply.redirect('docs/', 308));
  void server.register(async (scope) => {
    scope.addHook('onRequest', (request, reply, done) => {
      // Asked again each time, and sent again only if it has changed.
      reply.header('cache-control', 'no-cache');
      secure(request.raw, reply.raw, () => done());
    });
    await scope.register(fastifyStatic, {
      root: folder,
      prefix: '/docs/',
      cacheControl: false,
      decorateReply: false,
      allowedPath: (path) => files.has(path.endsWith('/') ? `${path}index.html` : path),
    });
  });
}

/** Every file as a path of a request: `/problems/index.html`. */
function filesIn(folder: string): ReadonlySet<string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Set(
    entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) =>
        posix.join('/', join(parentPath, name).slice(folder.length).replaceAll(sep, '/')),
      ),
  );
}
