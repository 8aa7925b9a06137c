import { existsSync, readdirSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import helmet from 'helmet';

/** The build puts both beside the program. */
const SITE = join(__dirname, 'site');
const DASHBOARD = join(__dirname, 'dashboard');

const SELF = ["'self'"];
/** Pages of files: no page runs what stands in its text, and none asks anybody else for anything. */
const DIRECTIVES = {
  defaultSrc: ["'none'"],
  scriptSrc: SELF,
  styleSrc: SELF,
  imgSrc: SELF,
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

interface Served {
  /** `/docs`, without its slash. */
  readonly at: string;
  readonly folder: string;
  readonly directives: Readonly<Record<string, string[]>>;
}

/**
 * `GET /docs/…`: the documentation, for everybody who may reach this server; it says nothing of any call. Only files that
 * were there at the start are served.
 * @param folder absent: where the build puts it
 */
export function pages(server: FastifyInstance, folder = SITE): void {
  if (!existsSync(join(folder, 'index.html'))) {
    const errors = ['the pages are not built: they come with the packages, or by `npm run site`'];
    server.get('/docs', (_request, reply) => reply.code(404).send({ errors }));
    return;
  }
  serve(server, { at: '/docs', folder, directives: DIRECTIVES });
}

/**
 * `GET /dashboard/…`: the page of the dashboard, which holds no data: it asks version 1 of the API, with the token that
 * its user gives it. `/` leads there.
 * @param folder absent: where the build puts it
 */
export function dashboard(server: FastifyInstance, folder = DASHBOARD): void {
  if (!existsSync(join(folder, 'index.html'))) {
    const errors = ['the dashboard is not built: `npm run build`'];
    server.get('/dashboard', (_request, reply) => reply.code(404).send({ errors }));
    return;
  }
  server.get('/', (_request, reply) => reply.redirect('dashboard/', 302));
  const directives = {
    ...DIRECTIVES,
    connectSrc: SELF,
    // A text can become no markup and no script, whoever wrote the line that tries it.
    requireTrustedTypesFor: ["'script'"],
    trustedTypes: ["'none'"],
  };
  serve(server, { at: '/dashboard', folder, directives });
}

function serve(server: FastifyInstance, { at, folder, directives }: Served): void {
  const secure = helmet({
    contentSecurityPolicy: { useDefaults: false, directives },
    strictTransportSecurity: false,
  });
  const files = filesIn(folder);
  // Relative, for a proxy that shows this server below a path of its own.
  server.get(at, (_request, reply) => reply.redirect(`${at.slice(1)}/`, 308));
  void server.register(async (scope) => {
    scope.addHook('onRequest', (request, reply, done) => {
      // Asked again each time, and sent again only if it has changed.
      reply.header('cache-control', 'no-cache');
      secure(request.raw, reply.raw, () => done());
    });
    await scope.register(fastifyStatic, {
      root: folder,
      prefix: `${at}/`,
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
