import { defence, type Defence } from '../defence';

const SERVER = 'src/http/server.ts';
const TOKEN = 'src/http/token.ts';

export const HTTP: readonly Defence[] = [
  defence('http-host', SERVER, "  server.addHook('onRequest', requireOwnHost(own));\n", ''),
  defence(
    'http-origin',
    'src/http/own-host.ts',
    'if (origin !== undefined && !isSameOrigin(origin, host)) {',
    'if (false) {',
  ),
  defence(
    'http-token',
    TOKEN,
    'else if (sends(request, operate)) done();',
    'else if (true) done();',
  ),
  defence(
    'http-no-token',
    TOKEN,
    'if (operate === undefined) {',
    'if (operate === undefined) done();\n    else if (operate === "") {',
  ),
  defence('http-read-token', TOKEN, 'if (mayRead(request, tokens)) done();', 'if (true) done();'),
  defence(
    'http-read-token-required',
    'src/settings/http-settings.ts',
    'isLoopback(host) || token !== undefined) return [];',
    'true) return [];',
  ),
  defence(
    'http-ready-silent',
    'src/http/readiness.ts',
    '...(mayRead(request) && {',
    '...(true && {',
  ),
  defence(
    'http-token-format',
    'src/settings/settings-schema.ts',
    'return z.string().regex(/^[!-~]{16,256}$/, { error: TOKEN_EXPECTED });',
    'return z.string();',
  ),
  defence('http-body-limit', SERVER, '    bodyLimit: LONGEST_BODY,\n', ''),
  defence(
    'http-body-keys',
    'src/http/trunk-hold.ts',
    'const Body = z.strictObject({',
    'const Body = z.object({',
  ),
  defence('http-request-time', SERVER, '    requestTimeout: requestMs,\n', ''),
  defence('http-header-time', SERVER, 'headersTimeout: requestMs, ', ''),
  defence('http-idle-time', SERVER, '    keepAliveTimeout: idleMs,\n', ''),
  defence('http-stall-time', SERVER, '    connectionTimeout: stallMs,\n', ''),
  defence('http-connections', SERVER, '  server.server.maxConnections = connections;\n', ''),
  defence('http-end', SERVER, '    forceCloseConnections: true,\n', ''),
  defence('http-browser', SERVER, 'secure(request.raw, reply.raw, () => done());', 'done();'),
  defence(
    'http-pages-policy',
    'src/http/pages.ts',
    'scriptSrc: SELF,',
    'scriptSrc: [...SELF, "\'unsafe-inline\'"],',
  ),
  defence(
    'http-pages-listed',
    'src/http/pages.ts',
    "      allowedPath: (path) => files.has(path.endsWith('/') ? `${path}index.html` : path),\n",
    '',
  ),
  defence(
    'http-query',
    'src/http/hunts.ts',
    "    .regex(/^[0-9A-D*#+]{0,32}$/, 'must be a number as dialled: 0-9 A-D * # +')\n",
    '',
  ),
  defence('http-slices', 'src/http/json-list.ts', '    await nextTurn();\n', ''),
  defence(
    'http-decisions-page',
    'src/journal/read/decisions.ts',
    '    if (characters >= PAGE_CHARACTERS) break;\n',
    '',
  ),
  defence(
    'http-errors',
    'src/http/answers.ts',
    '.send({ errors: [why] })',
    '.send({ errors: [String(error)] })',
  ),
  defence(
    'http-reason',
    'src/http/trunk-hold.ts',
    "    .refine(isPrintable, 'must be 1 to 200 printable characters')\n",
    '',
  ),
];
